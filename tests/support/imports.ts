// How the source files of a package import each other and other packages.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix } from "node:path";
import * as ts from "typescript";
import { readText, ROOT } from "./lockfile";

/** The files that each file imports, or the groups that each group imports. */
export type Graph = Map<string, Set<string>>;

/** The source files of a package, with their paths from its folder `src`. */
export class Sources {
  readonly files: readonly string[];

  constructor(private readonly folder: string) {
    this.files = writtenFiles(`${folder}/src`, /\.ts$/).map((file) => file.slice(`${folder}/src/`.length));
  }

  textOf(file: string): string {
    return readText(`${this.folder}/src/${file}`);
  }

  /** The names in all imports of a file, also only for types. Relative paths are unchanged. */
  modulesIn(file: string): string[] {
    return importedModules(`${this.folder}/src/${file}`);
  }

  graph(): Graph {
    return new Map(this.files.map((file) => [file, new Set(this.importsOf(file, this.textOf(file)))]));
  }

  /** The other source files that a file imports, also only for types, by import, export, `require` or `import()`. */
  importsOf(file: string, text: string): string[] {
    const { importedFiles } = ts.preProcessFile(text, true, true);
    return importedFiles
      .map(({ fileName }) => fileName)
      .filter((name) => name.startsWith(".") && !name.endsWith(".json"))
      .map((name) => {
        const path = posix.join(posix.dirname(file), name.replace(/\.js$/, ""));
        const found = [`${path}.ts`, posix.join(path, "index.ts")].find((each) => this.files.includes(each));
        assert.ok(found, `${file} imports ${name}, which is not a source file of this package`);
        return found;
      });
  }
}

/** The first cycle found along the imports. */
export function circleIn(graph: Graph): string[] {
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
export function groupedBy(graph: Graph, groupOf: (file: string) => string): Graph {
  const grouped: Graph = new Map();
  for (const [file, imports] of graph) {
    const group = groupOf(file);
    const others = grouped.get(group) ?? new Set();
    for (const each of imports) if (groupOf(each) !== group) others.add(groupOf(each));
    grouped.set(group, others);
  }
  return grouped;
}

/** The hand-written files of a folder, with their paths from the root. */
export function writtenFiles(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => ending.test(file) && !/node_modules|\/dist\//.test(file));
}

/** The packages that a file imports or requires, in any way. */
export function importedPackages(file: string): string[] {
  return importedModules(file)
    .filter((name) => !name.startsWith(".") && !isBuiltin(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

function importedModules(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const from = ts.isCallExpression(node)
      ? // A module that is looked up from another package's folder belongs to that package.
        loads(node.expression) && node.arguments.length === 1 && node.arguments[0]
      : ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isExternalModuleReference(node)
          ? node.expression
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && node.argument.literal;
    if (from && ts.isStringLiteralLike(from)) names.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest));
  return names;
}

/** Whether a call of this expression loads a module: `import`, `require`, `require.resolve`. */
function loads(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  const called = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  return ts.isIdentifier(called) && called.text === "require";
}
