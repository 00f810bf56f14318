// The environment in which this project runs the Pulumi CLI.
//
// The user's own Pulumi home, login, stacks and Hub credentials stay out of it: everything Pulumi writes goes
// below one folder of the project that git ignores, and everything it might read by accident is dropped.
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of this repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** The folder, ignored by git, that holds all that a run leaves behind. */
export const workDir = join(root, ".work");

/** Variables that would let the user's own settings, or the runner's, reach into a run. */
const DROPPED = /^(HF_|HUGGING_FACE_|HUGGINGFACE_|PULUMI_)|^(NODE_OPTIONS|NODE_ENV|NODE_TEST_CONTEXT)$/;

/**
 * Returns a whole environment for the Pulumi CLI.
 *
 * @param {object} options
 * @param {string} options.dir The folder for Pulumi's home and backend; created when it is missing.
 * @param {string} [options.binDir] The folder that holds the CLI; put first on PATH.
 * @param {string} [options.passphrase] Encrypts the secrets of the stacks in this backend.
 * @param {NodeJS.ProcessEnv} [options.env] The environment to start from. Default: this process's own.
 * @param {Record<string, string | undefined>} [options.extra] Added last; undefined removes a variable.
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
    // Programs are type-checked once by `npm run typecheck`; again at each run it would only cost time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // A folder without a token file, so that the one of the user's own login is never picked up.
    HF_HOME: join(dir, "hf-home"),
  });
  for (const [key, value] of Object.entries(extra)) {
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}
