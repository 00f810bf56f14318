import { type LocalHub } from "./hub.js";

/**
 * Commands that make a shell's programs use a Hub as its administrator.
 *
 * @param platform - On `win32` they are for PowerShell, elsewhere for `sh` and its relatives.
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
