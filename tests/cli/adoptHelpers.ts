// Runs the command `adopt` in this process.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { adopt, type AdoptOptions } from "../../cli/src/adopt/adopt";
import { type Questions } from "../../cli/src/adopt/prompts";
import { colorsOf, type Terminal } from "../../cli/src/terminal";
import { type Hub } from "../support/hub";

/** A folder that is deleted after the test. */
export function makeFolder(): { folder: string; files: () => Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "adopt-"));
  return {
    folder,
    files: () =>
      Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")])),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A terminal that keeps what is printed. */
export function makeTerminal(): { terminal: Terminal; printed: () => string } {
  const [out, err] = [new PassThrough(), new PassThrough()].map((each) => each.setEncoding("utf8"));
  let text = "";
  out?.on("data", (part: string) => (text += part));
  err?.on("data", (part: string) => (text += part));
  const terminal = { out, err, colors: colorsOf({}, {}) } as unknown as Terminal;
  return { terminal, printed: () => text };
}

/** Runs the command. Returns what it printed. */
export async function runAdopt(
  hub: Hub,
  options: Partial<AdoptOptions> & { out: string },
  {
    organization = "acme",
    token = hub.tokens.admin,
    questions,
  }: { organization?: string; token?: string; questions?: Questions } = {},
): Promise<string> {
  const { terminal, printed } = makeTerminal();
  const before = process.env["ADOPT_TEST_TOKEN"];
  process.env["ADOPT_TEST_TOKEN"] = token;
  try {
    const usual = {
      endpoint: hub.endpoint,
      tokenEnv: "ADOPT_TEST_TOKEN",
      include: [],
      exclude: [],
      stack: "dev",
    };
    await adopt(organization, { ...usual, ...options }, terminal, questions);
    await new Promise((resolve) => setImmediate(resolve));
    return printed();
  } finally {
    if (before === undefined) delete process.env["ADOPT_TEST_TOKEN"];
    else process.env["ADOPT_TEST_TOKEN"] = before;
  }
}
