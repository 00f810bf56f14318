// The files of the project around the program.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

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

/** The project's name in the folder's Pulumi.yaml; `undefined` if it has none. */
export function projectIn(folder: string): string | undefined {
  const text = read(join(folder, "Pulumi.yaml"));
  if (text === undefined) return undefined;
  const name = /^name:[ \t]*(["']?)([\w.-]+)\1[ \t]*(?:#.*)?$/m.exec(text)?.[2];
  if (name !== undefined) return name;
  throw new Error(
    `${join(folder, "Pulumi.yaml")} has no line \`name:\` that can be read. Give the name of the project with --project.`,
  );
}

/** The names of these files that the folder already has. */
export function existing(folder: string, files: Iterable<string>): string[] {
  return [...files].filter((file) => read(join(folder, file)) !== undefined);
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
      `name: ${project}\nruntime: nodejs\ndescription: The organization ${organization} on the Hugging Face Hub\n`,
    ],
    ["package.json", json(manifest)],
    ["tsconfig.json", TSCONFIG],
  ]);
}

/**
 * Writes files into a folder.
 *
 * @param overwrite - whether existing files may be overwritten
 * @throws Error if a file exists; then none is written
 */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>, overwrite: boolean): void {
  if (!overwrite) refuseExisting(folder, files.keys());
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of files) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    // Another process may have created it since.
    writeFileSync(path, text, { flag: overwrite ? "w" : "wx" });
  }
}

/** @throws Error that names the existing files */
export function refuseExisting(folder: string, files: Iterable<string>): void {
  const present = existing(folder, files);
  if (present.length === 0) return;
  throw new Error(
    `${resolve(folder)} already has ${present.join(", ")}, and nothing was written. Choose another folder with --out, or overwrite with --force.`,
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // A folder or a file that cannot be read exists too.
    return "";
  }
}
