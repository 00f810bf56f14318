// The reference of a resource: its arguments, in every form that the program may give them, its outputs and its look-up.
import { createRequire } from "node:module";
import { ReflectionKind } from "typedoc";
import { code, factLine, onOneLine, textOf } from "./text.mjs";
import { mayBeUndefined, shown } from "./types.mjs";

const require = createRequire(import.meta.url);

/** @typedef {import("./library.mjs").Library} Library */
/** @typedef {import("./library.mjs").Declaration} Declaration */
/** @typedef {{ label: string, argument: Declaration }} Variant An argument in one form of the arguments. */

/** The forms of each resource's arguments: the interface, and what a reader calls the form. */
const FORMS = {
  RepoVisibility: {
    RepoVisibilityMembersArgs: "`visibility` private or internal",
    RepoVisibilityOpenArgs: "`visibility` public or protected",
    RepoVisibilityPrivateArgs: "`private: true`",
    RepoVisibilityNotPrivateArgs: "`private: false`",
  },
  OrganizationVisibility: { OrganizationVisibilityArgs: "" },
  RepoResourceGroup: { RepoResourceGroupArgs: "" },
  ResourceGroupMember: { ResourceGroupMemberArgs: "" },
  MemberRole: { MemberRoleArgs: "" },
  HubToken: {
    ServiceAccountTokenArgs: "a service account's token",
    UserTokenArgs: "a user's own token",
  },
  ServiceAccount: { ServiceAccountArgs: "" },
  ResourceGroup: { ResourceGroupArgs: "" },
  SpaceSecret: { SpaceSecretArgs: "" },
  SpaceVariable: { SpaceVariableArgs: "" },
  SsoConfig: {
    SsoConfigSamlArgs: "SAML",
    SsoConfigSamlMetadataArgs: "SAML with a metadata document",
    SsoConfigOidcArgs: "OIDC",
  },
  SsoCredential: {
    SsoCertificateArgs: "SAML",
    SsoMetadataArgs: "SAML with a metadata document",
    SsoClientSecretArgs: "OIDC",
  },
};

/** Arguments of which a program gives one. */
const EITHER = { RepoVisibility: ["visibility", "private"] };

export const RESOURCES = Object.keys(FORMS);

/** @param {string} type The name of the class. @param {Library} library */
export function resourceReference(type, library) {
  const model = modelOf(type);
  const forms = Object.entries(FORMS[type]).map(([name, label]) => ({ label, args: library.find(name) }));
  const names = Object.keys(model.fields).filter((name) => name !== "owner");
  const members = library.find(type).children ?? [];
  const outputs = members.filter((each) => each.kind === ReflectionKind.Property && !each.inheritedFrom);
  return [
    "## Arguments",
    ...names.flatMap((name) => argumentEntry(name, forms, model, library)),
    "## Outputs",
    "The output `id` is described in [Existing resources](/import.md#the-ids).",
    ...outputs.flatMap((output) => outputEntry(output, model, library)),
    "## Lookup",
    ...lookUp(type, members, library),
  ].join("\n\n");
}

/** The list of fields that validation, replacement and encryption use. @param {string} type */
function modelOf(type) {
  const name = type[0].toLowerCase() + type.slice(1);
  return require(`../../provider/dist/resources/${name}/model.js`)[`${name}Model`];
}

/** @param {string} name @param {{ label: string, args: Declaration }[]} forms @param {any} model @param {Library} library */
function argumentEntry(name, forms, { type, fields }, library) {
  const variants = forms.flatMap(({ label, args }) => {
    const argument = args.getChildByName([name]);
    return argument && String(argument.type) !== "undefined" ? [{ label, argument }] : [];
  });
  const { schema, replaces, secret } = fields[name];
  const either = EITHER[type]?.includes(name) && `one of ${EITHER[type].map(code).join(" and ")} is required`;
  const facts = [
    typeOf(schema, variants, library),
    ...(either ? [either] : presence(variants, forms.length)),
    schema.default !== undefined && `default ${code(JSON.stringify(schema.default))}`,
    replaces ? "a change replaces the resource" : "changed in place",
    secret && "secret: encrypted in the state",
  ];
  return [`### ${code(name)} {#${name}}`, factLine(facts), ...texts(variants, schema.default, library)];
}

