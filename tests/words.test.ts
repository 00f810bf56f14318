// Words that make a text hard to read, and what to write instead. The test names each place that uses one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const TEXTS = /\.(md|ts|mts|mjs|cjs|js|ya?ml|sh)$|^\.ci\/run$/;
/** This file, and data that a program has written. */
const EXCLUDED = /^(tests\/words\.test\.ts|tests\/fixtures\/.*)$/;

const WORDS: readonly { not: RegExp; instead: string }[] = [
  { not: /\bsomebody\b/i, instead: "someone" },
  { not: /\bnobody\b/i, instead: "no one" },
  { not: /\bwho(?:m|so)?ever\b/i, instead: "anyone who, if someone" },
  { not: /\bby (?:it|them)sel(?:f|ves)\b/i, instead: "automatically, alone" },
  { not: /\bin clear\b/i, instead: "unencrypted, in plain text" },
  { not: /\bmend(?:s|ed|ing)?\b/i, instead: "fix" },
  { not: /\bcut(?:s|ting)? off\b/i, instead: "interrupted, truncated" },
  { not: /\banew\b/i, instead: "again" },
  { not: /\bat once\b/i, instead: "immediately, at the same time" },
  { not: /\bdo(?:es)? not hold\b/i, instead: "is not valid, is not true" },
  { not: /\bwhat (?:is|was) (?:already )?there\b/i, instead: "existing resources, the current value" },
  { not: /\bword of yours\b/i, instead: "your explicit approval" },
  { not: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|one\b|such\b)/i, instead: "is not a" },
  {
    not: /(?:^|[.;:] |\/\/ |\* |- )Where [^.?]*, (?:the|it|they|this|that|an?|no|nothing|each) /,
    instead: "if, when",
  },
  { not: /\b(?:only|even|except|also|but|unless) where\b/i, instead: "if, when" },
  { not: /\b(?:it|describe)\(\s*["'`][^"'`]*\bholds?\b/, instead: "checks, covers, keeps" },
];

const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => TEXTS.test(file) && !EXCLUDED.test(file) && existsSync(join(ROOT, file)));

/** Each place in a text that uses one of the words. */
function found(text: string): string[] {
  return text.split("\n").flatMap((line, index) =>
    WORDS.flatMap(({ not, instead }) => {
      const [words] = not.exec(line) ?? [];
      return words === undefined ? [] : [`${index + 1}: "${words.trim()}"; write: ${instead}`];
    }),
  );
}

describe("the words of the project", () => {
  it("are plain", () => {
    const places = files.flatMap((file) =>
      found(readFileSync(join(ROOT, file), "utf8")).map((place) => `${file}:${place}`),
    );
    assert.deepEqual(places, []);
  });

  it("would be reported if they were not", () => {
    assert.equal(found("// Where nobody looks, it is mended at once.").length, 4);
    assert.deepEqual(found("// There is no file, and it is no longer needed where the state is."), []);
  });
});
