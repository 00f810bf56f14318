// The public library as TypeDoc reads it, and where the site describes each part of it.
import { join } from "node:path";
import { Application, ReflectionKind } from "typedoc";
import { Problem } from "../lib/report.mjs";
import { root } from "../pulumi-env.mjs";

/** The page of each class; its arguments are there too. */
export const CLASS_PAGES = {
  OrganizationVisibility: "resources/organization-visibility",
  RepoVisibility: "resources/repo-visibility",
  RepoResourceGroup: "resources/repo-resource-group",
  ResourceGroupMember: "resources/resource-group-member",
  MemberRole: "resources/member-role",
  HubToken: "resources/hub-token",
  ServiceAccount: "resources/service-account",
  ResourceGroup: "resources/resource-group",
  SpaceSecret: "resources/space-secret",
  SpaceVariable: "resources/space-variable",
  SsoConfig: "resources/sso-config",
  SsoCredential: "resources/sso-credential",
  Provider: "credentials",
  HubClient: "client",
};

/** Names that belong to an entry of another name. */
const ELSEWHERE = {
  KnownPredecessor: "resources/hub-token#output-predecessors",
  VisibilityException: "resources/organization-visibility#exceptions",
  DeclaredVisibility: "resources/organization-visibility#exceptions",
  VisibilityViolation: "resources/organization-visibility#output-violations",
  TokenStatus: "resources/hub-token#output-status",
  Permission: "resources/hub-token#permission-names",
  ServiceAccountPermission: "resources/hub-token#permission-names",
  permissionSets: "resources/hub-token#permission-names",
  RepoVisibilityStatus: "resources/repo-visibility#output-status",
  ResourceGroupStatus: "resources/resource-group#output-status",
  ResourceGroupAutoJoin: "resources/resource-group#autoJoin",
  ResourceGroupSpendLimits: "resources/resource-group#spendLimits",
  ResourceGroupMemberEntry: "resources/resource-group#members",
  ResourceGroupRepositoryEntry: "resources/resource-group#repositories",
  SpaceSecretStatus: "resources/space-secret#output-status",
  ServiceAccountStatus: "resources/service-account#output-status",
};

/** @typedef {import("typedoc").DeclarationReflection} Declaration */
/** @typedef {Awaited<ReturnType<typeof readLibrary>>} Library */

export async function readLibrary() {
  const app = await Application.bootstrap({
    entryPoints: [join(root, "provider/src/index.ts")],
    tsconfig: join(root, "provider/tsconfig.json"),
    skipErrorChecking: true,
    sort: ["source-order"],
    logLevel: "Warn",
    // The pages have no links to the source, so no repository is needed.
    disableGit: true,
    sourceLinkTemplate: "{path}",
  });
  const project = await app.convert();
  if (!project) throw new Problem("TypeDoc could not read provider/src.");
  const exported = project.children ?? [];
  const byName = new Map(exported.map((each) => [each.name, each]));
  const functions = exported.filter((each) => fileOf(each).includes("/functions/"));
  const types = exported.filter(isPlainType);
  const ofFunctions = reachedFrom(functions, byName);

  /** @param {string} name @returns {Declaration} */
  const find = (name) => {
    const found = byName.get(name);
    if (!found) throw new Problem(`The library does not export ${name}.`);
    return found;
  };

  /** @param {string} name @returns {string | undefined} Its address from the root of the site. */
  const addressOf = (name) => {
    const page = ELSEWHERE[name] ?? CLASS_PAGES[name];
    if (page) return page;
    const declaration = byName.get(name);
    if (!declaration) return undefined;
    if (functions.includes(declaration)) return `functions#${name.replace(/Output$/, "")}`;
    if (types.includes(declaration)) return `${ofFunctions.has(name) ? "functions" : "client"}#${name}`;
    const owner = Object.keys(CLASS_PAGES).find((each) => fileOf(find(each)) === fileOf(declaration));
    return owner && CLASS_PAGES[owner];
  };

  return {
    find,
    addressOf,
    functions,
    functionTypes: types.filter(({ name }) => ofFunctions.has(name)),
    clientTypes: types.filter(({ name }) => !ofFunctions.has(name)),
  };
}

/** @param {Declaration} declaration @returns {string} */
function fileOf({ sources, signatures }) {
  return (sources ?? signatures?.[0]?.sources)?.[0]?.fullFileName.replaceAll("\\", "/") ?? "";
}

/** Types and errors of the client and the functions, which have entries of their own. @param {Declaration} declaration */
function isPlainType(declaration) {
  const { kind, name } = declaration;
  const isType = [ReflectionKind.Interface, ReflectionKind.TypeAlias, ReflectionKind.Class].includes(kind);
  return (
    isType &&
    !(name in CLASS_PAGES) &&
    !(name in ELSEWHERE) &&
    /\/client|\/clientFor/.test(fileOf(declaration))
  );
}

/** The names of all types that some declarations use, also through others. @param {Declaration[]} first @param {Map<string, Declaration>} byName */
function reachedFrom(first, byName) {
  /** @type {Set<string>} */
  const reached = new Set();
  const queue = [...first];
  for (let each = queue.pop(); each; each = queue.pop()) {
    if (each.kind === ReflectionKind.Class) continue;
    for (const name of namesIn(each)) {
      const found = byName.get(name);
      if (found && !reached.has(name)) queue.push(found);
      if (found) reached.add(name);
    }
  }
  return reached;
}

/** The names of the types in a declaration. @param {Declaration} declaration */
function namesIn({ signatures = [], children = [], type }) {
  const types = [
    type,
    ...children.map((each) => each.type),
    ...signatures.flatMap((each) => [each.type, ...(each.parameters ?? []).map((one) => one.type)]),
  ];
  return types.flatMap((each) => String(each).match(/[A-Z]\w+/g) ?? []);
}
