// The structure of the sources: no import cycles between files or folders, and no file that is too long to read.
import assert from "node:assert/strict";
import { posix } from "node:path";
import { circleIn, groupedBy, Sources } from "../support/imports";

const MAX_LINES = 400;

/** Each layer of the provider imports only itself and earlier layers. */
const LAYERS = ["client", "model", "rules", "hub", "resources", "dynamic"];
/** The provider's files that may import Pulumi's SDK: the entry points for dynamic resources and for programs, and the classes. */
const WITH_PULUMI = /^(?:program|functions|dynamic)\/|^resources\/\w+\/index\.ts$/;

/** What the command line may import from the provider: the parts that need no Pulumi SDK, and the version. */
const FROM_PROVIDER = ["client", "core", "package.json"].map((part) => `pulumi-huggingface/${part}`);
/** The files of the command line that may import the parser of its arguments. */
const WITH_PARSER = /^(?:commands|completion|output)\/|^(?:connection|duration|program)\.ts$/;

const topFolder = (file: string): string => file.split("/")[0] as string;

/** The first two folders of a file, or the file itself if it is not that deep. */
const subfolder = (file: string): string => file.split("/").slice(0, 2).join("/");

for (const [folder, least] of [
  ["provider", 80],
  ["cli", 50],
] as const) {
  describe(`the sources of ${folder}`, () => {
    const sources = new Sources(folder);
    const graph = sources.graph();

    it("are all found by this test", () => {
      assert.ok(sources.files.length > least, `${sources.files.length} files`);
    });

    it("have no import cycle", () => assert.deepEqual(circleIn(graph), []));

    it("have no import cycle between folders", () => {
      assert.deepEqual(circleIn(groupedBy(graph, topFolder)), []);
    });

    it("have no import cycle between a subfolder and the files next to it", () => {
      assert.deepEqual(circleIn(groupedBy(graph, subfolder)), []);
    });

    it(`have at most ${MAX_LINES} lines each`, () => {
      const long = sources.files
        .map((file) => ({ file, lines: sources.textOf(file).trimEnd().split("\n").length }))
        .filter(({ lines }) => lines > MAX_LINES)
        .map(({ file, lines }) => `${file}: ${lines} lines`);
      assert.deepEqual(long, []);
    });
  });
}

describe("the layers of the provider", () => {
  const sources = new Sources("provider");
  const graph = sources.graph();

  it("are found with all their imports", () => {
    assert.deepEqual(
      sources
        .importsOf(
          "model/it.ts",
          `import { a } from "./diff"; import type { b } from "../client"; export * from "./plain.js";
         const c = require("./unknown") as typeof import("./fields");`,
        )
        .sort(),
      ["client/index.ts", "model/diff.ts", "model/fields.ts", "model/plain.ts", "model/unknown.ts"],
    );
    assert.deepEqual(
      circleIn(
        new Map([
          ["a", new Set(["b"])],
          ["b", new Set(["c"])],
          ["c", new Set(["b"])],
        ]),
      ),
      ["b", "c", "b"],
    );
  });

  it("import only their own layer and lower ones", () => {
    const layerOf = (file: string): number => LAYERS.indexOf(topFolder(file));
    const upward = [...graph].flatMap(([file, imports]) =>
      [...imports]
        .filter((each) => layerOf(file) >= 0 && layerOf(each) > layerOf(file))
        .map((each) => `${file} imports ${each}`),
    );
    assert.deepEqual(upward, []);
  });

  it("import the entry points for programs only in classes", () => {
    const doors = /^(?:program|functions)\//;
    const core = [...graph].filter(
      ([file]) => !doors.test(file) && !/^(?:index|resources\/\w+\/index)\.ts$/.test(file),
    );
    assert.deepEqual(
      core.flatMap(([file, imports]) =>
        [...imports]
          .filter((each) => doors.test(each) && !each.endsWith("/definitions.ts"))
          .map((each) => `${file} imports ${each}`),
      ),
      [],
    );
  });

  it("import Pulumi's SDK only outside the core", () => {
    const importers = sources.files.filter((file) => /["']@pulumi\/pulumi["'/]/.test(sources.textOf(file)));
    assert.ok(importers.length > 5);
    assert.deepEqual(
      importers.filter((file) => !WITH_PULUMI.test(file)),
      [],
    );
  });

  it("have no import cycle between layers and resources", () => {
    const groupOf = (file: string): string =>
      file.startsWith("resources/") ? posix.dirname(file) : topFolder(file);
    assert.deepEqual(circleIn(groupedBy(graph, groupOf)), []);
  });
});

describe("the layers of the command line", () => {
  const sources = new Sources("cli");
  const imports = sources.files.flatMap((file) => sources.modulesIn(file).map((name) => ({ file, name })));
  const importsMatching = (names: RegExp) => imports.filter(({ name }) => names.test(name));

  it("import only the client and the core of the provider", () => {
    const fromProvider = importsMatching(/^pulumi-huggingface(?:\/|$)/);
    assert.ok(fromProvider.length > 20);
    assert.deepEqual(
      fromProvider.filter(({ name }) => !FROM_PROVIDER.includes(name)),
      [],
    );
  });

  it("do not import Pulumi's SDK", () => assert.deepEqual(importsMatching(/^@pulumi\//), []));

  it("import the parser of the arguments only outside the features", () => {
    const users = importsMatching(/^commander$/);
    assert.ok(users.length > 8);
    assert.deepEqual(
      users.filter(({ file }) => !WITH_PARSER.test(file)),
      [],
    );
  });
});
