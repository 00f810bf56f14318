// Reads the messages of the library from its sources: each text of four words or more, with … for the parts that vary.
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import * as ts from "typescript";

const SOURCES = join(__dirname, "../../provider/src");
const LEAST_WORDS = 4;
/** Not a message, but what a certificate looks like. */
const PEM = "-----BEGIN";

/** A text of the library, and the file that contains it. */
export interface Message {
  file: string;
  text: string;
}

/** All messages of the library, in the order of the files. */
export function messagesOfSources(): Message[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.split(sep).join("/"))
    .sort()
    .flatMap(messagesOf);
}

function messagesOf(file: string): Message[] {
  const text = readFileSync(join(SOURCES, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const words = textOf(node);
    if (words === undefined) return void ts.forEachChild(node, visit);
    if (words.trim().split(/\s+/).length >= LEAST_WORDS && !words.startsWith(PEM)) found.add(words);
    // The parts that vary may contain messages too.
    if (!ts.isStringLiteralLike(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found].filter((each) => !isPart(each, found)).map((each) => ({ file, text: each }));
}

/** The text of a literal, a template or a sum of them. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("");
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : (left ?? "…") + (right ?? "…");
}

/** Whether a text was only found because the sum that contains it was searched for further texts. */
const isPart = (text: string, found: ReadonlySet<string>): boolean =>
  [...found].some((other) => other !== text && other.includes(text));

/** Verbs that tell the reader what to do. */
const VERBS =
  "add|ask|change|check|choose|configure|correct|create|declare|delete|do|fix|get|give|grant|import|install|keep|leave|log|" +
  "look|make|name|pass|raise|remove|replace|restore|revoke|run|set|treat|turn|upgrade|use";
/** At the beginning of a sentence or of a part of it, and after a condition. */
const CURE = new RegExp(`(?:^|[.:;…] |\\b(?:if|to|on|so) [^.]*?(?:, |so )(?:or )?)(?:${VERBS})\\b`, "i");
/** A fragment that says what an argument must be, such as "set by the library". */
const FRAGMENT = /^(?:,|(?:set|read)\b)|^[^.:;]*$/;

/** Whether a message says what to do. */
export const namesCure = (text: string): boolean => CURE.test(text) && !FRAGMENT.test(text);
