import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";

/** The program's folder, from which Pulumi loads this package. Read before the program can change its working directory. */
const FOLDER = process.cwd();

let isInstalled = false;

/**
 * Checks once that Pulumi can load this package from the program's folder. It may be installed only for a library that the program
 * uses.
 *
 * @throws ConfigurationError if the package is not installed in the program's folder
 */
export function checkInstalled(): void {
  if (isInstalled || !isStartedByEngine()) return;
  const fromProgram = createRequire(join(FOLDER, "_"));
  try {
    if (fromProgram.resolve("pulumi-huggingface/dynamic") !== require.resolve("../dynamic")) {
      warnOfOtherVersion(versionIn(fromProgram("pulumi-huggingface/package.json")));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw new ConfigurationError(
      `pulumi-huggingface is not installed for the program in ${FOLDER}: a library of the program uses it, but Pulumi loads it from the ` +
        "program's folder. Install it there too: `npm install pulumi-huggingface`, `pnpm add pulumi-huggingface` or `yarn add pulumi-huggingface`.",
    );
  }
  isInstalled = true;
}

function warnOfOtherVersion(theirs: string): void {
  const ours = versionIn(require("../../package.json"));
  if (ours === theirs) return;
  void pulumi.log.warn(
    `A library of this program uses pulumi-huggingface ${ours}, but Pulumi loads ${theirs} from the program's folder. Use one version in both.`,
  );
}

const versionIn = (manifest: unknown): string => (manifest as { version: string }).version;

/**
 * Whether the Pulumi CLI started this process to run one program. Inline programs of the Automation API and unit tests run in the
 * caller's process instead.
 */
function isStartedByEngine(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env["PULUMI_NODEJS_MONITOR"]);
}
