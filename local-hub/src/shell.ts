import { type LocalHub } from "./hub.js";

/**
 * Returns shell commands that set up programs to use a Hub as an administrator.
 *
 * @param platform - `win32` returns commands for PowerShell, other platforms for `sh`.
 */
export function shellLines(
  { endpoint, tokens }: Pick<LocalHub, "endpoint" | "tokens">,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const variables = { HF_ENDPOINT: endpoint, HF_TOKEN: tokens.admin };
  return Object.entries(variables).map(([name, value]) =>
    platform === "win32" ? `$env:${name} = "${value}"` : `export ${name}=${value}`,
  );
}
