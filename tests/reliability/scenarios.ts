// Each step of each resource's life, in its own small stack, with what must be true whatever goes wrong on the way.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { HubClient } from "../../provider/src/client";
import { type Properties } from "../../provider/src/model/plain";
import { definitionOf, type ResourceType } from "../../provider/src/resources/registry";
import { splitMark } from "../../provider/src/rules/mark";
import { isWider } from "../../provider/src/rules/visibility";
import { type Organization } from "../../local-hub/src/store/records";
import { type OrgRole, type Visibility } from "../../provider/src/client/types";
import { type Hub } from "../support/hub";
import { type AnyDefinition, type Declaration, type Stack } from "../support/stack";

/** The organization of all scenarios. */
export const ORGANIZATION = "acme";

/** What a scenario gets. */
export interface Setting {
  hub: Hub;
  /** The administrator's client, for changes by hand and without faults. */
  byHand: HubClient;
  certificates: { first: string; second: string };
}

/** One scenario, ready to run. */
export interface Prepared {
  /** What is declared before anything goes wrong. Absent if the scenario tests the first creation. */
  before?: Declaration[];
  /** A change by hand, or the leftovers of an earlier interrupted run. */
  meanwhile?: (stack: Stack) => Promise<void>;
  /** What is declared when things go wrong, and afterwards. */
  program: Declaration[];
  operation: "up" | "up --refresh" | "refresh" | "destroy";
  /** What has to be true at every moment: after the failed step, and after each following one. */
  always(stack: Stack): void;
  /** What has to be true in the end. */
  finally(stack: Stack): void;
}

/** A scenario. */
export interface Scenario {
  name: string;
  /** The resource types whose steps meet the faults. */
  types: readonly ResourceType[];
  /** Scenarios with this mark share the organization's only single sign-on. */
  sso?: true;
  prepare(setting: Setting): Promise<Prepared>;
}

const hex = (length: number): string => randomBytes(length).toString("hex").slice(0, length);

const token = definitionOf("HubToken") as AnyDefinition;
const predecessors = definitionOf("HubTokenPredecessors") as AnyDefinition;
const account = definitionOf("ServiceAccount") as AnyDefinition;
const group = definitionOf("ResourceGroup") as AnyDefinition;
const visibility = definitionOf("RepoVisibility") as AnyDefinition;
const organizationVisibility = definitionOf("OrganizationVisibility") as AnyDefinition;
const sso = definitionOf("SsoConfig") as AnyDefinition;
const credential = definitionOf("SsoCredential") as AnyDefinition;
const spaceSecret = definitionOf("SpaceSecret") as AnyDefinition;
const spaceVariable = definitionOf("SpaceVariable") as AnyDefinition;

// --- Tokens ------------------------------------------------------------------------------------------------------

function tokenProgram(args: Properties): Declaration[] {
  const { owner, organization, serviceAccount, revokeStrays } = args;
  return [
    { name: "token", definition: token, args: () => args },
    {
      name: "predecessors",
      definition: predecessors,
      args(outputs) {
        const { tokenId, predecessors: superseded } = outputs("token");
        const place = organization === undefined ? {} : { organization, serviceAccount };
        const settings = { overlapHours: 0, idleMinutes: 0, revokeStrays };
        return { ...place, ...settings, owner, tokenId, predecessors: superseded };
      },
    },
  ];
}

interface HubToken {
  id: string;
  name: string;
  used: boolean;
}

interface TokenHome {
  args: Properties;
  /** Live tokens of the account or user. */
  live(): HubToken[];
  /** Makes a token by hand, and uses it if requested. */
  plant(name: string, use: boolean): Promise<string>;
}

async function accountHome({ hub, byHand }: Setting): Promise<TokenHome> {
  const { _id } = await byHand.createServiceAccount(ORGANIZATION, { name: "ci" });
  return {
    args: {
      owner: hex(8),
      organization: ORGANIZATION,
      serviceAccount: _id,
      name: "ci",
      permissions: ["org.read"],
      repos: ["acme/llm-private"],
      repoPermissions: ["repo.content.read"],
      overlapHours: 0,
      idleMinutes: 0,
    },
    live: () =>
      hub.store.tokensOf(_id).map((each) => ({
        id: each.id,
        name: each.displayName,
        used: each.lastUsedAt !== undefined,
      })),
    async plant(displayName, use) {
      const made = await byHand.createServiceAccountToken(ORGANIZATION, _id, { displayName });
      if (use) await useToken(hub, made.token);
      return made.tokenInfo._id;
    },
  };
}

