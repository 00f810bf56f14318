import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";

/** The program's folder, from which the handler's process loads this package. Taken before the program can change its working folder. */
const FOLDER = process.cwd();

let isInstalled = false;

/**
 * Checks once that the handler's process will find this package: a library that the program uses may have it while the program's
 * own folder has not.
 *
 * @throws ConfigurationError
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
      `pulumi-huggingface is not installed for the program in ${FOLDER}: a library of the program has it, but Pulumi loads it from the ` +
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
 * Whether the Pulumi CLI started this process to run one program. An inline program of the Automation API, whose working folder is
 * another than the provider's, and a unit test run in a process of their caller.
 */
function isStartedByEngine(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env["PULUMI_NODEJS_MONITOR"]);
}
