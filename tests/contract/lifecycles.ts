// The lifecycle of each resource, from creation to deletion, on a server with answers from the document.
import { HubClient, type WhoAmI } from "../../provider/src/client";
import { type ConfigurableRepoType } from "../../provider/src/client/types";
import { type ResourceDefinition } from "../../provider/src/model/definition";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { organizationVisibilityDefinition } from "../../provider/src/resources/organizationVisibility/lifecycle";
import { memberRoleDefinition } from "../../provider/src/resources/memberRole/lifecycle";
import { repoResourceGroupDefinition } from "../../provider/src/resources/repoResourceGroup/lifecycle";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { resourceGroupDefinition } from "../../provider/src/resources/resourceGroup/lifecycle";
import { resourceGroupMemberDefinition } from "../../provider/src/resources/resourceGroupMember/lifecycle";
import { serviceAccountDefinition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { spaceSecretDefinition } from "../../provider/src/resources/spaceSecret/lifecycle";
import { spaceVariableDefinition } from "../../provider/src/resources/spaceVariable/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";
import { sampleCertificate } from "./clientCalls";
import { TOKEN } from "./clientOnDocument";
import { type Circumstances, type DocumentServer } from "./documentServer";
import { ORGANIZATION, REPOS } from "./subjects";

/** One scenario of a resource's lifecycle. */
export interface Lifecycle extends Circumstances {
  /** Starts with the type of the resource. */
  name: string;
  run(life: Life): Promise<void>;
}

const OWNER = "0123abcd";
const ADMINISTRATOR: WhoAmI = {
  type: "user",
  name: "ada",
  orgs: [{ name: ORGANIZATION, roleInOrg: "admin" }],
  auth: { type: "access_token", accessToken: { role: "write" } },
} as unknown as WhoAmI;
const ACCOUNTS = `/api/organizations/${ORGANIZATION}/service-accounts`;
const GROUPS = `/api/organizations/${ORGANIZATION}/resource-groups`;
const MEMBER = `/api/organizations/${ORGANIZATION}/members/ana`;
const GROUP = "6570ab12ef90cd34ab56ef01";
const OTHER_GROUP = "6570ab12ef90cd34ab56ef02";
const SSO = `/api/organizations/${ORGANIZATION}/settings/sso`;

/** One trial: a server, and the expected result of each step. */
export class Life {
  /** The current step, or the step that failed. */
  step = "start";

  constructor(readonly server: DocumentServer) {}

  get client(): HubClient {
    return new HubClient({ endpoint: this.server.endpoint, token: TOKEN, maxRetries: 0 });
  }

  slot<I extends object, S extends I>(definition: ResourceDefinition<I, S>): ResourceHarness<I, S> {
    // A lifecycle needs only the Hub's address and its credentials.
    const hub = { endpoint: this.server.endpoint, tokens: { admin: TOKEN } } as unknown as Hub;
    return new ResourceHarness(definition, { hub, clock: new Clock() });
  }

  /** Runs a step and compares its result. */
  async expect(step: string, done: unknown, wanted: unknown): Promise<void> {
    this.step = step;
    this.same(await done, wanted);
  }

  /** Compares a value that the previous step has left. */
  same(actual: unknown, wanted: unknown): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (is !== should) throw new Error(`expected ${should}, but it is ${is}`);
  }

  /** The usual start: a creation, and then no changes, also after a refresh. */
  async begin<I extends object, S extends I>(slot: ResourceHarness<I, S>, args: object): Promise<void> {
    await this.expect("create", slot.up(args), "create");
    await this.settled(slot, args, "create");
  }

  /** Changes something, and then expects no changes. */
  async change<I extends object, S extends I>(
    slot: ResourceHarness<I, S>,
    args: object,
    step: string,
  ): Promise<void> {
    await this.expect(step, slot.up(args), "update");
    await this.settled(slot, args, step);
  }

  async settled<I extends object, S extends I>(
    slot: ResourceHarness<I, S>,
    args: object,
    after: string,
  ): Promise<void> {
    await this.expect(`preview after ${after}`, slot.preview(args), "same");
    // A field that the program does not declare may be an output of the Hub, such as a token's expiry.
    const drift = async (): Promise<unknown> => {
      const found = await slot.refresh();
      return found === "gone" ? found : found.filter((name) => Object.hasOwn(args, name));
    };
    await this.expect(`refresh after ${after}`, drift(), []);
    await this.expect(`preview after the refresh after ${after}`, slot.preview(args), "same");
  }
}