function userHome({ hub, byHand }: Setting): TokenHome {
  const found = hub.store.findToken(hub.tokens.admin);
  const user = found?.kind === "user" ? found.token.owner : "";
  const owner = hex(8);
  return {
    args: { owner, name: "mine", role: "read", overlapHours: 0, idleMinutes: 0 },
    live: () =>
      hub.store
        .tokensOfUser(user)
        .map((each) => ({ id: each.name, name: each.name, used: each.lastUsedAt !== undefined })),
    async plant(name, use) {
      const made = await byHand.createToken({ name, role: "read" });
      if (use) await useToken(hub, made.token);
      return made.name;
    },
  };
}

async function useToken(hub: Hub, value: string): Promise<void> {
  await new HubClient({ endpoint: hub.endpoint, token: value, maxRetries: 0 })
    .whoami()
    .catch(() => undefined);
}

/** Makes tokens that are foreign or in use. They have to survive everything. */
async function plantStrangers(home: TokenHome): Promise<string[]> {
  const owner = home.args["owner"] as string;
  return [
    await home.plant(`by hand ${hex(12)}`, false),
    await home.plant(`ci [${hex(8)}-0001]`, false),
    await home.plant(`ci [${owner}-zzzz] ${hex(12)}`, false),
    await home.plant(`ci [${owner}-beef]`, true),
  ];
}

function tokenScenario(
  name: string,
  homeOf: (setting: Setting) => Promise<TokenHome> | TokenHome,
  operation: Prepared["operation"],
  shape: {
    /** Changes of the arguments in the tested step. */
    change?: Properties;
    /** Whether the first creation is tested. */
    first?: true;
    meanwhile?: (stack: Stack, home: TokenHome) => Promise<void>;
    /** Whether all strays that were never used are gone in the end. */
    revokesStrays?: true;
  },
): Scenario {
  return {
    name,
    types: ["HubToken", "HubTokenPredecessors"],
    async prepare(setting) {
      const { hub } = setting;
      const home = await homeOf(setting);
      const strangers = await plantStrangers(home);
      const owner = home.args["owner"];
      const ours = () =>
        home
          .live()
          .filter((each) => splitMark(each.name).mark?.owner === owner && !strangers.includes(each.id));
      const meanwhile = shape.meanwhile;
      return {
        ...(shape.first ? {} : { before: tokenProgram(home.args) }),
        ...(meanwhile && { meanwhile: (stack: Stack) => meanwhile(stack, home) }),
        program: tokenProgram({ ...home.args, ...shape.change }),
        operation,
        always(stack) {
          const live = home.live().map(({ id }) => id);
          for (const stranger of strangers) {
            assert.ok(live.includes(stranger), "a foreign or used token was revoked");
          }
          if (operation === "destroy" || !stack.kept.has("token")) return;
          const { tokenId, token: value } = stack.outputs("token");
          assert.ok(live.includes(tokenId as string), "the stack's token is not live on the Hub");
          const found = hub.store.findToken(value as string)?.token as
            { id: string; name?: string } | undefined;
          assert.ok(found, "the Hub does not accept the value that the stack has");
          assert.ok(
            [found.id, found.name].includes(tokenId as string),
            "the stack has the value of another token",
          );
        },
        finally(stack) {
          // Leftovers of an interrupted creation stay and are reported.
          const report =
            stack.said.map(({ message }) => message).find((text) => text.includes("this resource's mark")) ??
            "";
          const left = ours().filter(({ name: hubName }) => !report.includes(hubName));
          if (operation === "destroy") {
            assert.deepEqual(left, [], "tokens are left behind without a report");
            assert.equal(stack.kept.size, 0);
            return;
          }
          const { tokenId } = stack.outputs("token");
          assert.deepEqual(
            left.map(({ id }) => id),
            [tokenId],
            "only the stack's token and the reported ones may be left",
          );
          const { pending, strays } = stack.outputs("predecessors");
          assert.deepEqual(pending, []);
          const found = (strays as { used: boolean; tokenId: string }[]).map(({ used, tokenId: id }) => [
            id,
            used,
          ]);
          const expected = [
            ...ours()
              .filter(({ id }) => id !== tokenId)
              .map(({ id }) => [id, false]),
            [strangers[3], true],
          ];
          assert.deepEqual(found.sort(), expected.sort());
          if (shape.revokesStrays) assert.equal(expected.length, 1, "a stray is left");
        },
      };
    },
  };
}

// --- Service accounts ----------------------------------------------------------------------------------------------

