import { createHash, randomBytes, randomInt } from "node:crypto";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Gives `count` hex digits. */
export type HexSource = (count: number) => string;

/** Digits that nobody can foresee. */
export const randomHex: HexSource = (count) =>
  randomBytes(Math.ceil(count / 2))
    .toString("hex")
    .slice(0, count);

/**
 * Digits that are the same every time: what ships with the Hub has the same ids in every fresh state, so that a
 * program may name one.
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

/** An id in the Hub's form: 24 hex digits that begin with the second it was made in. */
export function makeId(at: Date, hex: HexSource = randomHex): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return seconds.toString(16).padStart(8, "0").slice(-8) + hex(16);
}

/** A fresh token value: `hf_` and 34 letters and digits. */
export function makeTokenValue(): string {
  let value = "hf_";
  for (let i = 0; i < 34; i++) value += ALPHANUMERIC[randomInt(ALPHANUMERIC.length)];
  return value;
}

/** What the store keeps of a secret. */
export function sha256(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
