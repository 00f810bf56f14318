import { createHash, randomBytes, randomInt } from "node:crypto";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Returns `count` hex digits. */
export type HexSource = (count: number) => string;

/** Unpredictable digits. */
export const randomHex: HexSource = (count) =>
  randomBytes(Math.ceil(count / 2))
    .toString("hex")
    .slice(0, count);

/**
 * Returns a source of digits that are the same every time. Therefore the initial contents have the same ids in every new
 * state, and programs can use them.
 */
export function repeatableHex(seed: string): HexSource {
  let counter = 0;
  let digits = "";
  return (count) => {
    while (digits.length < count) digits += sha256(`${seed}:${counter++}`);
    const drawn = digits.slice(0, count);
    digits = digits.slice(count);
    return drawn;
  };
}

/** Creates an id in the Hub's format: 24 hex digits. The first 8 digits are the time of creation in seconds. */
export function makeId(at: Date, hex: HexSource = randomHex): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return seconds.toString(16).padStart(8, "0").slice(-8) + hex(16);
}

/** Creates a token value: `hf_` and 34 random letters and digits. */
export function makeTokenValue(): string {
  let value = "hf_";
  for (let i = 0; i < 34; i++) value += ALPHANUMERIC[randomInt(ALPHANUMERIC.length)];
  return value;
}

/** Hashes a secret. The store keeps only the hash. */
export function sha256(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
