// Lists what an organization has.
import {
  type AuthoredRepo,
  CONFIGURABLE_REPO_TYPES,
  type ConfigurableRepoType,
  type ServiceAccountInfo,
  type ServiceAccountToken,
} from "pulumi-huggingface/client";
import { doubtAbout, splitMark, ssoSettingsOf } from "pulumi-huggingface/core";
import { type Arguments, type Found, type LeftOut, type Survey } from "./found";
import { type Kind } from "./kinds";
import { plainName, slugOf } from "./names";
import { containsSecret } from "../secrets";
import { forEach, isOutage, type Reader } from "./reader";

type Part = Pick<Survey, "found" | "leftOut">;

/** What a part of the survey can use. */
interface Asked {
  reader: Reader;
  organization: string;
}

/**
 * Lists the objects of these kinds. A kind that the Hub refuses to show is reported in the result.
 *
 * @param progress - called with each kind before it is read
 */
export async function survey(
  reader: Reader,
  organization: string,
  kinds: readonly Kind[],
  progress: (kind: Kind) => void,
): Promise<Survey> {
  const doubt = doubtAbout(await reader.ask((client) => client.whoami()), organization);
  const result: Survey = { found: [], leftOut: [], hidden: [], doubt };
  for (const kind of kinds) {
    progress(kind);
    try {
      const { found, leftOut } = await PARTS[kind]({ reader, organization });
      const [open, secret] = divided(once(found), hasSecret);
      result.found.push(...open);
      result.leftOut.push(...leftOut, ...secret.map(({ title }) => ({ kind, title, why: HAS_SECRET })));
    } catch (error) {
      if (isAboutToken(error) || isOutage(error) || isUnusable(error, kind)) throw error;
      result.hidden.push({ kind, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return result;
}

const HAS_SECRET =
  "it contains a token of the Hub or a private key, which would be in the program. Remove it on the Hub, and revoke it";

function hasSecret({ title, constant, args }: Found): boolean {
  return containsSecret([title, constant?.text, JSON.stringify(args)].join(" "));
}

function divided<T>(items: readonly T[], isSecond: (item: T) => boolean): [T[], T[]] {
  return [items.filter((item) => !isSecond(item)), items.filter(isSecond)];
}

/** A page of the Hub's answer may repeat an object if another one was created or deleted since the page before. */
function once(found: readonly Found[]): Found[] {
  return [...new Map(found.map((each) => [`${each.type} ${each.id}`, each])).values()];
}

/** Whether another kind would fail for the same reason. */
function isAboutToken(error: unknown): boolean {
  return (error as { status?: unknown }).status === 401 || (error as Error).name === "ConfigurationError";
}

/** Kinds that huggingface.co does not offer. It may answer with a web page instead. */
const NOT_EVERYWHERE: readonly Kind[] = ["sso", "own-tokens"];

/** Whether a list exists but cannot be understood, or may be incomplete. */
function isUnusable(error: unknown, kind: Kind): boolean {
  return (error as { code?: unknown }).code === "invalid_response" && !NOT_EVERYWHERE.includes(kind);
}

const PARTS: Record<Kind, (asked: Asked) => Promise<Part>> = {
  repositories,
  "resource-groups": resourceGroups,
  members,
  "service-accounts": serviceAccounts,
  tokens,
  "own-tokens": ownTokens,
  sso,
  spaces,
  "organization-visibility": organizationVisibility,
};

/** The name as the Hub writes it, because ids contain it. */
export async function canonicalName(reader: Reader, organization: string): Promise<string> {
  const { orgs } = await reader.ask((client) => client.whoami());
  return orgs.find(({ name }) => name.toLowerCase() === organization.toLowerCase())?.name ?? organization;
}

async function repositories(asked: Asked): Promise<Part> {
  const all = await asked.reader.ask((client) => client.listRepositories(asked.organization));
  const types = CONFIGURABLE_REPO_TYPES.filter((type) => all.some((each) => each.type === type));
  const gates = await gatesOf(asked, types);
  // The two lists can differ, because they are two requests.
  await forEach(all, async ({ id, type }) => {
    if (gates.has(`${type} ${id}`) || (type !== "model" && type !== "dataset")) return;
    try {
      gates.set(`${type} ${id}`, (await asked.reader.ask((client) => client.getRepo(id, type))).gated);
    } catch (error) {
      if (isAboutToken(error) || isOutage(error)) throw error;
      // The import asks again, and leaves the repository out with the reason.
    }
  });
  const kind = "repositories";
  const leftOut: LeftOut[] = [];
  const found = all.flatMap(({ id: repo, type, visibility }): Found[] => {
    const repoType = CONFIGURABLE_REPO_TYPES.find((each) => each === type);
    if (!repoType) {
      leftOut.push({
        kind,
        title: `${type} ${repo}`,
        why: `the Hub's API cannot change the settings of a ${type}`,
      });
      return [];
    }
    const gated = gates.get(`${repoType} ${repo}`);
    const isGated = gated === "auto" || gated === "manual";
    return [
      {
        ...{ kind, type: "RepoVisibility", id: `${repoType}/${repo}`, subject: repo },
        title: `${repoType} ${repo} (${visibility}${isGated ? `, gated: ${gated}` : ""})`,
        name: `${repoType}-${plainName(repo.split("/")[1] ?? "")}`,
        args: {
          repo,
          ...(repoType !== "model" && { repoType }),
          visibility,
          // A repository that is not gated needs no declaration, which would cost a request in each refresh.
          ...(isGated && { gated }),
        },
        isOpen: visibility === "public" || visibility === "protected",
      },
    ];
  });
  return { found: sorted(found), leftOut };
}

/** The repositories of the organization of one type. */
async function listed(
  { reader, organization }: Asked,
  type: "model" | "dataset" | "space" | "bucket",
): Promise<AuthoredRepo[]> {
  const repositories = await reader.ask((client) =>
    type === "bucket"
      ? client.listBuckets(organization)
      : client.listReposOf(organization, { type, ...(type !== "space" && { gates: true }) }),
  );
  reader.know(type, repositories);
  return repositories;
}

/** The gates of models and datasets. */
async function gatesOf(
  asked: Asked,
  types: readonly ConfigurableRepoType[],
): Promise<Map<string, AuthoredRepo["gated"]>> {
  const lists = await forEach(types, (type) => listed(asked, type));
  return new Map(
    lists.flatMap((list, at) => list.map(({ id, gated }) => [`${types[at] ?? ""} ${id}`, gated])),
  );
}

async function resourceGroups({ reader, organization }: Asked): Promise<Part> {
  const groups = await reader.ask((client) => client.listResourceGroups(organization));
  const found = groups.map(({ id, name, description, autoJoin, spendLimits, users, resources }): Found => {
    const { text, mark } = splitMark(description ?? "");
    const others = resources.filter(({ type }) => !isConfigurable(type)).length;
    const joins = autoJoin?.enabled === true;
    return {
      ...{ kind: "resource-groups", type: "ResourceGroup", id: `${organization}/${id}`, subject: name },
      title: `${name} (${count(users.length, "member")}, ${count(resources.length - others, "repository", "repositories")})`,
      name: slugOf(name),
      constant: { text: name, noun: "group" },
      markedBy: mark?.owner,
      args: {
        ...{ organization, name },
        ...(text !== "" && { description: text }),
        ...(joins && { autoJoin: { role: autoJoin.role, scope: autoJoin.scope ?? "all" } }),
        ...(Object.keys(spendLimits ?? {}).length > 0 && { spendLimits }),
        ...(!joins && { members: users.map((user) => ({ user: user.name, role: user.role })) }),
        repositories: resources.flatMap(({ type, name: repo }) =>
          isConfigurable(type) && repo !== undefined
            ? [{ repo, ...(type !== "model" && { repoType: type }) }]
            : [],
        ),
      },
      comment: joins ? ["Members join automatically, so the list of members is not managed."] : [],
    };
  });
  return { found: sorted(found), leftOut: [] };
}

function isConfigurable(type: string): type is ConfigurableRepoType {
  return CONFIGURABLE_REPO_TYPES.some((each) => each === type);
}

async function members({ reader, organization }: Asked): Promise<Part> {
  const kind = "members";
  const leftOut: LeftOut[] = [];
  const all = await reader.ask((client) => client.listMembers(organization));
  const found = all.flatMap(({ user, role, type = "user" }): Found[] => {
    if (type !== "user" || role === undefined) {
      const why =
        type === "user"
          ? "the Hub does not show the role to this token"
          : `it is an account of the type ${type}`;
      leftOut.push({ kind, title: user, why });
      return [];
    }
    return [
      {
        ...{ kind, type: "MemberRole", id: `${organization}/${user}`, subject: user },
        title: `${user} (${role})`,
        name: plainName(user),
        args: { organization, user, role },
      },
    ];
  });
  return { found: sorted(found), leftOut };
}

async function serviceAccounts({ reader, organization }: Asked): Promise<Part> {
  const accounts = await reader.ask((client) => client.listServiceAccounts(organization));
  const found = accounts.map(({ _id, name, description }): Found => {
    const { text, mark } = splitMark(description ?? "");
    return {
      ...{ kind: "service-accounts", type: "ServiceAccount", id: `${organization}/${_id}`, subject: name },
      title: name,
      name: slugOf(name),
      constant: { text: name, noun: "account" },
      markedBy: mark?.owner,
      args: { organization, name, ...(text !== "" && { description: text }) },
    };
  });
  return { found: sorted(found), leftOut: [] };
}

async function tokens({ reader, organization }: Asked): Promise<Part> {
  const accounts = await reader.ask((client) => client.listServiceAccounts(organization));
  const leftOut: LeftOut[] = [];
  const lists = await forEach(accounts, async (account) => {
    const details = await reader.ask((client) => client.getServiceAccount(organization, account._id));
    if (!details.accessTokens) {
      const why = "the Hub does not list its tokens to this token";
      leftOut.push({ kind: "tokens", title: `tokens of ${account.name}`, why });
    }
    return (details.accessTokens ?? []).map((token) => ({ account, token }));
  });
  const issued = lists.flat();
  const names = issued.some(({ token }) => token.repoIds?.length)
    ? await namesById({ reader, organization })
    : NO_NAMES;
  const found = issued.map(({ account, token }) => tokenOf(organization, account, token, names));
  return { found: sorted(found), leftOut };
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The names of the organization's repositories in the form of a token's argument, by the Hub's ids. */
async function namesById(asked: Asked): Promise<ReadonlyMap<string, string>> {
  const types = ["model", "dataset", "space"] as const;
  const lists = await forEach(types, (type) => listed(asked, type));
  const prefixes = ["", "datasets/", "spaces/"];
  return new Map(
    lists.flatMap((list, at) =>
      list.flatMap(({ _id, id }) =>
        _id === undefined ? [] : [[_id, `${prefixes[at] ?? ""}${id}`] as const],
      ),
    ),
  );
}

function tokenOf(
  organization: string,
  account: ServiceAccountInfo,
  token: ServiceAccountToken,
  names: ReadonlyMap<string, string>,
): Found {
  const { text, mark } = splitMark(token.displayName);
  const {
    permissions = [],
    repoPermissions = [],
    repoIds = [],
    endpointPatterns = [],
    skipNetworkSecurity,
  } = token;
  return {
    ...{ kind: "tokens", type: "HubToken", id: `${organization}/${account._id}/${token._id}` },
    subject: `${account.name}/${text}`,
    title: `${text} of ${account.name}`,
    name: [slugOf(account.name), slugOf(text)].filter(Boolean).join("-"),
    constant: { text: `${account.name} ${text}`, noun: "token" },
    markedBy: mark?.owner,
    args: {
      ...{ organization, serviceAccount: account._id, name: text, permissions: [...permissions].sort() },
      ...(repoIds.length > 0 && { repos: repoIds.map((id) => names.get(id) ?? id).sort() }),
      ...(repoPermissions.length > 0 && { repoPermissions: [...repoPermissions].sort() }),
      ...(endpointPatterns.length > 0 && { endpointPatterns: [...endpointPatterns].sort() }),
      ...(skipNetworkSecurity === true && { skipNetworkSecurity }),
    },
  };
}

async function ownTokens({ reader }: Asked): Promise<Part> {
  const kind = "own-tokens";
  const { auth } = await reader.ask((client) => client.whoami());
  const own = auth?.accessToken?.displayName;
  const leftOut: LeftOut[] = [];
  const all = await reader.ask((client) => client.listTokens());
  const found = all.flatMap(({ name: hubName, role, expiresAt }): Found[] => {
    if (hubName === own) {
      leftOut.push({ kind, title: hubName, why: "this run uses it" });
      return [];
    }
    const { text, mark } = splitMark(hubName);
    const args: Arguments = { name: text, role, ...(expiresAt && { expiresAt }) };
    return [
      {
        ...{ kind, type: "HubToken", id: `user/${hubName}`, subject: text, title: `${text} (${role})` },
        name: ["user", slugOf(text)].filter(Boolean).join("-"),
        constant: { text: `user ${text}`, noun: "token" },
        ...{ markedBy: mark?.owner, args },
      },
    ];
  });
  return { found: sorted(found), leftOut };
}

async function sso({ reader, organization }: Asked): Promise<Part> {
  const settings = await reader.ask((client) => ssoSettingsOf(organization, client));
  if (!settings) return { found: [], leftOut: [] };
  const { provider, enabled, ssoUrl, clientId, certificate } = settings;
  const isOidc = provider === "oidc";
  const found: Found = {
    ...{ kind: "sso", type: "SsoConfig", id: `${organization}/sso`, subject: "sso", name: "sso" },
    title: `${isOidc ? "OpenID Connect" : "SAML"} (${enabled ? "on" : "off"})`,
    constant: { text: "sso", noun: "config" },
    args: {
      ...{ organization, provider, enabled, ssoUrl },
      ...(isOidc ? { clientId } : { certificate }),
    },
    ...(isOidc && { unknown: "clientSecret", by: "option import" as const }),
  };
  return { found: [found], leftOut: [] };
}

async function spaces({ reader, organization }: Asked): Promise<Part> {
  const kind = "spaces";
  const all = await listed({ reader, organization }, "space");
  const leftOut: LeftOut[] = [];
  const lists = await forEach(all, async ({ id: space }): Promise<Found[]> => {
    try {
      const [variables, secrets] = await Promise.all([
        reader.ask((client) => client.listSpaceVariables(space)),
        reader.ask((client) => client.listSpaceSecrets(space)),
      ]);
      const described = (description: string | undefined): object => (description ? { description } : {});
      return [
        ...Object.values(variables).map(({ key, value, description }): Found => ({
          ...{ ...setting(space, key), title: `variable ${key} of ${space}`, type: "SpaceVariable" },
          args: { space, key, value, ...described(description) },
        })),
        ...Object.values(secrets).map(({ key, description }): Found =>
          secretOf(space, key, described(description)),
        ),
      ];
    } catch (error) {
      if (isAboutToken(error) || isOutage(error)) throw error;
      leftOut.push({ kind, title: space, why: error instanceof Error ? error.message : String(error) });
      return [];
    }
  });
  return { found: sorted(lists.flat()), leftOut };
}

function setting(space: string, key: string) {
  const name = `${plainName(space.split("/")[1] ?? "")}-${plainName(key)}`;
  return { kind: "spaces" as const, id: `${space}/${key}`, subject: `${space}/${key}`, name };
}

function secretOf(space: string, key: string, described: object): Found {
  return {
    ...{ ...setting(space, key), title: `secret ${key} of ${space}`, type: "SpaceSecret" },
    args: { space, key, ...described, acknowledgeOverwrite: "Set by the program from now on." },
    ...{ unknown: "value", by: "overwriting" },
  };
}

async function organizationVisibility({ reader, organization }: Asked): Promise<Part> {
  const doubt = doubtAbout(await reader.ask((client) => client.whoami()), organization);
  if (doubt) throw new Error(`It needs the token of an administrator who sees everything, but ${doubt}.`);
  const all = await reader.ask((client) => client.listRepositories(organization));
  const wider = all.filter(({ visibility }) => visibility !== "private");
  const found: Found = {
    ...{ kind: "organization-visibility", type: "OrganizationVisibility", id: `${organization}/visibility` },
    ...{ subject: "organization-visibility", name: "visibility", by: "creation" },
    title: `private, with ${count(wider.length, "exception")}`,
    args: {
      organization,
      exceptions: sorted(wider.map((each) => ({ ...each, title: `${each.type} ${each.id}` }))).map(
        ({ id, type, visibility }) => ({ repo: id, repoType: type, visibility }),
      ),
    },
    isOpen: wider.length > 0,
    comment: [
      "It is not an object on the Hub. The first `pulumi up` creates it in the state, and only reads.",
    ],
  };
  return { found: [found], leftOut: [] };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** In the order of their titles, which does not depend on the Hub's. */
function sorted<T extends { title: string }>(items: readonly T[]): T[] {
  return [...items].sort((one, other) => (one.title < other.title ? -1 : one.title > other.title ? 1 : 0));
}
