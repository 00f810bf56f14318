// The files of the project around the program.
import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The files that the folder may already have. They are never overwritten. */
export const PROJECT_FILES = ["Pulumi.yaml", "package.json", "tsconfig.json"] as const;

export const IMPORT_FILE = "import.json";

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "commonjs",
    "moduleResolution": "node",
    "strict": true,
    "skipLibCheck": true,
    "noEmit": true,
    "forceConsistentCasingInFileNames": true
  },
  "files": ["index.ts"]
}
`;

/** Other names of Pulumi.yaml. With two of these files, Pulumi uses only one of them. */
const OTHER_NAMES = ["Pulumi.yml", "Pulumi.json"];

/** The project's name in the folder's Pulumi.yaml; `undefined` if it has none. */
export function projectIn(folder: string): string | undefined {
  const [other] = existing(folder, OTHER_NAMES);
  if (other !== undefined) {
    throw new Error(
      `${join(folder, other)} must be a Pulumi.yaml. Convert it, or choose another folder with --out.`,
    );
  }
  if (!exists(join(folder, "Pulumi.yaml"))) return undefined;
  const text = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
  const name = /^name:[ \t]*(["']?)([\w.-]+)\1[ \t]*(?:#.*)?$/m.exec(text)?.[2];
  if (name !== undefined) return name;
  throw new Error(
    `${join(folder, "Pulumi.yaml")} has no line \`name:\` that can be read. Give the name of the project with --project.`,
  );
}

/** The names of these files that the folder already has. */
export function existing(folder: string, files: Iterable<string>): string[] {
  return [...files].filter((file) => exists(join(folder, file)));
}

/** The project's own files, for a folder without them. */
export function projectFiles(project: string, organization: string): Map<string, string> {
  const { version, peerDependencies } = require("pulumi-huggingface/package.json") as {
    version: string;
    peerDependencies: Record<string, string>;
  };
  const manifest = {
    name: project.toLowerCase(),
    private: true,
    main: "index.ts",
    dependencies: {
      "@pulumi/pulumi": peerDependencies["@pulumi/pulumi"],
      "pulumi-huggingface": `^${version}`,
    },
    devDependencies: { typescript: "^5.9.3" },
  };
  const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return new Map([
    [
      "Pulumi.yaml",
      `name: ${isPlainYaml(project) ? project : JSON.stringify(project)}\nruntime: nodejs\ndescription: The organization ${organization} on the Hugging Face Hub\n`,
    ],
    ["package.json", json(manifest)],
    ["tsconfig.json", TSCONFIG],
  ]);
}

/** Whether YAML reads a name without quotation marks as a text. It reads `123`, `1e3` and `no` as other values. */
function isPlainYaml(name: string): boolean {
  return /^[A-Za-z][\w-]*$/.test(name) && !/^(?:true|false|yes|no|on|off|y|n|null)$/i.test(name);
}

/**
 * Writes files into a folder: all of them, or none if one cannot be written, for example on a full disk.
 *
 * @param overwrite - whether existing files may be overwritten
 * @throws Error if a file exists; then none is written
 */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>, overwrite: boolean): void {
  mkdirSync(folder, { recursive: true });
  const written: [from: string, to: string][] = [];
  try {
    for (const [file, text] of files) {
      const from = join(folder, `.${file}.${randomUUID()}`);
      written.push([from, join(folder, file)]);
      writeFileSync(from, text, { flag: "wx" });
    }
    refuseExisting(folder, overwrite ? folders(folder, files.keys()) : files.keys());
    for (const [from, to] of written) renameSync(from, to);
  } finally {
    for (const [from] of written) rmSync(from, { force: true });
  }
}

function folders(folder: string, files: Iterable<string>): string[] {
  return existing(folder, files).filter((file) => lstatSync(join(folder, file)).isDirectory());
}

/** @throws Error that names the existing files */
export function refuseExisting(folder: string, files: Iterable<string>): void {
  const present = existing(folder, files);
  if (present.length === 0) return;
  throw new Error(
    `${resolve(folder)} already has ${present.join(", ")}, and nothing was written. Choose another folder with --out, or overwrite with --force.`,
  );
}

/** Whether the path has anything: also a folder, or a link to nothing. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
