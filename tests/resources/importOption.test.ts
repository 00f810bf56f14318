// What the option `import` compares for each type, on the local Hub and without the engine.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { type ImportRules, type ResourceDefinition } from "../../provider/src/model/definition";
import { type Properties } from "../../provider/src/model/plain";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { serviceAccountDefinition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";
import { makeCertificate } from "../support/certificate";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const OWNER = "0123abcd";

describe("the option import", () => {
  let hub: Hub;
  let client: HubClient;
  beforeEach(async () => {
    hub = await startHub();
    client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  });
  afterEach(() => hub.close());

  /** Imports, checks that nothing was written, and returns the differences or, if there are none, a preview. */
  async function imported<I extends object, S extends I>(
    definition: ResourceDefinition<I, S>,
    id: string,
    args: object,
    { token, claims }: { token?: string; claims?: Set<string> } = {},
  ): Promise<{ differing?: Properties; slot: ResourceHarness<I, S>; preview?: string }> {
    const slot = new ResourceHarness(definition, { hub, clock: new Clock(new Date()), token, claims });
    const inputs = slot.check(args);
    const rules = definition.imports as ImportRules<I, S>;
    rules.parseId(id);
    const before = hub.store.requests.length;
    const found = await rules.compare(id, inputs, slot.context());
    assert.ok(hub.store.requests.slice(before).every(({ method }) => method === "GET"));
    if (!found) return { slot };
    const { differing } = found;
    if (Object.keys(differing).length > 0) return { differing, slot };
    slot.id = id;
    slot.state = JSON.parse(JSON.stringify(found.state)) as S;
    return { differing, slot, preview: slot.preview(args) };
  }

  describe("RepoVisibility", () => {
    const args = (changes: object = {}) => ({
      owner: OWNER,
      repo: "acme/llm-gated",
      visibility: "public",
      acknowledgePublic: "product page",
      onDestroy: "private",
      ...changes,
    });
    const ID = "model/acme/llm-gated";

    it("takes over an equal repository, with settings that are not on the Hub", async () => {
      const { differing, slot, preview } = await imported(repoVisibilityDefinition, ID, args());
      assert.deepEqual(differing, {});
      assert.equal(preview, "same");
      assert.equal(slot.kept.onDestroy, "private");
      assert.deepEqual(slot.kept.applied, { visibility: "public" });
      assert.deepEqual(await slot.refresh(), []);
      assert.equal(slot.preview(args()), "same");
    });
    it("asks for the repository itself only if the program declares a gate", async () => {
      for (const [gate, expected] of [
        [{}, []],
        [{ gated: "manual" }, ["/api/models/acme/llm-gated"]],
      ] as const) {
        const before = hub.store.requests.length;
        await imported(repoVisibilityDefinition, ID, args(gate));
        const paths = hub.store.requests.slice(before).map(({ path }) => path);
        assert.deepEqual(
          paths.filter((path) => path === "/api/models/acme/llm-gated"),
          expected,
        );
      }
    });
    for (const [what, changes, differing] of [
      ["visibility", { visibility: "private" }, { visibility: "public" }],
      ["gate", { gated: "auto" }, { gated: "manual" }],
      ["name", { repo: "acme/llm-private" }, { repo: "acme/llm-gated" }],
      ["type", { repoType: "dataset" }, { repoType: "model" }],
    ] as const) {
      it(`reports another ${what}`, async () => {
        assert.deepEqual((await imported(repoVisibilityDefinition, ID, args(changes))).differing, differing);
      });
    }
    it("compares a gate only if it is declared", async () => {
      const { differing } = await imported(repoVisibilityDefinition, ID, args({ gated: "manual" }));
      assert.deepEqual(differing, {});
    });
    it("finds nothing if the repository does not exist", async () => {
      const { differing } = await imported(repoVisibilityDefinition, "model/acme/none", args());
      assert.equal(differing, undefined);
    });
    it("does not assume private if it is only known not to be public", async () => {
      const found = await imported(
        repoVisibilityDefinition,
        "model/acme/llm-private",
        args({ repo: "acme/llm-private", visibility: "private" }),
        { token: hub.tokens.admin },
      );
      assert.deepEqual(found.differing, {});
      const rules = repoVisibilityDefinition.imports as ImportRules<object, object>;
      const info = { id: "acme/llm-private", private: true };
      const untold = await rules.compare("model/acme/llm-private", found.slot.kept, {
        ...found.slot.context(),
        client: {
          listRepositories: () => Promise.resolve([]),
          getRepo: () => Promise.resolve(info),
        } as unknown as HubClient,
      });
      assert.match(String(untold?.differing["visibility"]), /not public/);
    });
  });

  describe("ServiceAccount", () => {
    const args = (changes: object = {}) => ({
      owner: OWNER,
      organization: "acme",
      name: "ci",
      description: "Build",
      forceDestroy: true,
      ...changes,
    });
    const byHand = async (description?: string) => {
      const { _id } = await client.createServiceAccount("acme", { name: "ci", description });
      return { id: `acme/${_id}`, accountId: _id };
    };

    it("takes over an equal account without a mark, and keeps this resource's owner mark", async () => {
      const { id, accountId } = await byHand("Build");
      const { slot, preview } = await imported(serviceAccountDefinition, id, args());
      assert.equal(preview, "same");
      assert.equal(slot.kept.accountId, accountId);
      assert.equal(slot.kept.owner, OWNER);
      assert.deepEqual(await slot.refresh(), []);
    });
    it("treats no description and an empty one as equal", async () => {
      const { id } = await byHand();
      const without = args({ description: undefined });
      assert.deepEqual((await imported(serviceAccountDefinition, id, without)).differing, {});
      const empty = args({ description: "" });
      assert.deepEqual((await imported(serviceAccountDefinition, id, empty)).differing, {});
    });
    it("reports another name, description and organization", async () => {
      const { id } = await byHand("Build");
      const other = args({ organization: "globex", name: "cd", description: "Deploy" });
      assert.deepEqual((await imported(serviceAccountDefinition, id, other)).differing, {
        organization: "acme",
        name: "ci",
        description: "Build",
      });
    });
    it("is refused for an account with the mark of another resource", async () => {
      const { id } = await byHand("Build [89abcdef-0123]");
      await assert.rejects(
        imported(serviceAccountDefinition, id, args()),
        /mark of another resource.*aliases/,
      );
      assert.deepEqual(
        (await imported(serviceAccountDefinition, id, args({ owner: "89abcdef" }))).differing,
        {},
      );
    });
    it("is refused for an account that another resource of the run manages", async () => {
      const { id, accountId } = await byHand("Build");
      const claims = new Set([accountId]);
      await assert.rejects(
        imported(serviceAccountDefinition, id, args(), { claims }),
        /Another resource of this stack already manages the account/,
      );
    });
    it("finds nothing if the account does not exist", async () => {
      const none = await imported(serviceAccountDefinition, "acme/0123456789abcdef01234567", args());
      assert.equal(none.differing, undefined);
    });
  });

  describe("HubToken", () => {
    const made = async () => {
      const account = (await client.createServiceAccount("acme", { name: "ci" }))._id;
      const { _id } = await client.getRepo("acme/llm-private", "model");
      const { tokenInfo } = await client.createServiceAccountToken("acme", account, {
        displayName: "by hand",
        permissions: ["org.read"],
        repoIds: [_id as string],
        repoPermissions: ["repo.content.read"],
      });
      const args = (changes: object = {}) => ({
        owner: OWNER,
        organization: "acme",
        serviceAccount: account,
        name: "by hand",
        permissions: ["org.read"],
        repos: ["acme/llm-private"],
        repoPermissions: ["repo.content.read"],
        rotateEveryDays: 30,
        ...changes,
      });
      return { id: `acme/${account}/${tokenInfo._id}`, tokenId: tokenInfo._id, repoId: _id, args };
    };

    it("takes over an equal token of a service account, whose value stays unknown until the first rotation", async () => {
      const { id, tokenId, args } = await made();
      const { slot, preview } = await imported(hubTokenDefinition, id, args());
      assert.equal(preview, "same");
      assert.equal(slot.kept.tokenId, tokenId);
      assert.equal(slot.kept.token, undefined);
      assert.deepEqual(await slot.refresh(), []);
      assert.equal(await slot.up(args({ rotationTriggers: { reason: "value" } })), "update");
      assert.match(slot.kept.token ?? "", /^hf_/);
      assert.match(slot.kept.hubName, /^by hand \[0123abcd-[0-9a-f]{4}\]$/);
      assert.deepEqual(
        slot.kept.predecessors.map((each) => each.tokenId),
        [tokenId],
      );
    });
    it("reports another name and other permissions", async () => {
      const { id, repoId, args } = await made();
      const other = args({
        name: "ci",
        permissions: ["org.read", "collection.read"],
        repos: undefined,
        repoPermissions: undefined,
        skipNetworkSecurity: true,
      });
      assert.deepEqual((await imported(hubTokenDefinition, id, other)).differing, {
        name: "by hand",
        permissions: ["org.read"],
        repoPermissions: ["repo.content.read"],
        repos: [repoId],
        skipNetworkSecurity: false,
      });
    });
    it("takes over a user's own token by name, role and expiry", async () => {
      await client.createToken({ name: "mine", role: "write", expiresAt: "2124-01-01T00:00:00Z" });
      const args = { owner: OWNER, name: "mine", role: "write", expiresAt: "2124-01-01T01:00:00+01:00" };
      const { slot, preview } = await imported(hubTokenDefinition, "user/mine", args);
      assert.equal(preview, "same");
      assert.deepEqual(await slot.refresh(), []);
      const other = { owner: OWNER, name: "yours", role: "admin" };
      const { differing } = await imported(hubTokenDefinition, "user/mine", other);
      assert.deepEqual(Object.keys(differing ?? {}), ["name", "role", "expiresAt"]);
    });
    it("is refused for a token with the mark of another resource, which would revoke it later", async () => {
      const { id, args } = await made();
      const { slot } = await imported(hubTokenDefinition, id, args());
      await slot.up(args({ rotationTriggers: { reason: "value" } }));
      const successor = id.replace(/[^/]+$/, slot.kept.tokenId);
      const other = { ...args(), owner: "89abcdef" };
      await assert.rejects(
        imported(hubTokenDefinition, successor, other),
        /mark of another resource.*aliases/,
      );
    });
    it("does not go back to a predecessor if the option stays in the program", async () => {
      const { id, args } = await made();
      const { slot } = await imported(hubTokenDefinition, id, args());
      await slot.up(args({ rotationTriggers: { reason: "value" } }));
      await assert.rejects(
        imported(hubTokenDefinition, id, args()),
        /already issued another token, by hand \[/,
      );
      const successor = id.replace(/[^/]+$/, slot.kept.tokenId);
      assert.deepEqual((await imported(hubTokenDefinition, successor, args())).differing, {});
    });
    it("is refused for a token that another resource of the run manages", async () => {
      const { id, tokenId, args } = await made();
      await assert.rejects(
        imported(hubTokenDefinition, id, args(), { claims: new Set([tokenId]) }),
        /Another resource of this stack already manages the token by hand/,
      );
    });
    it("finds nothing if the token does not exist", async () => {
      const { args } = await made();
      const none = await imported(hubTokenDefinition, "user/none", { ...args(), name: "none" });
      assert.equal(none.differing, undefined);
    });
  });

  describe("SsoConfig", () => {
    it("takes over an equal SAML configuration, and reports differences only by name", async () => {
      const { certificate } = await makeCertificate();
      const { certificate: other } = await makeCertificate();
      const saml = { provider: "saml" as const, ssoUrl: "https://idp.acme.example/sso", certificate };
      await client.updateSsoConfig("acme", { ...saml, enabled: true });
      const args = { organization: "acme", ...saml };
      const { slot, preview } = await imported(ssoConfigDefinition, "acme/sso", args);
      assert.equal(preview, "same");
      assert.deepEqual(await slot.refresh(), []);
      const changed = {
        ...args,
        enabled: false,
        ssoUrl: "https://idp.acme.example/saml",
        certificate: other,
      };
      const { differing } = await imported(ssoConfigDefinition, "acme/sso", changed);
      assert.deepEqual(differing, { enabled: undefined, ssoUrl: undefined, certificate: undefined });
      const elsewhere = { ...args, organization: "globex" };
      const { differing: ofOther } = await imported(ssoConfigDefinition, "acme/sso", elsewhere);
      assert.deepEqual(ofOther, { organization: undefined });
    });
    it("does not claim to know a client secret: the next `up` sends the program's secret once, after a warning", async () => {
      const oidc = { provider: "oidc" as const, ssoUrl: "https://login.acme.example", clientId: "hub" };
      await client.updateSsoConfig("acme", { ...oidc, enabled: true, clientSecret: "set-by-hand" });
      const args = { organization: "acme", ...oidc, clientSecret: "of the program" };
      const { slot, preview } = await imported(ssoConfigDefinition, "acme/sso", args);
      assert.match(
        slot.warnings().join(),
        /client secret cannot be read back.*next `pulumi up` sends the program's secret once/,
      );
      assert.equal(preview, "update");
      assert.ok(hub.store.hasClientSecret("acme", "set-by-hand"));
      await slot.up(args);
      assert.ok(hub.store.hasClientSecret("acme", "of the program"));
      assert.equal(slot.preview(args), "same");
    });
    it("finds nothing if there is no configuration", async () => {
      const args = {
        organization: "globex",
        provider: "oidc",
        ssoUrl: "https://l.example",
        clientId: "a",
        clientSecret: "b",
      };
      const slot = new ResourceHarness(ssoConfigDefinition, {
        hub,
        clock: new Clock(new Date()),
        token: hub.tokens.outsider,
      });
      const rules = ssoConfigDefinition.imports as ImportRules<object, object>;
      assert.equal(await rules.compare("globex/sso", slot.check(args), slot.context()), undefined);
    });
  });

  it("is refused for an SsoCredential, with what to do instead", () => {
    assert.match(
      JSON.stringify(ssoCredentialDefinition.imports),
      /cannot be imported.*set replaceExisting to true/,
    );
  });

  for (const [definition, id] of [
    [repoVisibilityDefinition, "acme/llm"],
    [serviceAccountDefinition, "acme/ci"],
    [hubTokenDefinition, "acme/ci"],
    [ssoConfigDefinition, "acme"],
  ] as const) {
    it(`refuses "${id}" as an id of type ${definition.type}`, () => {
      const { imports } = definition;
      assert.ok(typeof imports === "object");
      assert.throws(() => imports.parseId(id), /is not the id of .* It has the form/);
    });
  }
});