function accountScenario(
  name: string,
  operation: Prepared["operation"],
  shape: { first?: true; change?: Properties; strayBefore?: true },
): Scenario {
  return {
    name,
    types: ["ServiceAccount"],
    async prepare({ hub, byHand }) {
      const owner = hex(8);
      const label = `bot-${hex(6)}`;
      const args = {
        owner,
        organization: ORGANIZATION,
        name: label,
        description: "builds",
        forceDestroy: true,
      };
      const mine = () =>
        [...hub.store.serviceAccounts.values()].filter(
          (each) => splitMark(each.description ?? "").mark?.owner === owner,
        );
      const unmarked = await byHand.createServiceAccount(ORGANIZATION, {
        name: label,
        description: "builds",
      });
      const foreign = await byHand.createServiceAccount(ORGANIZATION, {
        name: label,
        description: `builds [${hex(8)}-0001]`,
      });
      const program = (changes: Properties = {}): Declaration[] => [
        { name: "account", definition: account, args: () => ({ ...args, ...changes }) },
      ];
      return {
        ...(shape.first ? {} : { before: program() }),
        ...(shape.strayBefore && {
          meanwhile: async () => {
            await byHand.createServiceAccount(ORGANIZATION, {
              name: label,
              description: `builds [${owner}-0002]`,
            });
          },
        }),
        program: program(shape.change),
        operation,
        always(stack) {
          const ids = new Set(hub.store.serviceAccounts.keys());
          assert.ok(ids.has(unmarked._id) && ids.has(foreign._id), "a foreign account was deleted");
          if (operation === "destroy" || !stack.kept.has("account")) return;
          assert.ok(ids.has(stack.outputs("account")["accountId"] as string), "the stack's account is gone");
        },
        finally(stack) {
          if (operation === "destroy") assert.deepEqual(mine(), [], "accounts are left behind");
          else {
            // Leftovers of an interrupted creation are only reported: an account may have been kept on purpose.
            assert.ok(
              mine().some(({ id }) => id === stack.outputs("account")["accountId"]),
              "the stack's account is gone",
            );
          }
        },
      };
    },
  };
}

// --- Resource groups -----------------------------------------------------------------------------------------------

function groupScenario(
  name: string,
  operation: Prepared["operation"],
  shape: { first?: true; change?: Properties; byHand?: true },
): Scenario {
  return {
    name,
    types: ["ResourceGroup"],
    async prepare({ hub, byHand }) {
      const label = `group-${hex(6)}`;
      const repo = `${ORGANIZATION}/r-${hex(8)}`;
      const settings = { organization: ORGANIZATION, type: "model", visibility: "private" };
      await request(hub, "POST", "/api/repos/create", { name: repo.split("/")[1], ...settings });
      const first = {
        owner: hex(8),
        organization: ORGANIZATION,
        name: label,
        members: [{ user: "wim-write", role: "write" }],
        repositories: [{ repo }],
      };
      const args: Properties = { ...first, ...shape.change };
      const program = (inputs: Properties): Declaration[] => [
        { name: "group", definition: group, args: () => inputs },
      ];
      const mine = () => [...hub.store.resourceGroups.values()].filter((each) => each.name === label);
      return {
        ...(shape.first ? {} : { before: program(first) }),
        async meanwhile(stack) {
          if (!shape.byHand) return;
          const id = stack.outputs("group")["groupId"] as string;
          const user = { user: "cora-contributor", role: "admin" } as const;
          await byHand.addResourceGroupUsers(ORGANIZATION, id, [user]);
          await byHand.setRepoResourceGroup(repo, { groupId: null });
        },
        program: program(args),
        operation,
        always(stack) {
          if (operation === "destroy" || !stack.kept.has("group")) return;
          const id = stack.outputs("group")["groupId"] as string;
          assert.ok(hub.store.resourceGroups.has(id), "the stack's group is gone");
        },
        finally(stack) {
          if (operation === "destroy") return assert.deepEqual(mine(), [], "groups are left behind");
          const id = stack.outputs("group")["groupId"] as string;
          const users = hub.store.resourceGroups.get(id)?.users.map(({ user, role }) => ({ user, role }));
          assert.deepEqual(users, args["members"]);
          assert.equal(hub.store.repository(repo)?.resourceGroupId, id);
        },
      };
    },
  };
}

// --- Repositories --------------------------------------------------------------------------------------------------

