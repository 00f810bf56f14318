// The package as it is published, for tests that install it as users do.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The folder of the package. */
export const PROVIDER = join(__dirname, "../../provider");

/** The command line of pnpm, without the subcommand. */
export const PNPM = [process.execPath, join(dirname(require.resolve("pnpm")), "bin/pnpm.cjs")] as const;

/** `pnpm install` with what a release of the SDK needs that declares a newer Node.js than this one. */
export const PNPM_INSTALL = [
  ...PNPM,
  "install",
  "--ignore-scripts",
  "--config.engine-strict=false",
  "--no-frozen-lockfile",
] as const;

/** The newest release of the SDK that the packages were tried with. */
export const NEWEST_SDK = "3.276.0";

/** Packs both packages into a folder; returns their files by the package's name. */
export async function packAll(destination: string): Promise<Record<string, string>> {
  const scripts = await import("../../scripts/pack.mjs");
  return scripts.packAll(destination);
}

/** The settings for the compiler in Pulumi's template for TypeScript. */
export const TEMPLATE = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

/** Packs a package, and returns the path of the archive. */
export async function pack(destination: string, source = PROVIDER): Promise<string> {
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", destination], { cwd: source });
  // npm 11 answers with a list, later releases with an object by package name.
  const [info] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  if (!info) throw new Error(`npm pack names no file: ${stdout}`);
  return join(destination, info.filename);
}

/** Runs an installation in a project's folder. */
export async function install(folder: string, command: readonly string[]): Promise<void> {
  const [file, ...args] = command as [string, ...string[]];
  await run(file, args, { cwd: folder, maxBuffer: 1 << 26 });
}
