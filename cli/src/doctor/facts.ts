import { type WhoAmI } from "pulumi-huggingface/client";
import { timeText } from "../output/time";
import { shown, type Terminal, widthOf, wrapped } from "../terminal";

/** A line about the connection: what, and its value. */
export type Fact = readonly [what: string, value: string];

/** The width of the first column. */
const WIDTH = 15;

/** Facts as lines in two columns, wrapped on a terminal. */
export function factLines({ out, colors }: Terminal, facts: readonly Fact[]): string {
  const width = widthOf({ out });
  return facts
    .map(([what, value]) => {
      const lines = wrapped(shown(value), Math.max(20, width - WIDTH));
      return `${colors.bold(what.padEnd(WIDTH))}${lines.join(`\n${" ".repeat(WIDTH)}`)}`;
    })
    .join("\n");
}

/** Who owns the token. */
export function accountFacts({ name, fullname, type }: WhoAmI): Fact[] {
  const kind = type === "user" ? "" : `, ${type}`;
  return [["User", `${name}${fullname && fullname !== name ? ` (${fullname})` : ""}${kind}`]];
}

/** The credential in use, never its value. */
export function credentialFacts(tokenSource: string | undefined, { auth }: WhoAmI): Fact[] {
  const { displayName, role, createdAt } = auth?.accessToken ?? {};
  const about = [
    displayName === undefined ? "" : `name "${displayName}"`,
    role === undefined ? "" : `role ${role === "god" ? "admin" : role}`,
    createdAt === undefined ? "" : `created ${timeText(createdAt)}`,
  ].filter(Boolean);
  return [
    ["Credential", `from ${tokenSource ?? "an unknown place"}`],
    ["Token", about.join(", ") || "the Hub does not describe it"],
    ["Expires", expiryInWords(auth?.expiresAt)],
  ];
}

const DAY_MS = 24 * 60 * 60 * 1000;

function expiryInWords(expires: string | null | undefined, now = Date.now()): string {
  if (expires === undefined) return "the Hub does not say";
  if (expires === null) return "never";
  const days = Math.floor((Date.parse(expires) - now) / DAY_MS);
  if (Number.isNaN(days)) return expires;
  const time = timeText(expires);
  return days < 0 ? `${time}, which is in the past: use another token` : `${time}, in ${days} days`;
}
