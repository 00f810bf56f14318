// What each class passes to Pulumi: its arguments, the names of its outputs and the line that finds the installed package.
// A mock engine records it.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { disconnect, resetOptions } from "@pulumi/pulumi/runtime";
import { handlerText } from "../../provider/src/model/handlerText";
import { PROVIDER_KEY } from "../../provider/src/model/hiddenKeys";
import { HubToken } from "../../provider/src/resources/hubToken";
import { OrganizationVisibility } from "../../provider/src/resources/organizationVisibility";
import { MemberRole } from "../../provider/src/resources/memberRole";
import { RepoResourceGroup } from "../../provider/src/resources/repoResourceGroup";
import { RepoVisibility } from "../../provider/src/resources/repoVisibility";
import { ResourceGroupMember } from "../../provider/src/resources/resourceGroupMember";
import { ResourceGroup } from "../../provider/src/resources/resourceGroup";
import { ServiceAccount } from "../../provider/src/resources/serviceAccount";
import { SpaceSecret, type SpaceSecretArgs } from "../../provider/src/resources/spaceSecret";
import { SpaceVariable } from "../../provider/src/resources/spaceVariable";
import { SsoConfig } from "../../provider/src/resources/ssoConfig";
import { SsoCredential } from "../../provider/src/resources/ssoCredential";

const ACCOUNT = "0123456789abcdef01234567";

interface Noted {
  type: string;
  name: string;
  id?: string;
  inputs: Record<string, unknown>;
}

type Options = pulumi.CustomResourceOptions & { parent?: pulumi.Resource };

let noted: Noted[];
let options: { type: string; options: Options }[];

/** Options that record the options of the resource and of its children. */
const watched = (more: Options = {}): Options => ({
  ...more,
  transformations: [
    ({ type, opts }) => {
      options.push({ type, options: opts });
      return undefined;
    },
  ],
});

/** What was recorded for this resource, once it is registered. */
async function registered(resource: pulumi.CustomResource): Promise<Noted> {
  const urn = await promised(resource.urn);
  const found = noted.find(({ type, name }) => urn.endsWith(`${type}::${name}`));
  assert.ok(found);
  return found;
}

const promised = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => output.apply((value) => resolve(value)));