/** @param {{ enum?: unknown[] }} schema @param {Variant[]} variants @param {Library} library */
function typeOf(schema, variants, library) {
  if (schema.enum) return valuesOf(schema.enum);
  const types = new Set(variants.map(({ argument }) => shown(argument.type, library)));
  if (types.has(code("boolean"))) types.delete(code("true"));
  return [...types].join(" or ");
}

/** @param {unknown[]} values */
function valuesOf(values) {
  return code(values.map((value) => JSON.stringify(value)).join(" | "));
}

/** Whether an argument has to be given, for each form if they differ. @param {Variant[]} variants @param {number} formCount */
function presence(variants, formCount) {
  const labels = (/** @type {boolean} */ isOptional) =>
    variants.filter(({ argument }) => argument.flags.isOptional === isOptional).map(({ label }) => label);
  return [
    { word: "required", of: labels(false) },
    { word: "optional", of: labels(true) },
  ]
    .filter(({ of }) => of.length > 0)
    .map(({ word, of }) => (of.length === formCount ? word : `${word} for ${together(of)}`));
}

/**
 * What an argument does: once, or for each form that describes it in its own words.
 *
 * @param {Variant[]} variants
 * @param {unknown} standard The default.
 * @param {Library} library
 */
function texts(variants, standard, library) {
  /** @type {Map<string, string[]>} */
  const labels = new Map();
  for (const { label, argument } of variants) {
    const text = withoutFacts(textOf(argument.comment?.summary, library), standard);
    labels.set(text, [...(labels.get(text) ?? []), label]);
  }
  if (labels.size === 1) return [...labels.keys()];
  return [[...labels].map(([text, of]) => `- For ${together(of)}: ${onOneLine(text)}`).join("\n")];
}

/** Leaves out the sentences that only repeat the line of facts. @param {string} text @param {unknown} standard */
function withoutFacts(text, standard) {
  const value = String(standard);
  const facts = [
    "Changed in place.",
    "A change replaces the resource.",
    ...[value, `\`${value}\``, `\`"${value}"\``].map((each) => `Default: ${each}.`),
  ];
  return facts.reduce(
    (rest, fact) => ` ${rest}`.replace(new RegExp(`\\s${fact.replace(/[.`]/g, "\\$&")}(?=\\s|$)`), "").trim(),
    text,
  );
}

/** Names forms in a sentence; one that is a case of another is left out. @param {string[]} labels */
function together(labels) {
  const apart = labels.filter((label) => !labels.some((other) => other !== label && label.startsWith(other)));
  return apart.join(apart.length === 2 ? " and " : ", ");
}

/** @param {Declaration} output @param {any} model @param {Library} library */
function outputEntry(output, { fields, secretOutputs = [] }, library) {
  const { name, type, comment } = output;
  const values = fields[name]?.schema.enum;
  const isSecret = fields[name]?.secret || secretOutputs.includes(name);
  const facts = [
    values ? valuesOf(values) : shown(type, library),
    mayBeUndefined(type) && "may be `undefined`",
    isSecret && "secret: encrypted in the state",
  ];
  return [`### ${code(name)} {#output-${name}}`, factLine(facts), textOf(comment?.summary, library)];
}

/** @param {string} type @param {Declaration[]} members @param {Library} library */
function lookUp(type, members, library) {
  const comment = members.find(({ name }) => name === "get")?.signatures?.[0]?.comment;
  const thrown = comment?.getTag("@throws");
  return [
    `\`\`\`ts\n${type}.get(name, id, options?)\n\`\`\``,
    textOf(comment?.summary, library),
    thrown ? `Fails ${onOneLine(textOf(thrown.content, library))}.` : "",
  ];
}