function repoScenario(
  name: string,
  operation: Prepared["operation"],
  shape: {
    type?: "model" | "dataset" | "space" | "bucket";
    start: Visibility;
    before?: Properties;
    byHand?: Visibility;
    declared: Properties;
    /** The visibility in the end. */
    end: Visibility;
    /** The widest visibility that is allowed after the start. */
    widest: Visibility;
  },
): Scenario {
  return {
    name,
    types: ["RepoVisibility"],
    async prepare({ hub, byHand }) {
      const type = shape.type ?? "model";
      const repo = `${ORGANIZATION}/r-${hex(8)}`;
      await request(hub, "POST", "/api/repos/create", {
        name: repo.split("/")[1],
        organization: ORGANIZATION,
        type,
        visibility: shape.start,
        ...(type === "space" && { sdk: "static" }),
      });
      const program = (changes: Properties): Declaration[] => [
        {
          name: "repo",
          definition: visibility,
          args: () => ({ repo, repoType: type, ...changes }),
        },
      ];
      const wasAt = hub.store.auditEvents.length;
      let watchedFrom = wasAt;
      return {
        ...(shape.before && { before: program(shape.before) }),
        async meanwhile() {
          if (shape.byHand)
            await byHand.updateRepoSettings(repo, { repoType: type, visibility: shape.byHand });
          watchedFrom = hub.store.auditEvents.length;
        },
        program: program(shape.declared),
        operation,
        always() {
          for (const event of hub.store.auditEvents.slice(watchedFrom)) {
            const data = event.data as { repo?: { name?: string }; visibility?: Visibility } | undefined;
            if (data?.repo?.name !== repo || data.visibility === undefined) continue;
            assert.ok(!isWider(data.visibility, shape.widest), `it was made ${data.visibility} on the way`);
          }
        },
        finally(stack) {
          assert.equal(hub.store.repository(repo, type)?.visibility, shape.end);
          if (operation !== "destroy") assert.equal(stack.outputs("repo")["visibility"], shape.end);
        },
      };
    },
  };
}

/** Each of these has an organization of its own, because the resource is about all repositories of an organization. */
function organizationScenario(
  name: string,
  operation: Prepared["operation"],
  shape: { first?: true; declared: Properties; end: Visibility },
): Scenario {
  return {
    name,
    types: ["OrganizationVisibility"],
    async prepare({ hub }) {
      const own = `o-${hex(8)}`;
      const [id, user] = [hub.store.newId(), "ada-admin"];
      const { organizations, memberships } = hub.store.tables;
      organizations.put(own, { ...(organizations.get(ORGANIZATION) as Organization), id, name: own });
      memberships.put(`${own}/${user}`, { organization: own, user, role: "admin" });
      const body = { name: "open", organization: own, type: "model", visibility: "public" };
      await request(hub, "POST", "/api/repos/create", body);
      const program = (changes: Properties): Declaration[] => [
        {
          name: "organization",
          definition: organizationVisibility,
          args: () => ({ organization: own, ...changes }),
        },
      ];
      const shown = (): Visibility | undefined => hub.store.repository(`${own}/open`)?.visibility;
      return {
        ...(shape.first ? {} : { before: program({}) }),
        program: program(shape.declared),
        operation,
        always: () => assert.ok(["public", shape.end].includes(shown() ?? ""), shown()),
        finally(stack) {
          assert.equal(shown(), shape.end);
          assert.equal(stack.outputs("organization")["violationCount"], 0);
        },
      };
    },
  };
}

// --- Members and resource groups -----------------------------------------------------------------------------------

/** A role of a new person: in the organization, in a resource group, or a repository in one. */
function memberScenario(
  name: string,
  type: "MemberRole" | "ResourceGroupMember",
  operation: Prepared["operation"],
  shape: {
    before?: Properties;
    byHand?: OrgRole;
    declared: Properties;
    /** The role in the end; absent for a person who is not in the resource group. */
    end?: OrgRole;
  },
): Scenario {
  return {
    name,
    types: [type],
    async prepare({ hub, byHand }) {
      const user = `u-${hex(8)}`;
      hub.store.tables.users.put(user, { ...hub.store.users.get("rex-read")!, name: user, id: hex(24) });
      const membership = { organization: ORGANIZATION, user, role: "read" } as const;
      hub.store.tables.memberships.put(`${ORGANIZATION}/${user}`, membership);
      // A change of the role must never remove the person from this resource group.
      const users = [{ user, role: "write" as const }];
      const other = await byHand.createResourceGroup(ORGANIZATION, { name: `other-${user}`, users });
      const own = await byHand.createResourceGroup(ORGANIZATION, { name: user });
      const address = {
        organization: ORGANIZATION,
        user,
        ...(type === "ResourceGroupMember" && { groupId: own.id }),
      };
      const program = (changes: Properties): Declaration[] => [
        {
          name: "member",
          definition: definitionOf(type) as AnyDefinition,
          args: () => ({ ...address, ...changes }),
        },
      ];
      const roleIn = (id: string): OrgRole | undefined =>
        hub.store.resourceGroups.get(id)?.users.find((each) => each.user === user)?.role;
      const role = (): OrgRole | undefined =>
        type === "MemberRole" ? hub.store.memberships.get(`${ORGANIZATION}/${user}`)?.role : roleIn(own.id);
      return {
        ...(shape.before && { before: program(shape.before) }),
        async meanwhile() {
          if (!shape.byHand) return;
          if (type === "MemberRole") {
            const resourceGroups = [{ id: other.id, role: "write" as const }];
            await byHand.updateMemberRole(ORGANIZATION, user, { role: shape.byHand, resourceGroups });
          } else await byHand.updateResourceGroupUser(ORGANIZATION, own.id, { user, role: shape.byHand });
        },
        program: program(shape.declared),
        operation,
        always: () => assert.equal(roleIn(other.id), "write", "the other resource group has lost the person"),
        finally(stack) {
          assert.equal(role(), shape.end);
          if (operation !== "destroy") assert.equal(stack.outputs("member")["role"], shape.end);
        },
      };
    },
  };
}

