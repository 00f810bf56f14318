// Writes TypeScript in the style of prettier's defaults. Prettier itself would be larger than all of this package, and the program consists of
// one form of statement only. A test compares the result with prettier.

const WIDTH = 80;

/** Code that is written unchanged. It must not contain text from the Hub. */
export class Code {
  constructor(readonly text: string) {}
}

/** A value in the program. */
export type Value = string | number | boolean | Code | readonly Value[] | { readonly [name: string]: Value };

/** One resource in the program. */
export interface Statement {
  /** The class, such as `RepoVisibility`. */
  type: string;
  /** The resource's name. */
  name: string;
  args: { readonly [name: string]: Value };
  options?: { readonly [name: string]: Value };
  /** The exported constant, if there is one. */
  constant?: string | undefined;
  /** Lines of a comment. */
  comment?: readonly string[] | undefined;
  /** Whether the statement itself is a comment that a person can turn into code. */
  disabled?: boolean;
}

/** A file of the program. */
export function fileText(header: readonly string[], statements: readonly Statement[]): string {
  const texts = statements.map(statementText);
  const body = texts.map((text, index) => {
    const next = texts[index + 1];
    const isApart = next !== undefined && (text.includes("\n") || next.includes("\n"));
    return isApart ? `${text}\n` : text;
  });
  return `${header.join("\n")}\n\n${body.join("\n")}\n`;
}

/** A statement without a line break at its end. */
export function statementText(statement: Statement): string {
  const { comment = [], disabled } = statement;
  const code = codeOf(statement);
  const lines = disabled ? code.split("\n").map((line) => `// ${line}`.trimEnd()) : [code];
  return [...comment.map(commentLine), ...lines].join("\n");
}

/** A line of a comment. A line break in it would become code. */
export function commentLine(text: string): string {
  return `// ${escaped(text)}`.trimEnd();
}

function codeOf({ type, name, args, options, constant }: Statement): string {
  const head = `${constant === undefined ? "" : `export const ${constant} = `}new huggingface.${type}(`;
  const values: Value[] = [name, args, ...(options ? [options] : [])];
  const flat = `${head}${values.map(flatText).join(", ")});`;
  if (widthOf(flat) <= WIDTH && !values.some(mustBreak)) return flat;
  const start = `${head}${flatText(name)}, `;
  if (!options && widthOf(start) + 1 <= WIDTH) return `${start}${broken(args, 0)});`;
  const lines = values.map((value) => `  ${textOf(value, 2, 2, 1)},`);
  return `${head}\n${lines.join("\n")}\n);`;
}

/**
 * @param indent - the indentation of the line
 * @param column - the column at which the value begins
 * @param after - the number of characters after the value in its last line
 */
function textOf(value: Value, indent: number, column: number, after: number): string {
  if (!isContainer(value)) return flatText(value);
  const flat = flatText(value);
  const isFlat = isEmpty(value) || (column + widthOf(flat) + after <= WIDTH && !mustBreak(value));
  return isFlat ? flat : broken(value, indent);
}

/** A list or an object with one part in each line. */
function broken(value: readonly Value[] | { readonly [name: string]: Value }, indent: number): string {
  const inner = " ".repeat(indent + 2);
  if (isList(value)) {
    const items = value.map((item) => `${inner}${textOf(item, indent + 2, indent + 2, 1)},`);
    return `[\n${items.join("\n")}\n${" ".repeat(indent)}]`;
  }
  const parts = Object.entries(value).map(([name, part]) => {
    if (isShort(name, part)) return `${inner}${name},`;
    const line = `${inner}${keyText(name)}: `;
    // Prettier moves a long text to its own line.
    const isLong = typeof part === "string" && !isBlock(part) && widthOf(line + flatText(part)) + 1 > WIDTH;
    if (isLong) return `${inner}${keyText(name)}:\n${inner}  ${flatText(part)},`;
    return `${line}${textOf(part, indent + 2, widthOf(line), 1)},`;
  });
  return `{\n${parts.join("\n")}\n${" ".repeat(indent)}}`;
}

function flatText(value: Value): string {
  if (typeof value === "string") return isBlock(value) ? `\`${value}\`` : quoted(value);
  if (value instanceof Code) return value.text;
  if (isList(value)) return `[${value.map(flatText).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).map(([name, part]) =>
    isShort(name, part) ? name : `${keyText(name)}: ${flatText(part)}`,
  );
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** The name of a property, which may come from the Hub. */
function keyText(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quoted(name);
}

/** `{ name }` instead of `{ name: name }`. */
function isShort(name: string, part: Value): boolean {
  return part instanceof Code && part.text === name;
}

/** Prettier breaks a list of several objects that have several parts each. */
function mustBreak(value: Value): boolean {
  if (typeof value === "string") return isBlock(value);
  if (!isContainer(value)) return false;
  const parts: readonly Value[] = isList(value) ? value : Object.values(value);
  if (parts.some(mustBreak)) return true;
  const areTables = parts.every((part) => isContainer(part) && !isList(part) && Object.keys(part).length > 1);
  return isList(value) && parts.length > 1 && areTables;
}

/** A certificate, which is readable only with its line breaks. Its characters mean nothing in a template. */
function isBlock(text: string): boolean {
  return /^-----BEGIN [A-Z ]+-----\n[A-Za-z0-9+/=\n]+\n-----END [A-Z ]+-----\n?$/.test(text);
}

/**
 * A text between quotation marks, as prettier writes it. Characters that are invisible, break lines or change the direction of the text are
 * escaped, so that the program says what a reader sees.
 */
export function quoted(text: string): string {
  const inner = escaped(JSON.stringify(text).slice(1, -1));
  const count = (mark: string): number => text.split(mark).length - 1;
  if (count('"') <= count("'")) return `"${inner}"`;
  return `'${inner.replace(/\\(.)/gs, (pair, after: string) => (after === '"' ? '"' : pair)).replace(/'/g, "\\'")}'`;
}

function escaped(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** The number of columns: characters of East Asian scripts and symbols take two, accents none. */
function widthOf(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  const none = text.match(/\p{Mn}/gu)?.length ?? 0;
  return [...text].length + wide - none;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/gu;

function isContainer(value: Value): value is readonly Value[] | { readonly [name: string]: Value } {
  return typeof value === "object" && !(value instanceof Code);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isEmpty(value: readonly Value[] | { readonly [name: string]: Value }): boolean {
  return (isList(value) ? value : Object.keys(value)).length === 0;
}
