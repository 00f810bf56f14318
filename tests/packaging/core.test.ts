// The core contains everything that handles resources without Pulumi. An adapter for another engine would load
// nothing else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { resourceTypes } from "../../provider/src/resources/registry";

const DIST = join(__dirname, "../../provider/dist");

/** The packages that a fresh process has loaded after these lines. */
function packagesAfter(lines: string): string[] {
  const program = `${lines}
    const packages = Object.keys(require.cache).flatMap((file) => {
      const parts = file.split(/[\\\\/]node_modules[\\\\/]/);
      return parts.length > 1 ? [parts.at(-1).split(/[\\\\/]/).slice(0, 2).join("/")] : [];
    });
    console.log(JSON.stringify([...new Set(packages)]));`;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", program], { cwd: DIST, encoding: "utf8" }),
  ) as string[];
}

describe("the core", () => {
  const CORE: Record<string, string> = {
    "the client": 'require("./client");',
    ...Object.fromEntries(
      resourceTypes.map((type) => [
        `the definition of ${type}`,
        `require("./resources/registry").definitionOf(${JSON.stringify(type)});`,
      ]),
    ),
    "the definitions of functions": 'require("./functions/definitions");',
    "the command line": 'require("../../cli/dist/index.js").createProgram();',
  };
  for (const [part, lines] of Object.entries(CORE)) {
    it(`loads ${part} without Pulumi's SDK`, () => {
      const packages = packagesAfter(lines);
      assert.deepEqual(
        packages.filter((name) => name.startsWith("@pulumi/")),
        [],
      );
    });
  }

  it("loads the SDK with the classes, so that the other tests can detect it", () => {
    assert.ok(packagesAfter('require("./index");').includes("@pulumi/pulumi"));
  });
});
