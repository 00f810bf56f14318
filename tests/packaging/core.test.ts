// The core is all that knows resources without Pulumi: a front door for another engine loads nothing else.
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

describe("the core does not load Pulumi's SDK", () => {
  const CORE: Record<string, string> = {
    "the client": 'require("./client");',
    ...Object.fromEntries(
      resourceTypes.map((type) => [
        `the definition of ${type}`,
        `require("./resources/registry").definitionOf(${JSON.stringify(type)});`,
      ]),
    ),
    "the definitions of functions": 'require("./functions/definitions");',
  };
  for (const [part, lines] of Object.entries(CORE)) {
    it(part, () => {
      const packages = packagesAfter(lines);
      assert.deepEqual(
        packages.filter((name) => name.startsWith("@pulumi/")),
        [],
      );
    });
  }

  it("although the classes do, so that this would be seen", () => {
    assert.ok(packagesAfter('require("./index");').includes("@pulumi/pulumi"));
  });
});
