// Reads a stack with the Pulumi CLI. Nothing else is loaded here, so that the CLI starts immediately.
import { execFile } from "node:child_process";

/** Which stack to read. */
export interface StackOptions {
  stack?: string | undefined;
  cwd?: string | undefined;
  /** Decrypts the stack's secrets. It needs the passphrase or the key of the stack. */
  showSecrets?: boolean | undefined;
}

/** Far more than any stack needs. Bytes. */
const MAX_EXPORT = 1024 * 1024 * 1024;

/**
 * Runs `pulumi stack export`, which does not start the engine.
 *
 * @throws Error if the command fails
 */
export function pulumiExport({ stack, cwd, showSecrets }: StackOptions): Promise<string> {
  const args = ["stack", "export", "--non-interactive", "--color", "never"];
  if (stack !== undefined) args.push("--stack", stack);
  if (showSecrets) args.push("--show-secrets");
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) => {
    execFile("pulumi", args, { cwd, env, maxBuffer: MAX_EXPORT }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return reject(notStarted(cwd));
      const reason =
        stderr
          .trim()
          .replace(/^error:\s*/, "")
          .split("\n")[0] ?? "";
      reject(new Error(`\`pulumi stack export\` failed: ${reason || error.message}`));
    });
  });
}

function notStarted(cwd: string | undefined): Error {
  const folder = cwd === undefined ? "" : `, or the folder ${cwd} does not exist`;
  return new Error(
    `The command pulumi cannot be started: it is not on the PATH${folder}. Install the Pulumi CLI, or correct --cwd.`,
  );
}
