// The structure of the sources: no import cycles between files or folders, and no file that is too long to read.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, sep } from "node:path";
import * as ts from "typescript";

const SOURCES = join(__dirname, "../../provider/src");
const MAX_LINES = 400;

/** Each layer imports only itself and earlier layers. */
const LAYERS = ["client", "model", "rules", "hub", "resources", "dynamic"];
/** The files that may import Pulumi's SDK: the entry points for dynamic resources and for programs, and the classes. */
const WITH_PULUMI = /^(?:program|functions|dynamic)\/|^resources\/\w+\/index\.ts$/;

type Graph = Map<string, Set<string>>;

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"));
const textOf = (file: string): string => readFileSync(join(SOURCES, file), "utf8");

/** The other source files that a file imports, also only for types, by import, export, `require` or `import()`. */
function importsOf(file: string, text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith(".") && !name.endsWith(".json"))
    .map((name) => {
      const path = posix.join(posix.dirname(file), name);
      const found = [`${path}.ts`, posix.join(path, "index.ts")].find((each) => files.includes(each));
      assert.ok(found, `${file} imports ${name}, which does not exist`);
      return found;
    });
}

/** The first cycle found along the imports. */
function circleIn(graph: Graph): string[] {
  const done = new Set<string>();
  const walk = (node: string, path: string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const circle = walk(next, [...path, node]);
      if (circle.length > 0) return circle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const circle = walk(node, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

/** The same graph between the groups of the files. */
function groupedBy(graph: Graph, groupOf: (file: string) => string): Graph {
  const grouped: Graph = new Map();
  for (const [file, imports] of graph) {
    const group = groupOf(file);
    const others = grouped.get(group) ?? new Set();
    for (const each of imports) if (groupOf(each) !== group) others.add(groupOf(each));
    grouped.set(group, others);
  }
  return grouped;
}

describe("the provider's sources", () => {
  const graph: Graph = new Map(files.map((file) => [file, new Set(importsOf(file, textOf(file)))]));

  it("are all found by this test, with their imports", () => {
    assert.ok(files.length > 80, `${files.length} files`);
    assert.deepEqual(
      importsOf(
        "model/it.ts",
        `import { a } from "./diff"; import type { b } from "../client"; export * from "./plain";
         const c = require("./unknown") as typeof import("./fields");`,
      ).sort(),
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

  it("have no import cycle", () => assert.deepEqual(circleIn(graph), []));

  it("have no import cycle between folders", () => {
    assert.deepEqual(circleIn(groupedBy(graph, (file) => file.split("/")[0] as string)), []);
  });

  it("import only their own layer and lower ones", () => {
    const layerOf = (file: string): number => LAYERS.indexOf(file.split("/")[0] as string);
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
    const importers = files.filter((file) => /["']@pulumi\/pulumi["'/]/.test(textOf(file)));
    assert.ok(importers.length > 5);
    assert.deepEqual(
      importers.filter((file) => !WITH_PULUMI.test(file)),
      [],
    );
  });

  it("have no import cycle between layers and resources", () => {
    const groupOf = (file: string): string =>
      file.startsWith("resources/") ? posix.dirname(file) : (file.split("/")[0] as string);
    assert.deepEqual(circleIn(groupedBy(graph, groupOf)), []);
  });

  it(`have at most ${MAX_LINES} lines each`, () => {
    const long = files
      .map((file) => ({ file, lines: textOf(file).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ file, lines }) => `${file}: ${lines} lines`);
    assert.deepEqual(long, []);
  });
});