/** All lifecycles. */
export const lifecycles: Lifecycle[] = [
  {
    name: "ResourceGroup",
    async run(life) {
      const slot = life.slot(resourceGroupDefinition);
      const args = { owner: OWNER, organization: ORGANIZATION, name: "Research", forceDestroy: true };
      await life.expect("create", slot.up(args), "create");
      await life.expect("preview after create", slot.preview(args), "same");
      // The Hub may say that members join automatically, which the program does not declare.
      const drift = async () => ((await slot.refresh()) as string[]).filter((name) => name !== "autoJoin");
      await life.expect("refresh after create", drift(), []);
      const path = `${GROUPS}/${slot.kept.groupId}`;
      const changed = { ...args, name: "Models" };
      await life.expect("change of the name", slot.up(changed), "update");
      await life.expect("preview after the change", slot.preview(changed), "same");
      life.same(life.server.known(path)["name"], "Models");
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(life.server.isGone(path), true);
    },
  },
  {
    name: "ServiceAccount",
    async run(life) {
      const slot = life.slot(serviceAccountDefinition);
      const args = { owner: OWNER, organization: ORGANIZATION, name: "ci", description: "Build pipeline" };
      await life.begin(slot, args);
      const path = `${ACCOUNTS}/${slot.kept.accountId}`;
      await life.expect("change", slot.up({ ...args, recreateIfMissing: true }), "update");
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(life.server.isGone(path), true);
    },
  },
  {
    name: "HubToken of a service account",
    things: { "/api/models/acme/llm-private": { visibility: "private" } },
    async run(life) {
      const account = await life.client.createServiceAccount(ORGANIZATION, { name: "ci" });
      const slot = life.slot(hubTokenDefinition);
      const args = {
        owner: OWNER,
        organization: ORGANIZATION,
        serviceAccount: account._id,
        name: "ci",
        permissions: ["org.read", "job.write"],
        repos: [REPOS.model],
        repoPermissions: ["repo.content.read"],
        endpointPatterns: ["acme/*"],
        // Distinguishes the value from a field that the Hub leaves out.
        skipNetworkSecurity: true,
      };
      await life.begin(slot, args);
      const path = (): string => `${ACCOUNTS}/${account._id}/tokens/${slot.kept.tokenId}`;
      const narrower = { ...args, permissions: ["org.read"] };
      await life.change(slot, narrower, "change of permissions");
      life.same(life.server.known(path())["permissions"], ["org.read"]);
      const { token } = slot.kept;
      const paths = [path()];
      await life.change(slot, { ...narrower, rotationTriggers: { now: "1" } }, "rotation");
      life.same(slot.kept.token === token, false);
      paths.push(path());
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(
        paths.map((each) => life.server.isGone(each)),
        [true, true],
      );
    },
  },
  {
    name: "HubToken of the user",
    async run(life) {
      const slot = life.slot(hubTokenDefinition);
      const args = { owner: OWNER, name: "mine", role: "write", expiresAt: "2099-01-01T00:00:00.000Z" };
      await life.begin(slot, args);
      const path = (): string => `/api/settings/tokens/${encodeURIComponent(slot.kept.tokenId)}`;
      const paths = [path()];
      await life.change(slot, { ...args, rotationTriggers: { now: "1" } }, "rotation");
      paths.push(path());
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(
        paths.map((each) => life.server.isGone(each)),
        [true, true],
      );
    },
  },
  {
    name: "MemberRole",
    things: { [MEMBER]: { user: "ana", role: "read", resourceGroups: [] } },
    async run(life) {
      const slot = life.slot(memberRoleDefinition);
      const args = { organization: ORGANIZATION, user: "ana", onDestroy: "read" };
      await life.begin(slot, { ...args, role: "contributor" });
      await life.change(slot, { ...args, role: "write" }, "change");
      life.same(life.server.known(MEMBER)["role"], "write");
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(life.server.known(MEMBER)["role"], "read");
    },
  },
  {
    name: "ResourceGroupMember",
    things: { [MEMBER]: { user: "ana", role: "read", resourceGroups: [] } },
    async run(life) {
      const slot = life.slot(resourceGroupMemberDefinition);
      const args = { organization: ORGANIZATION, groupId: GROUP, user: "ana" };
      await life.begin(slot, { ...args, role: "read" });
      await life.change(slot, { ...args, role: "write" }, "change");
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(life.server.isGone(`${GROUPS}/${GROUP}/users/ana`), true);
    },
  },
  {
    name: "RepoResourceGroup",
    things: { [`/api/models/${REPOS.model}`]: { resourceGroupId: OTHER_GROUP } },
    async run(life) {
      const slot = life.slot(repoResourceGroupDefinition);
      const args = { repo: REPOS.model, acknowledgeOverwrite: "agreed" };
      await life.begin(slot, { ...args, groupId: GROUP });
      await life.change(slot, { ...args, groupId: OTHER_GROUP }, "change");
      await life.expect("destroy", slot.destroy(), undefined);
    },
  },
  {
    name: "SsoCredential",
    async run(life) {
      const slot = life.slot(ssoCredentialDefinition);
      const args = { organization: ORGANIZATION, replaceExisting: true };
      await life.begin(slot, { ...args, clientSecret: "correct-horse" });
      await life.change(slot, { ...args, certificate: await sampleCertificate() }, "change to a certificate");
      await life.expect("destroy", slot.destroy(), undefined);
    },
  },
  {
    name: "OrganizationVisibility",
    things: { [`/api/models/${REPOS.model}`]: { visibility: "public" } },
    async run(life) {
      const slot = life.slot(organizationVisibilityDefinition);
      const context = slot.context.bind(slot);
      slot.context = () => {
        const it = context();
        // The sample of whoami is a person who may not see the whole organization.
        it.client.whoami = () => Promise.resolve(ADMINISTRATOR);
        return it;
      };
      const args = { organization: ORGANIZATION };
      await life.begin(slot, { ...args, widest: "public" });
      await life.expect("report", slot.up(args), "update");
      await life.change(slot, { ...args, mode: "enforce" }, "enforce");
      life.same(life.server.known(`/api/models/${REPOS.model}`)["private"], true);
      await life.expect("destroy", slot.destroy(), undefined);
    },
  },
  {
    name: "SsoConfig with SAML",
    things: {
      [SSO]: { provider: "oidc", enabled: false, ssoUrl: "https://old.acme.example", clientId: "old" },
    },
    async run(life) {
      const certificate = await sampleCertificate();
      const args = {
        organization: ORGANIZATION,
        provider: "saml",
        ssoUrl: "https://idp.acme.example/sso",
        certificate,
        adopt: true,
        onDestroy: "disable",
      };
      await singleSignOn(life, args, { ssoUrl: "https://idp.acme.example/sso2" });
    },
  },
  {
    name: "SsoConfig with OIDC",
    things: { [SSO]: { provider: "saml", enabled: false, ssoUrl: "https://old.acme.example/sso" } },
    async run(life) {
      const args = {
        organization: ORGANIZATION,
        provider: "oidc",
        ssoUrl: "https://login.acme.example",
        clientId: "hub",
        clientSecret: "correct-horse",
        verifyIssuer: false,
        adopt: true,
        onDestroy: "disable",
      };
      await singleSignOn(life, args, { clientSecret: "battery-staple" });
    },
  },
  {
    name: "SpaceSecret",
    async run(life) {
      const slot = life.slot(spaceSecretDefinition);
      const args = { space: REPOS.space, key: "API_KEY", value: "correct-horse" };
      await life.begin(slot, args);
      await life.change(slot, { ...args, value: "battery-staple" }, "change of the value");
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(Object.keys(await life.client.listSpaceSecrets(REPOS.space)).includes("API_KEY"), false);
    },
  },
  {
    name: "SpaceVariable",
    async run(life) {
      const slot = life.slot(spaceVariableDefinition);
      const args = { space: REPOS.space, key: "MODEL", value: "acme/llm" };
      await life.begin(slot, args);
      await life.change(slot, { ...args, value: "acme/next" }, "change of the value");
      life.same((await life.client.listSpaceVariables(REPOS.space))["MODEL"]?.value, "acme/next");
      await life.expect("destroy", slot.destroy(), undefined);
      life.same(Object.keys(await life.client.listSpaceVariables(REPOS.space)).includes("MODEL"), false);
    },
  },
  ...(Object.keys(REPOS) as ConfigurableRepoType[]).flatMap((repoType) => [
    repoVisibility(repoType),
    {
      ...repoVisibility(repoType),
      name: `RepoVisibility of a ${repoType} without the listing`,
      forbidden: ["GET /api/organizations/{name}/settings/repositories"],
    },
  ]),
];

