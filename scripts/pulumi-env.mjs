// The environment in which this project runs the Pulumi CLI.
//
// It is separate from the user's own Pulumi home, login, stacks and Hub credentials. Pulumi writes only to a folder of
// this project that git ignores, and variables that Pulumi could read by accident are removed.
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The folder for everything that a run leaves behind. Git ignores it. */
export const workDir = join(root, ".work");

/** Variables with settings of the user or of the test runner, which must not affect a run. */
const DROPPED = /^(HF_|HUGGING_FACE_|HUGGINGFACE_|PULUMI_)|^(NODE_OPTIONS|NODE_ENV|NODE_TEST_CONTEXT)$/;

/**
 * Returns the complete environment for the Pulumi CLI.
 *
 * @param {object} options
 * @param {string} options.dir The folder for Pulumi's home and backend. It is created if it does not exist.
 * @param {string} [options.binDir] The folder of the CLI. It becomes the first entry of PATH.
 * @param {string} [options.passphrase] Encrypts the secrets of the stacks in this backend.
 * @param {NodeJS.ProcessEnv} [options.env] The environment to start from. Default: this process's environment.
 * @param {Record<string, string | undefined>} [options.extra] Variables to add last; undefined removes a variable.
 * @returns {Record<string, string>}
 */
export function pulumiEnv({ dir, binDir, passphrase = "local", env = process.env, extra = {} }) {
  const home = join(dir, "home");
  const backend = join(dir, "backend");
  mkdirSync(home, { recursive: true });
  mkdirSync(backend, { recursive: true });
  /** @type {Record<string, string>} */
  const result = {};
  for (const [key, value] of Object.entries(env)) {
    if (value !== undefined && !DROPPED.test(key)) result[key] = value;
  }
  if (binDir) result.PATH = result.PATH ? binDir + delimiter + result.PATH : binDir;
  Object.assign(result, {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // `npm run typecheck` already checks the programs; checking them again at each run only costs time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // A folder without a token file, so that the token of the user's own login is never used.
    HF_HOME: join(dir, "hf-home"),
  });
  for (const [key, value] of Object.entries(extra)) {
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}