function repoGroupScenario(
  name: string,
  operation: Prepared["operation"],
  shape: { before?: "first" | "second"; byHand?: "none"; declared: "first" | "second"; onDestroy?: "remove" },
): Scenario {
  return {
    name,
    types: ["RepoResourceGroup"],
    async prepare({ hub, byHand }) {
      const repo = `${ORGANIZATION}/r-${hex(8)}`;
      const settings = { name: repo.split("/")[1], organization: ORGANIZATION, type: "model", private: true };
      await request(hub, "POST", "/api/repos/create", settings);
      const made = async (each: string): Promise<string> =>
        (await byHand.createResourceGroup(ORGANIZATION, { name: `${each} of ${repo}` })).id;
      const groups = { first: await made("first"), second: await made("second") };
      const program = (which: "first" | "second"): Declaration[] => [
        {
          name: "repo",
          definition: definitionOf("RepoResourceGroup") as AnyDefinition,
          args: () => ({
            repo,
            groupId: groups[which],
            ...(shape.onDestroy && { onDestroy: shape.onDestroy }),
          }),
        },
      ];
      const group = (): string | undefined => hub.store.repository(repo, "model")?.resourceGroupId;
      return {
        ...(shape.before && { before: program(shape.before) }),
        async meanwhile() {
          if (shape.byHand) await byHand.setRepoResourceGroup(repo, { groupId: null });
        },
        program: program(shape.declared),
        operation,
        always: () => undefined,
        finally(stack) {
          if (operation === "destroy") return assert.equal(group(), undefined);
          assert.equal(group(), groups[shape.declared]);
          assert.equal(stack.outputs("repo")["groupId"], groups[shape.declared]);
        },
      };
    },
  };
}