async function singleSignOn(life: Life, args: object, change: object): Promise<void> {
  const slot = life.slot(ssoConfigDefinition);
  await life.begin(slot, args);
  await life.change(slot, { ...args, ...change }, "change");
  await life.expect("destroy", slot.destroy(), undefined);
  life.same(life.server.known(SSO)["enabled"], false);
}

function repoVisibility(repoType: ConfigurableRepoType): Lifecycle {
  const repo = REPOS[repoType];
  const path = `/api/${repoType}s/${repo}`;
  return {
    name: `RepoVisibility of a ${repoType}`,
    things: { [path]: { visibility: "public", gated: false } },
    async run(life) {
      const slot = life.slot(repoVisibilityDefinition);
      const gated = repoType === "model" || repoType === "dataset";
      const args = { owner: OWNER, repo, repoType, ...(gated && { gated: false }) };
      await life.begin(slot, { ...args, visibility: "private" });
      life.same(life.server.known(path)["private"], true);
      const open = { ...args, visibility: "public", acknowledgePublic: "product page" };
      await life.change(slot, open, "change to public");
      life.same(life.server.known(path)["private"], false);
      if (gated) {
        await life.change(slot, { ...open, gated: "manual" }, "change of gating");
        life.same(life.server.known(path)["gated"], "manual");
      }
      await life.change(
        slot,
        { ...args, ...(gated && { gated: "manual" }), visibility: "private" },
        "change to private",
      );
      life.same(life.server.known(path)["private"], true);
      await life.expect("destroy", slot.destroy(), undefined);
    },
  };
}