describe("classes", () => {
  beforeEach(async () => {
    noted = [];
    options = [];
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, id, inputs }) {
          const each = { type, name, id: id || undefined, inputs: inputs as Noted["inputs"] };
          noted.push(each);
          return { id: id || `acme/${name}`, state: each.inputs };
        },
        call: () => assert.fail(),
      },
      "project",
      "stack",
    );
  });
  afterEach(() => resetOptions("", "", -1, "", "", false, ""));

  const own = (text: string) => text.split(" ");
  for (const { kind, secrets, owned, args, outputs, create, get } of [
    {
      kind: "RepoVisibility",
      secrets: [] as string[],
      owned: true,
      args: { repo: "acme/llm", visibility: "private" as const },
      outputs: own("owner repo repoType visibility private gated acknowledgePublic onDestroy status"),
      create: () => new RepoVisibility("it", { repo: "acme/llm", visibility: "private" }, watched()),
      get: (id: string) => RepoVisibility.get("it", id, watched()),
    },
    {
      kind: "OrganizationVisibility",
      secrets: [] as string[],
      owned: false,
      args: { organization: "acme", mode: "enforce" as const },
      outputs: own(
        "organization widest exceptions mode maxChanges violations violationCount repositoryCount",
      ),
      create: () => new OrganizationVisibility("it", { organization: "acme", mode: "enforce" }, watched()),
      get: (id: string) => OrganizationVisibility.get("it", id, watched()),
    },
    {
      kind: "MemberRole",
      secrets: [] as string[],
      owned: false,
      args: { organization: "acme", user: "ana", role: "write" as const },
      outputs: own("organization user role allowOwnDemotion onDestroy acknowledgeOverwrite status"),
      create: () => new MemberRole("it", { organization: "acme", user: "ana", role: "write" }, watched()),
      get: (id: string) => MemberRole.get("it", id, watched()),
    },
    {
      kind: "ResourceGroupMember",
      secrets: [] as string[],
      owned: false,
      args: { organization: "acme", groupId: ACCOUNT, user: "ana", role: "write" as const },
      outputs: own("organization groupId user role acknowledgeOverwrite status"),
      create: () =>
        new ResourceGroupMember(
          "it",
          { organization: "acme", groupId: ACCOUNT, user: "ana", role: "write" },
          watched(),
        ),
      get: (id: string) => ResourceGroupMember.get("it", id, watched()),
    },
    {
      kind: "RepoResourceGroup",
      secrets: [] as string[],
      owned: false,
      args: { repo: "acme/llm", groupId: ACCOUNT },
      outputs: own("repo repoType groupId onDestroy acknowledgeOverwrite status"),
      create: () => new RepoResourceGroup("it", { repo: "acme/llm", groupId: ACCOUNT }, watched()),
      get: (id: string) => RepoResourceGroup.get("it", id, watched()),
    },
    {
      kind: "SsoConfig",
      secrets: ["clientSecret", "applied", "tried", "seen", "lastCertificate"] as string[],
      owned: false,
      args: { organization: "acme", provider: "saml" as const, metadataXml: "<x/>" },
      outputs: own(
        "organization provider enabled ssoUrl certificate clientId certificateExpiresAt certificateFingerprint",
      ),
      create: () =>
        new SsoConfig("it", { organization: "acme", provider: "saml", metadataXml: "<x/>" }, watched()),
      get: (id: string) => SsoConfig.get("it", id, watched()),
    },
    {
      kind: "SsoCredential",
      secrets: ["clientSecret"] as string[],
      owned: false,
      args: { organization: "acme", metadataXml: "<x/>" },
      outputs: own("organization certificateExpiresAt certificateFingerprint"),
      create: () => new SsoCredential("it", { organization: "acme", metadataXml: "<x/>" }, watched()),
      get: (id: string) => SsoCredential.get("it", id, watched()),
    },
    {
      kind: "ResourceGroup",
      secrets: [] as string[],
      owned: true,
      args: { organization: "acme", name: "Research" },
      outputs: own(
        "owner organization name description autoJoin spendLimits members repositories forceDestroy recreateIfMissing " +
          "acknowledgeOverwrite groupId status otherResources",
      ),
      create: () => new ResourceGroup("it", { organization: "acme", name: "Research" }, watched()),
      get: (id: string) => ResourceGroup.get("it", id, watched()),
    },
    {
      kind: "SpaceSecret",
      secrets: ["value", "applied", "tried", "seen", "heard"] as string[],
      owned: false,
      args: { space: "acme/demo", key: "KEY" },
      outputs: own("space key value description acknowledgeOverwrite status"),
      create: () => new SpaceSecret("it", { space: "acme/demo", key: "KEY" } as SpaceSecretArgs, watched()),
      get: (id: string) => SpaceSecret.get("it", id, watched()),
    },
    {
      kind: "SpaceVariable",
      secrets: ["applied", "tried", "seen", "heard"] as string[],
      owned: false,
      args: { space: "acme/demo", key: "KEY", value: "v" },
      outputs: own("space key value description acknowledgeOverwrite status"),
      create: () => new SpaceVariable("it", { space: "acme/demo", key: "KEY", value: "v" }, watched()),
      get: (id: string) => SpaceVariable.get("it", id, watched()),
    },
    {
      kind: "ServiceAccount",
      secrets: [] as string[],
      owned: true,
      args: { organization: "acme", name: "ci" },
      outputs: own(
        "owner organization name description allowReplace forceDestroy recreateIfMissing accountId user createdAt status",
      ),
      create: () => new ServiceAccount("it", { organization: "acme", name: "ci" }, watched()),
      get: (id: string) => ServiceAccount.get("it", id, watched()),
    },
    {
      kind: "HubToken",
      secrets: ["token", "resolved", "applied", "tried", "seen"] as string[],
      owned: true,
      args: { name: "mine", role: "write" as const },
      outputs: own(
        "owner name organization serviceAccount permissions repos repoPermissions endpointPatterns skipNetworkSecurity role " +
          "expiresAt rotateEveryDays rotateBeforeDays rotationTriggers overlapHours idleMinutes recreateIfInvalid " +
          "token tokenId hubName last4 createdAt rotateAt expiryEnforced status predecessors",
      ),
      create: () => new HubToken("it", { name: "mine", role: "write" }, watched()),
      get: (id: string) => HubToken.get("it", id, watched()),
    },
  ]) {
    const type = `pulumi-nodejs:dynamic/huggingface:${kind}`;
    it(`${kind}: passes its arguments to the engine, and has every output before the engine answers`, async () => {
      const resource = create();
      assert.deepEqual(
        outputs.filter((output) => !(output in resource)),
        [],
      );
      const { inputs, ...rest } = await registered(resource);
      assert.deepEqual(rest, { type, name: "it", id: undefined });
      const { [PROVIDER_KEY]: code, owner, ...others } = inputs;
      assert.equal(code, handlerText(kind));
      assert.equal(/^[0-9a-f]{8}$/.test(String(owner)), owned);
      assert.deepEqual(others, args);
      assert.deepEqual(options[0]?.options.additionalSecretOutputs, secrets);
    });
    it(`${kind}: passes only its id and its options to the engine in a look-up`, async () => {
      const resource = get("acme/1");
      assert.deepEqual(
        outputs.filter((output) => !(output in resource)),
        [],
      );
      const found = await registered(resource);
      assert.deepEqual(found, {
        type,
        name: "it",
        id: "acme/1",
        inputs: { [PROVIDER_KEY]: handlerText(kind) },
      });
      assert.deepEqual(
        options.map((each) => each.type),
        [type],
        "it has its own options and no child",
      );
    });
  }

  it("saves one fixed line of code in every state, regardless of the environment", () => {
    const before = process.env["HF_TOKEN"];
    process.env["HF_TOKEN"] = "hf_abcdefghijklmnop";
    try {
      assert.equal(
        handlerText("HubToken"),
        'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-huggingface/dynamic").handler("HubToken")',
      );
    } finally {
      if (before === undefined) delete process.env["HF_TOKEN"];
      else process.env["HF_TOKEN"] = before;
    }
  });

  it("ServiceAccount: derives the account's id from its own id", async () => {
    const account = ServiceAccount.get("it", `acme/${ACCOUNT}`);
    assert.equal(await promised(account.accountId), ACCOUNT);
  });

  it("ResourceGroup: derives the group's id from its own id", async () => {
    const group = ResourceGroup.get("it", `acme/${ACCOUNT}`);
    assert.equal(await promised(group.groupId), ACCOUNT);
  });

  it("HubToken: needs no options", async () => {
    await registered(new HubToken("it", { name: "mine" }));
  });

  it("HubToken: has a child that revokes its predecessors and is not retained on deletion", async () => {
    const token = new HubToken(
      "it",
      {
        organization: "acme",
        serviceAccount: ACCOUNT,
        name: "ci",
        permissions: [],
        overlapHours: 3,
        idleMinutes: 4,
      },
      watched({ retainOnDelete: true }),
    );
    const { inputs } = await registered(token);
    // Waits until all resources are registered.
    await disconnect();
    const child = noted[1];
    assert.match(child?.type ?? "", /:HubTokenPredecessors$/);
    assert.equal(child?.name, "it");
    const { organization, serviceAccount, overlapHours, idleMinutes, owner } = child.inputs;
    assert.deepEqual(
      { organization, serviceAccount, overlapHours, idleMinutes, owner },
      {
        organization: "acme",
        serviceAccount: ACCOUNT,
        overlapHours: 3,
        idleMinutes: 4,
        owner: inputs["owner"],
      },
    );
    assert.equal(options[1]?.options.parent, token);
    assert.equal(options[1].options.retainOnDelete, false);
  });

  it("HubToken: passes neither protect nor retainOnDelete on to its child", async () => {
    await registered(new HubToken("it", { name: "mine" }, watched({ protect: true, retainOnDelete: true })));
    await disconnect();
    const { protect, retainOnDelete } = options[1]?.options ?? {};
    assert.deepEqual([protect, retainOnDelete], [false, false]);
  });
});