/** Sends a request that the client has no method for. */
export async function request(hub: Hub, method: string, path: string, body?: unknown): Promise<void> {
  const answer = await fetch(hub.endpoint + path, {
    method,
    headers: { authorization: `Bearer ${hub.tokens.admin}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

// --- Single sign-on --------------------------------------------------------------------------------------------------

const SAML = (certificate: string): Properties => ({
  organization: ORGANIZATION,
  provider: "saml",
  ssoUrl: "https://idp.acme.example/sso",
  certificate,
  enabled: true,
});
const OIDC: Properties = {
  organization: ORGANIZATION,
  provider: "oidc",
  ssoUrl: "https://idp.acme.example",
  clientId: "hub",
  clientSecret: "a-secret-of-the-client",
  enabled: true,
};

function ssoScenario(
  name: string,
  operation: Prepared["operation"],
  shape: {
    first?: true;
    start: (setting: Setting) => Properties;
    change?: (setting: Setting) => Properties;
    byHand?: { ssoUrl?: string };
  },
): Scenario {
  return {
    name,
    types: ["SsoConfig"],
    sso: true,
    async prepare(setting) {
      const { hub, byHand } = setting;
      if (hub.store.sso.has(ORGANIZATION)) await byHand.deleteSsoConfig(ORGANIZATION);
      const first = shape.start(setting);
      const args: Properties = { ...first, ...shape.change?.(setting) };
      const program = (inputs: Properties): Declaration[] => [
        { name: "sso", definition: sso, args: () => inputs },
      ];
      let started = hub.store.auditEvents.length;
      return {
        ...(shape.first ? {} : { before: program(first) }),
        async meanwhile() {
          if (shape.byHand) await byHand.updateSsoConfig(ORGANIZATION, shape.byHand);
          started = hub.store.auditEvents.length;
        },
        program: program(args),
        operation,
        always() {
          const turnedOff = hub.store.auditEvents
            .slice(started)
            .filter(({ type }) => type === "org.settings.sso.disable");
          if (operation !== "destroy") assert.deepEqual(turnedOff, [], "single sign-on was off on the way");
        },
        finally(stack) {
          const onHub = hub.store.sso.get(ORGANIZATION);
          if (operation === "destroy") {
            assert.equal(onHub?.enabled, args["onDestroy"] !== "disable");
            return;
          }
          assert.ok(onHub);
          for (const part of ["provider", "enabled", "ssoUrl", "clientId"] as const) {
            assert.equal(onHub[part], args[part], part);
            assert.equal(stack.outputs("sso")[part], args[part], part);
          }
          assert.equal(onHub.certificate?.trim(), (args["certificate"] as string | undefined)?.trim());
          if (args["clientSecret"] !== undefined) {
            assert.equal(onHub.clientSecretHash, hashOf(args["clientSecret"] as string), "another secret");
          }
        },
      };
    },
  };
}

function credentialScenario(
  name: string,
  operation: Prepared["operation"],
  shape: { first?: true; change?: Properties },
): Scenario {
  return {
    name,
    types: ["SsoCredential"],
    sso: true,
    async prepare({ hub, byHand }) {
      if (hub.store.sso.has(ORGANIZATION)) await byHand.deleteSsoConfig(ORGANIZATION);
      const { organization: _o, ...settings } = OIDC;
      await byHand.updateSsoConfig(ORGANIZATION, settings);
      const first = { organization: ORGANIZATION, clientSecret: "the first secret", replaceExisting: true };
      const args: Properties = { ...first, ...shape.change };
      const program = (inputs: Properties): Declaration[] => [
        { name: "credential", definition: credential, args: () => inputs },
      ];
      return {
        ...(shape.first ? {} : { before: program(first) }),
        program: program(args),
        operation,
        always: () => undefined,
        finally(stack) {
          const onHub = hub.store.sso.get(ORGANIZATION);
          assert.equal(onHub?.enabled, true);
          assert.equal(onHub.clientSecretHash, hashOf(args["clientSecret"] as string), "another secret");
          if (operation !== "destroy") {
            assert.equal(stack.outputs("credential")["clientSecret"], args["clientSecret"]);
          }
        },
      };
    },
  };
}

// --- Secrets and variables of a Space ------------------------------------------------------------------------------

function settingScenario(
  name: string,
  operation: Prepared["operation"],
  shape: {
    type: "SpaceSecret" | "SpaceVariable";
    first?: true;
    change?: Properties;
    byHand?: "change" | "delete";
  },
): Scenario {
  return {
    name,
    types: [shape.type],
    async prepare({ hub, byHand }) {
      const space = `${ORGANIZATION}/s-${hex(8)}`;
      const body = { name: space.split("/")[1], organization: ORGANIZATION, type: "space", sdk: "static" };
      await request(hub, "POST", "/api/repos/create", body);
      const isSecret = shape.type === "SpaceSecret";
      // Without a reason, a secret whose creation was interrupted is not overwritten.
      const first = { space, key: "KEY", value: "the first value", acknowledgeOverwrite: "a retry" };
      const args: Properties = { ...first, ...shape.change };
      const program = (inputs: Properties): Declaration[] => [
        { name: "setting", definition: isSecret ? spaceSecret : spaceVariable, args: () => inputs },
      ];
      const inSpace = () =>
        hub.store.spaceSettings.get(`${hub.store.repository(space, "space")?.id ?? ""}/KEY`);
      return {
        ...(shape.first ? {} : { before: program(first) }),
        async meanwhile() {
          const theirs = { key: "KEY", value: "by hand" };
          if (shape.byHand === "change")
            await (isSecret ? byHand.setSpaceSecret(space, theirs) : byHand.setSpaceVariable(space, theirs));
          if (shape.byHand === "delete")
            await (isSecret
              ? byHand.deleteSpaceSecret(space, "KEY")
              : byHand.deleteSpaceVariable(space, "KEY"));
        },
        program: program(args),
        operation,
        always: () => undefined,
        finally(stack) {
          const setting = inSpace();
          if (operation === "destroy") return assert.equal(setting, undefined);
          const value = args["value"] as string;
          assert.deepEqual(
            [setting?.valueHash, setting?.value],
            isSecret ? [hashOf(value), undefined] : [undefined, value],
          );
          assert.equal(stack.outputs("setting")["value"], value);
          assert.equal(stack.outputs("setting")["status"], "active");
        },
      };
    },
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

// --- All -------------------------------------------------------------------------------------------------------------

const rotate = { rotationTriggers: { wave: "2" } };

/** Leaves a successor whose predecessor is due. */
async function rotated(stack: Stack, home: TokenHome): Promise<void> {
  const asked = stack.program;
  stack.program = tokenProgram({ ...home.args, ...rotate });
  const { errors } = await stack.up();
  assert.deepEqual(errors, []);
  stack.program = asked;
}

/** Leaves a token with our mark that no state knows. */
async function strayed(_stack: Stack, home: TokenHome): Promise<void> {
  await home.plant(`ci [${home.args["owner"] as string}-0bad]`, false);
}

export const SCENARIOS: readonly Scenario[] = [
  tokenScenario("token: create", accountHome, "up", { first: true }),
  tokenScenario("token: create with one stray", accountHome, "up", { first: true, meanwhile: strayed }),
  tokenScenario("token: create, with revokeStrays", accountHome, "up", {
    ...{ first: true, meanwhile: strayed, revokesStrays: true },
    change: { revokeStrays: true },
  }),
  tokenScenario("token: refresh", accountHome, "refresh", {}),
  tokenScenario("token: update in place", accountHome, "up", {
    change: { name: "renamed", permissions: ["org.read", "collection.read"] },
  }),
  tokenScenario("token: narrow, with a refresh", accountHome, "up --refresh", {
    change: { permissions: [] },
  }),
  tokenScenario("token: rotate", accountHome, "up", { change: rotate }),
  tokenScenario("token: rotate and narrow", accountHome, "up --refresh", {
    change: { ...rotate, permissions: [] },
  }),
  tokenScenario("token: retire", accountHome, "up", { change: rotate, meanwhile: rotated }),
  tokenScenario("token: revoke a stray", accountHome, "up --refresh", {
    ...{ meanwhile: strayed, revokesStrays: true },
    change: { revokeStrays: true },
  }),
  tokenScenario("token: delete", accountHome, "destroy", {}),
  tokenScenario("token: delete with a predecessor", accountHome, "destroy", {
    change: rotate,
    meanwhile: rotated,
  }),
  tokenScenario("own token: create", userHome, "up", { first: true }),
  tokenScenario("own token: refresh", userHome, "refresh", {}),
  tokenScenario("own token: another role", userHome, "up", { change: { role: "write" } }),
  tokenScenario("own token: retire", userHome, "up --refresh", { change: rotate, meanwhile: rotated }),
  tokenScenario("own token: delete", userHome, "destroy", {}),
  accountScenario("account: create", "up", { first: true }),
  accountScenario("account: refresh", "refresh", {}),
  accountScenario("account: a stray", "up --refresh", { strayBefore: true }),
  accountScenario("account: replace", "up", { change: { description: "releases", allowReplace: true } }),
  accountScenario("account: delete", "destroy", {}),
  groupScenario("group: create", "up", { first: true }),
  groupScenario("group: refresh", "refresh", {}),
  groupScenario("group: change members and limits", "up", {
    change: { members: [{ user: "rex-read", role: "read" }], spendLimits: { total: 100 } },
  }),
  groupScenario("group: tighten", "up --refresh", { byHand: true }),
  groupScenario("group: delete", "destroy", {}),
  repoScenario("visibility: narrow a public one", "up", {
    start: "public",
    declared: { visibility: "private" },
    end: "private",
    widest: "private",
  }),
  repoScenario("visibility: refresh", "refresh", {
    start: "private",
    before: { visibility: "private" },
    declared: { visibility: "private" },
    end: "private",
    widest: "private",
  }),
  repoScenario("visibility: undo what someone widened", "up --refresh", {
    start: "private",
    before: { visibility: "private" },
    byHand: "public",
    declared: { visibility: "private" },
    end: "private",
    widest: "private",
  }),
  repoScenario("visibility: widen with a reason", "up", {
    start: "private",
    before: { visibility: "private" },
    declared: { visibility: "public", acknowledgePublic: "the paper is out" },
    end: "public",
    widest: "public",
  }),
  repoScenario("visibility: gate a dataset", "up", {
    type: "dataset",
    start: "public",
    before: { visibility: "public", acknowledgePublic: "benchmark" },
    declared: { visibility: "internal", gated: "manual" },
    end: "internal",
    widest: "internal",
  }),
  repoScenario("visibility: a Space", "up --refresh", {
    type: "space",
    start: "public",
    declared: { visibility: "protected", acknowledgePublic: "a demo" },
    end: "protected",
    widest: "protected",
  }),
  repoScenario("visibility: destroy to private", "destroy", {
    start: "public",
    before: { visibility: "public", acknowledgePublic: "benchmark", onDestroy: "private" },
    declared: { visibility: "public", acknowledgePublic: "benchmark", onDestroy: "private" },
    end: "private",
    widest: "private",
  }),
  organizationScenario("organization: create", "up", {
    first: true,
    declared: { widest: "public", mode: "enforce" },
    end: "public",
  }),
  organizationScenario("organization: refresh", "refresh", {
    declared: { widest: "public" },
    end: "public",
  }),
  organizationScenario("organization: narrow", "up --refresh", {
    declared: { mode: "enforce" },
    end: "private",
  }),
  organizationScenario("organization: narrow to internal", "up", {
    declared: { mode: "enforce", widest: "internal" },
    end: "internal",
  }),
  memberScenario("role: apply", "MemberRole", "up", { declared: { role: "write" }, end: "write" }),
  memberScenario("role: refresh", "MemberRole", "refresh", {
    before: { role: "write" },
    declared: { role: "write" },
    end: "write",
  }),
  memberScenario("role: lower what someone raised", "MemberRole", "up --refresh", {
    before: { role: "read" },
    byHand: "admin",
    declared: { role: "read" },
    end: "read",
  }),
  memberScenario("role: raise with a reason", "MemberRole", "up", {
    before: { role: "write" },
    byHand: "read",
    declared: { role: "write", acknowledgeOverwrite: "back from leave" },
    end: "write",
  }),
  memberScenario("role: destroy to read", "MemberRole", "destroy", {
    before: { role: "write", onDestroy: "read" },
    declared: { role: "write", onDestroy: "read" },
    end: "read",
  }),
  memberScenario("group member: add", "ResourceGroupMember", "up", {
    declared: { role: "write" },
    end: "write",
  }),
  memberScenario("group member: lower what someone raised", "ResourceGroupMember", "up --refresh", {
    before: { role: "read" },
    byHand: "admin",
    declared: { role: "read" },
    end: "read",
  }),
  memberScenario("group member: remove", "ResourceGroupMember", "destroy", {
    before: { role: "read" },
    declared: { role: "read" },
  }),
  repoGroupScenario("group of a repository: put", "up", { declared: "first" }),
  repoGroupScenario("group of a repository: move", "up", { before: "first", declared: "second" }),
  repoGroupScenario("group of a repository: put back", "up --refresh", {
    ...{ before: "first", byHand: "none" },
    declared: "first",
  }),
  repoGroupScenario("group of a repository: remove", "destroy", {
    ...{ before: "first", onDestroy: "remove" },
    declared: "first",
  }),
  ssoScenario("sso: create saml", "up", {
    first: true,
    start: ({ certificates }) => SAML(certificates.first),
  }),
  ssoScenario("sso: create oidc", "up", { first: true, start: () => OIDC }),
  ssoScenario("sso: refresh", "refresh", { start: ({ certificates }) => SAML(certificates.first) }),
  ssoScenario("sso: next certificate", "up", {
    start: ({ certificates }) => SAML(certificates.first),
    change: ({ certificates }) => ({ certificate: certificates.second }),
  }),
  ssoScenario("sso: undo a change by hand", "up --refresh", {
    start: ({ certificates }) => SAML(certificates.first),
    byHand: { ssoUrl: "https://elsewhere.example/sso" },
    change: () => ({ acknowledgeOverwrite: "the incident is over" }),
  }),
  ssoScenario("sso: another secret", "up", {
    start: () => OIDC,
    change: () => ({ clientSecret: "the next one" }),
  }),
  ssoScenario("sso: destroy", "destroy", {
    start: ({ certificates }) => ({ ...SAML(certificates.first), onDestroy: "disable" }),
  }),
  credentialScenario("credential: create", "up", { first: true }),
  credentialScenario("credential: another secret", "up", { change: { clientSecret: "the next one" } }),
  credentialScenario("credential: destroy", "destroy", {}),
  ...(["SpaceSecret", "SpaceVariable"] as const).flatMap((type) => [
    settingScenario(`${type}: create`, "up", { type, first: true }),
    settingScenario(`${type}: refresh`, "refresh", { type }),
    settingScenario(`${type}: another value`, "up", { type, change: { value: "the next value" } }),
    settingScenario(`${type}: undo a change by hand`, "up --refresh", {
      type,
      byHand: "change",
      change: { acknowledgeOverwrite: "it was a mistake" },
    }),
    settingScenario(`${type}: delete`, "destroy", { type }),
  ]),
];
