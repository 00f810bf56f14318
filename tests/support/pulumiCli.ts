import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The folder on PATH that holds the Pulumi CLI. */
export function pulumiBinDir(): Promise<string> {
  for (const dir of (process.env.PATH ?? "").split(delimiter)) {
    try {
      accessSync(join(dir, "pulumi"), constants.X_OK);
      return Promise.resolve(dir);
    } catch {
      // Not here.
    }
  }
  return Promise.reject(new Error("pulumi is not on PATH"));
}
