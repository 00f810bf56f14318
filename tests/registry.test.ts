// A resource in the registry has to be in many other places. Each test names a missing one.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as provider from "../provider/src";
import { definitionOf, resourceTypes } from "../provider/src/resources/registry";
import { samplesWith } from "./badInput/samples";
import { lifecycles } from "./contract/lifecycles";
import { SCENARIOS } from "./reliability/scenarios";
import { pageOf, programTypes } from "./support/programTypes";

const ROOT = join(__dirname, "..");

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const exists = (file: string): boolean => existsSync(join(ROOT, file));
const fileOf = (type: string): string => type[0]?.toLowerCase() + type.slice(1);
const hasRow = (file: string, type: string): boolean => new RegExp(`^\\|.*\`${type}\``, "m").test(read(file));
const declares = (file: string, type: string): boolean =>
  new RegExp(`new \\w+\\.${type}\\(`).test(read(file));
const exported = provider as Record<string, unknown>;
const isClass = (value: unknown): boolean => typeof value === "function" && "get" in value;

const examples = readdirSync(join(ROOT, "examples"))
  .map((folder) => `examples/${folder}/index.ts`)
  .filter(exists);
const engineTests = readdirSync(join(ROOT, "tests/engine")).map((file) => `tests/engine/${file}`);

/** For every resource. */
const PLACES: Record<string, (type: string) => boolean> = {
  "a test tests/resources/<name>.test.ts": (type) => exists(`tests/resources/${fileOf(type)}.test.ts`),
  "a sample in tests/badInput/samples.ts": (type) =>
    samplesWith("certificate").some(({ definition }) => definition.type === type),
  "a scenario in tests/reliability/scenarios.ts": (type) =>
    SCENARIOS.some(({ types }) => types.some((each) => each === type)),
};

/** For every resource that a program declares. */
const PROGRAM_PLACES: Record<string, (type: string) => boolean> = {
  "a class that provider/src/index.ts exports": (type) => isClass(exported[type]),
  "a case in tests/resources/classes.test.ts": (type) =>
    read("tests/resources/classes.test.ts").includes(`kind: "${type}"`),
  "its arguments in tests/resources/arguments.test.ts": (type) =>
    new RegExp(`describe\\("arguments of an? ${type}"`).test(read("tests/resources/arguments.test.ts")),
  "a program in tests/types/arguments.ts": (type) => declares("tests/types/arguments.ts", type),
  "a life in tests/contract/lifecycles.ts": (type) =>
    lifecycles.some(({ name }) => name.split(" ")[0] === type),
  "a test of its life in tests/engine/": (type) =>
    engineTests.some((file) =>
      new RegExp(`^describe\\(".*\\b${type}\\b.* on the engine"`, "m").test(read(file)),
    ),
  "a place among the planted secrets in tests/support/plantedStack.ts": (type) =>
    declares("tests/support/plantedStack.ts", type),
  "a place in the recorded program in tests/upgrade/record.ts": (type) =>
    declares("tests/upgrade/record.ts", type),
  "an example below examples/": (type) => examples.some((file) => declares(file, type)),
  "a row in README.md": (type) => hasRow("README.md", type),
  "a row in provider/README.md": (type) => hasRow("provider/README.md", type),
  "a row in docs/import.md": (type) => hasRow("docs/import.md", type),
  "a page docs/resources/<name>.md": (type) => exists(`docs/resources/${pageOf(type)}.md`),
};

describe("each resource in the registry", () => {
  for (const type of resourceTypes) {
    it(`${type} has a definition with this type`, () => assert.equal(definitionOf(type).type, type));
    const places = Object.entries({ ...PLACES, ...(programTypes.includes(type) && PROGRAM_PLACES) });
    for (const [place, isThere] of places) {
      it(`${type} has ${place}`, () =>
        assert.ok(isThere(type), `${type} is in the registry, but lacks ${place}`));
    }
  }

  it("contains each folder of provider/src/resources/ and each class that provider/src/index.ts exports", () => {
    const folders = readdirSync(join(ROOT, "provider/src/resources"), { withFileTypes: true });
    const registered = resourceTypes.map(fileOf);
    const found = [
      ...folders.filter((entry) => entry.isDirectory()).map(({ name }) => name),
      ...Object.keys(exported)
        .filter((name) => isClass(exported[name]))
        .map(fileOf),
    ];
    for (const name of found) assert.ok(registered.includes(name), `${name} is not in resources/registry.ts`);
  });

  for (const type of resourceTypes) {
    it(`${type} has a migration if the format of its state has changed`, () => {
      const definition = definitionOf(type);
      assert.ok(definition.stateVersion === 1 || "migrate" in definition, `${type} lacks migrate`);
    });
  }

  it("refuses an unknown name", () => {
    for (const name of ["", "Repo", "toString", "__proto__"]) {
      assert.throws(() => definitionOf(name), {
        message: `This release of pulumi-huggingface has no resource ${name}. The state was written by another release: install that release or a later one.`,
      });
    }
  });
});
