// Types as a reader wants to see them: without Pulumi's wrappers, and short lists of values written out.
import { code, linked } from "./text.mjs";

/** @typedef {import("typedoc").SomeType} Type */
/** @typedef {import("./library.mjs").Library} Library */

const WRAPPERS = ["Input", "Output", "OutputInstance"];
/** The most values of a type that are written out in its place. */
const MOST_VALUES = 6;

/**
 * A type in one line of code, as a link if an entry of the site describes it.
 *
 * @param {Type | undefined} type
 * @param {Library} library
 */
export function shown(type, library) {
  const text = written(type, library);
  const known = text.replace(/"[^"]*"/g, "").match(/[A-Z]\w+/g) ?? [];
  const address = known.map(library.addressOf).find(Boolean);
  return linked(address, code(text));
}

/** @param {Type | undefined} type @param {Library} library @returns {string} */
export function written(type, library) {
  switch (type?.type) {
    case "union": {
      const members = type.types.map((each) => written(each, library)).filter((each) => each !== "undefined");
      return unionOf(members);
    }
    case "array": {
      const element = written(type.elementType, library);
      return element.includes(" | ") ? `(${element})[]` : `${element}[]`;
    }
    case "typeOperator":
      return written(type.target, library);
    case "reflection":
      return objectType(type.declaration, library);
    case "reference":
      return reference(type, library);
    default:
      return String(type);
  }
}

/** Whether a type allows for no value. @param {Type | undefined} type @returns {boolean} */
export function mayBeUndefined(type) {
  if (type?.type === "reference" && WRAPPERS.includes(type.name))
    return mayBeUndefined(type.typeArguments?.[0]);
  return type?.type === "union" && type.types.some((each) => String(each) === "undefined");
}

/** @param {string[]} members */
function unionOf(members) {
  const single = [...new Set(members.flatMap((each) => each.split(" | ")))];
  const isBoolean = single.includes("true") && single.includes("false");
  return (isBoolean ? ["boolean", ...single.filter((each) => !/^(true|false)$/.test(each))] : single).join(
    " | ",
  );
}

/** @param {import("typedoc").ReferenceType} type @param {Library} library */
function reference(type, library) {
  const { name, typeArguments = [] } = type;
  if (WRAPPERS.includes(name)) return written(typeArguments[0], library);
  // The value of a token: its type parameter only tells apart a token that was looked up.
  if (type.refersToTypeParameter) return "string";
  const alias = type.reflection;
  const values = alias && "type" in alias && alias.type?.type === "union" ? alias.type.types : [];
  const isShort = values.length > 0 && values.length <= MOST_VALUES;
  if (isShort && values.every((each) => each.type === "literal")) return unionOf(values.map(String));
  if (typeArguments.length === 0) return name;
  return `${name}<${typeArguments.map((each) => written(each, library)).join(", ")}>`;
}

/** @param {import("typedoc").DeclarationReflection} declaration @param {Library} library */
function objectType({ children, signatures }, library) {
  const [signature] = signatures ?? [];
  if (signature) {
    const parameters = (signature.parameters ?? []).map(
      (each) => `${each.name}: ${written(each.type, library)}`,
    );
    return `(${parameters.join(", ")}) => ${written(signature.type, library)}`;
  }
  const parts = (children ?? []).map(
    (each) => `${each.name}${each.flags.isOptional ? "?" : ""}: ${written(each.type, library)}`,
  );
  return `{ ${parts.join("; ")} }`;
}
