// The package as it is published, for tests that install it as users do.
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The folder of the package. */
export const PROVIDER = join(__dirname, "../../provider");

/** The command line of pnpm, without the subcommand. */
export const PNPM = [process.execPath, join(dirname(require.resolve("pnpm")), "bin/pnpm.cjs")] as const;

/** `pnpm install` with the option for SDK releases that declare a newer Node.js than the current one. */
export const PNPM_INSTALL = [
  ...PNPM,
  "install",
  "--ignore-scripts",
  "--config.engine-strict=false",
  "--no-frozen-lockfile",
] as const;

/** The newest SDK release that the packages were tested with. */
export const NEWEST_SDK = "3.276.0";

/** Packs the packages into a folder. Returns the files by package name. */
export async function packAll(destination: string): Promise<Record<string, string>> {
  const scripts = await import("../../scripts/pack.mjs");
  return scripts.packAll(destination);
}

/** The compiler settings of Pulumi's TypeScript template. */
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
  // npm 11 prints a list, later releases an object by package name.
  const [info] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  if (!info) throw new Error(`npm pack does not name a file: ${stdout}`);
  return join(destination, info.filename);
}

/** Runs an installation in a project's folder. */
export async function install(folder: string, command: readonly string[]): Promise<void> {
  const [file, ...args] = command as [string, ...string[]];
  await run(file, args, { cwd: folder, maxBuffer: 1 << 26 });
}
