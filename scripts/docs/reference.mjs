// Writes the parts of the site that come from the sources. The pages in docs/ include them.
import { createRequire } from "node:module";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../pulumi-env.mjs";
import { clientReference, functionReference, providerReference, typeReference } from "./functions.mjs";
import { CLASS_PAGES, readLibrary } from "./library.mjs";
import { RESOURCES, resourceReference } from "./resource.mjs";
import { code, onOneLine, textOf } from "./text.mjs";

const require = createRequire(import.meta.url);

/** Git ignores it. */
const FOLDER = join(root, "docs/.vitepress/reference");

export async function writeReference() {
  const library = await readLibrary();
  const parts = {
    functions: functionReference(library),
    "function-types": typeReference(library.functionTypes, library),
    client: clientReference(library),
    "client-types": typeReference(library.clientTypes, library),
    provider: providerReference(library),
    permissions: permissionReference(library),
    "audit-actions": require("../../provider/dist/client/auditLog.js").AUDIT_ACTIONS.map(code).join(", "),
    ...Object.fromEntries(
      RESOURCES.map((type) => [CLASS_PAGES[type].split("/")[1], resourceReference(type, library)]),
    ),
  };
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(parts)) writeFileSync(join(FOLDER, `${name}.md`), `${text}\n`);
}

/** @param {import("./library.mjs").Library} library */
function permissionReference(library) {
  const { PERMISSIONS, permissionSets } = require("../../provider/dist/rules/permissions.js");
  const listed = (/** @type {readonly string[]} */ names) => names.map(code).join(", ");
  const { type } = library.find("permissionSets");
  const sets = type?.type === "reflection" ? (type.declaration.children ?? []) : [];
  return [
    "`permissionSets` has these sets:",
    sets
      .map(({ name, comment }) => {
        const text = onOneLine(textOf(comment?.summary, library)).replace(/(?<!\.)$/, ".");
        return `- ${code(name)}: ${text} (${listed(permissionSets[name])})`;
      })
      .join("\n"),
    `All permissions: ${listed(PERMISSIONS)}.`,
  ].join("\n\n");
}
