// The references of the functions, of the client's methods, of the types of both, and of the provider's settings.
import { ReflectionKind } from "typedoc";
import { code, factLine, linked, onOneLine, textOf } from "./text.mjs";
import { mayBeUndefined, shown, written } from "./types.mjs";

/** @typedef {import("./library.mjs").Library} Library */
/** @typedef {import("./library.mjs").Declaration} Declaration */
/** @typedef {import("typedoc").SignatureReflection} Signature */

/** @param {Library} library */
export function functionReference(library) {
  const { functions } = library;
  const forms = new Set(functions.map(({ name }) => name));
  return functions
    .filter(({ name }) => !(name.endsWith("Output") && forms.has(name.slice(0, -"Output".length))))
    .flatMap((each) => {
      const output = functions.find(({ name }) => name === `${each.name}Output`)?.signatures?.[0];
      const outputForm = output && `In Output form: ${code(`${output.name}(${parameterNames(output)})`)}`;
      return callable(
        each,
        library,
        outputForm ? [`${outputForm}, which returns ${returned(output, library)}.`] : [],
      );
    })
    .join("\n\n");
}

/** @param {Library} library */
export function clientReference(library) {
  const members = library.find("HubClient").children ?? [];
  const methods = members.filter(({ kind }) => kind === ReflectionKind.Method);
  return methods.flatMap((each) => callable(each, library)).join("\n\n");
}

/** @param {Declaration[]} types @param {Library} library */
export function typeReference(types, library) {
  return types.flatMap((each) => typeEntry(each, library)).join("\n\n");
}

/** @param {Library} library */
export function providerReference(library) {
  const forms = ["ProviderTokenArgs", "ProviderTokenEnvArgs"].map(library.find);
  const all = forms
    .flatMap(({ children = [] }) => children)
    .filter(({ type }) => String(type) !== "undefined");
  const names = [...new Set(all.map(({ name }) => name))];
  return names
    .flatMap((name) => {
      const setting = /** @type {Declaration} */ (all.find((each) => each.name === name));
      const isOne = name === "token" || name === "tokenEnv";
      const need = isOne ? "one of `token` and `tokenEnv` is required" : "optional";
      const facts = [shown(setting.type, library), need, `in the stack: ${code(`huggingface:${name}`)}`];
      return [
        `### ${code(name)} {#setting-${name}}`,
        factLine(facts),
        textOf(setting.comment?.summary, library),
      ];
    })
    .join("\n\n");
}

/** A function or a method. @param {Declaration} declaration @param {Library} library @param {string[]} [more] */
function callable({ name, signatures = [] }, library, more = []) {
  const [signature] = /** @type {[Signature]} */ (signatures);
  const { comment, parameters = [] } = signature;
  const text = textOf(comment?.summary, library);
  const list = [
    ...parameters.map((each) => `- ${parameterLine(each, library)}`),
    `- Returns ${returned(signature, library)}${said(comment?.getTag("@returns"), library, ": ")}.`,
    ...(comment?.getTags("@throws") ?? []).map((tag) => `- Throws ${said(tag, library)}.`),
  ];
  return [
    `### ${code(name)} {#${name}}`,
    `\`\`\`ts\n${name}(${parameterNames(signature)})\n\`\`\``,
    ...(text ? [text] : []),
    list.join("\n"),
    ...more,
  ];
}

/** TypeDoc has no name for a parameter that is taken apart. @param {import("typedoc").ParameterReflection} parameter */
const nameOf = ({ name }) => (name === "__namedParameters" ? "options" : name);

/** @param {import("typedoc").ParameterReflection} parameter */
const isOptional = ({ flags, defaultValue }) => flags.isOptional || defaultValue !== undefined;

/** @param {Signature} signature */
function parameterNames({ parameters = [] }) {
  return parameters.map((each) => `${nameOf(each)}${isOptional(each) ? "?" : ""}`).join(", ");
}

/** @param {import("typedoc").ParameterReflection} parameter @param {Library} library */
function parameterLine(parameter, library) {
  const { type, defaultValue, comment } = parameter;
  const standard = defaultValue && defaultValue !== "{}" ? `, default ${code(defaultValue)}` : "";
  const facts = `${shown(type, library)}${isOptional(parameter) ? ", optional" : ""}${standard}`;
  const text = onOneLine(textOf(comment?.summary, library));
  return `${code(nameOf(parameter))}: ${facts}${asSentence(text)}`;
}

/** @param {Signature} signature @param {Library} library */
function returned({ type }, library) {
  return String(type) === "Promise<void>" || String(type) === "void" ? "nothing" : shown(type, library);
}

/** @param {import("typedoc").CommentTag | undefined} tag @param {Library} library */
function said(tag, library, before = "") {
  return tag
    ? `${before}${onOneLine(textOf(tag.content, library)).replace(/^HubError/, linked(library.addressOf("HubError"), "`HubError`"))}`
    : "";
}

/** @param {Declaration} declaration @param {Library} library */
function typeEntry({ name, type, children = [], comment }, library) {
  const fields = children
    .filter(
      (each) =>
        each.kind === ReflectionKind.Property && (!each.inheritedFrom || each.inheritedFrom.reflection),
    )
    .map((field) => `- ${fieldLine(field, library)}`);
  // A name that only stands for other types is not worth more than they are.
  const alias = type && code(written(type, library));
  return [
    `### ${code(name)} {#${name}}`,
    textOf(comment?.summary, library),
    ...(alias ? [alias] : []),
    ...(fields.length > 0 ? [fields.join("\n")] : []),
  ];
}

/** @param {Declaration} field @param {Library} library */
function fieldLine({ name, type, flags, comment }, library) {
  const optional = flags.isOptional || mayBeUndefined(type) ? ", optional" : "";
  const text = onOneLine(textOf(comment?.summary, library));
  return `${code(name)}: ${shown(type, library)}${optional}${asSentence(text)}`;
}

/** A text as the sentence after another part of a line. @param {string} text */
function asSentence(text) {
  return text && `. ${text[0]?.toUpperCase()}${text.slice(1)}`;
}
