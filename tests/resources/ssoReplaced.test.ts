// Single sign-on that is declared under another name or in another case, in a run that knows the former resource. A
// creation must not change what an update would leave alone.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { type EngineHandler, engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { IMPORT_KEY } from "../../provider/src/model/hiddenKeys";
import { definitionOf } from "../../provider/src/resources/registry";
import { fingerprintOf } from "../../provider/src/rules/certificate";
import { makeCertificate } from "../support/certificate";
import { type Hub, startHub } from "../support/hub";
import { samlMetadata } from "../support/samlMetadata";

type Values = Record<string, unknown>;
interface Resource {
  inputs: Values;
  id: string;
  outs: Values;
}

const DAY = 86_400_000;
const code = { __provider: "code" };

describe("single sign-on that is replaced", () => {
  let hub: Hub;
  let byHand: HubClient;
  let current: string;
  let later: string;

  before(async () => {
    const make = async (days: number) => {
      const dates = {
        notBeforeDate: new Date(Date.now() - DAY),
        notAfterDate: new Date(Date.now() + days * DAY),
      };
      return (await makeCertificate(dates)).certificate;
    };
    current = await make(100);
    later = await make(900);
  });
  beforeEach(async () => {
    hub = await startHub();
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  });
  afterEach(() => hub.close());

  /** The handler in a run of its own. */
  const run = (type: string): EngineHandler => {
    const settings: Record<string, string> = {
      "huggingface:endpoint": hub.endpoint,
      "huggingface:token": hub.tokens.admin,
    };
    const handler = engineHandler(definitionOf(type), new Run(() => undefined), () => Promise.resolve());
    handler.configure({ config: { get: (key) => settings[key] } });
    return handler;
  };
  const checked = async (handler: EngineHandler, args: Values, olds: Values = {}) => {
    const { inputs, failures } = await handler.check({ ...olds, ...code }, { ...args, ...code });
    assert.deepEqual(failures, []);
    return inputs;
  };
  const created = async (handler: EngineHandler, args: Values): Promise<Resource> => {
    const inputs = await checked(handler, args);
    return { inputs, ...(await handler.create({ ...inputs, ...code })) };
  };
  const updated = async (handler: EngineHandler, { id, inputs, outs }: Resource, args: Values) => {
    const next = await checked(handler, args, inputs);
    const { changes, replaces } = await handler.diff(id, { ...outs, ...code }, next);
    assert.deepEqual(replaces, []);
    return changes
      ? { id, inputs: next, ...(await handler.update(id, { ...outs, ...code }, { ...next, ...code })) }
      : { id, inputs: next, outs };
  };
  /** `up --refresh` after a rename without an alias. */
  const renamed = async (type: string, { id, outs }: Resource, args: Values): Promise<Resource> => {
    const handler = run(type);
    await handler.read(id, { ...outs, ...code });
    return created(handler, args);
  };
  /** A plain `up` after a rename without an alias: the former resource is only compared. */
  const renamedUnread = async (
    type: string,
    { id, inputs, outs }: Resource,
    args: Values,
  ): Promise<Resource> => {
    const handler = run(type);
    await handler.diff(id, { ...outs, ...code }, inputs);
    return created(handler, args);
  };
  /** A plain `up` that writes the organization's name in another case. */
  const respelt = (type: string, before: Resource, { organization, ...args }: Values): Promise<Resource> =>
    updated(run(type), before, { ...args, organization: String(organization).toUpperCase() });
  const ways = [
    ["renamed without an alias", renamed],
    ["written in another case", respelt],
  ] as const;

  describe("with a client secret that someone has replaced", () => {
    const args = {
      organization: "acme",
      provider: "oidc",
      ssoUrl: "https://login.acme.example",
      clientId: "hub",
      clientSecret: "correct-horse",
      verifyIssuer: false,
    };
    for (const [title, replaced] of ways) {
      it(`does not send it again: ${title}`, async () => {
        const sso = await created(run("SsoConfig"), args);
        await byHand.updateSsoConfig("acme", { clientSecret: "by-hand" });
        const next = await replaced("SsoConfig", sso, args);
        assert.ok(hub.store.hasClientSecret("acme", "by-hand"));
        await renamed("SsoConfig", next, { ...args, clientSecret: "new-one" });
        assert.ok(hub.store.hasClientSecret("acme", "new-one"), "a changed secret is sent");
      });
    }
  });

  it("remembers under its new name, with the option import, each reason that it has heard", async () => {
    const args = (reason?: string) => ({
      ...{ organization: "acme", provider: "oidc", ssoUrl: "https://login.acme.example", clientId: "hub" },
      ...{ clientSecret: "correct-horse", verifyIssuer: false, acknowledgeOverwrite: reason },
    });
    let sso = await created(run("SsoConfig"), args());
    for (const reason of ["first", "second"]) sso = await updated(run("SsoConfig"), sso, args(reason));
    const next = await renamed("SsoConfig", sso, { ...args("second"), [IMPORT_KEY]: "acme/sso" });
    await byHand.updateSsoConfig("acme", { clientId: "by-hand" });
    await assert.rejects(updated(run("SsoConfig"), next, args("first")), /Someone changed clientId/);
    await updated(run("SsoConfig"), next, args("third"));
    assert.equal(hub.store.sso.get("acme")?.clientId, "hub");
  });

  describe("with metadata that now contains another certificate, which expires later,", () => {
    const ofOne = () => samlMetadata({ certificates: [current] });
    const ofBoth = () => samlMetadata({ certificates: [current, later] });
    const assertStored = (certificate: string) =>
      assert.equal(fingerprintOf(hub.store.sso.get("acme")?.certificate), fingerprintOf(certificate));

    for (const [type, args] of [
      ["SsoConfig", { organization: "acme", provider: "saml", adopt: true }],
      ["SsoCredential", { organization: "acme", replaceExisting: true }],
    ] as const) {
      const both = () => ({ ...args, metadataXml: ofBoth() });
      const asOfTwoRuns = async () => {
        await byHand.updateSsoConfig("acme", {
          provider: "saml",
          enabled: true,
          ssoUrl: "https://idp.acme.example/sso",
          certificate: current,
        });
        const first = await created(run(type), { ...args, metadataXml: ofOne() });
        return updated(run(type), first, both());
      };
      for (const [title, replaced] of ways) {
        it(`keeps the one in use: ${type}, ${title}`, async () => {
          await replaced(type, await asOfTwoRuns(), both());
          assertStored(current);
        });
      }
    }

    it("keeps another one that someone has set, and restores the former one for a new reason", async () => {
      const args = { organization: "acme", provider: "saml", adopt: true, metadataXml: ofBoth() };
      const chosen = { ...args, certificate: current };
      const sso = await updated(run("SsoConfig"), await created(run("SsoConfig"), chosen), args);
      await byHand.updateSsoConfig("acme", { certificate: later });
      await renamed("SsoConfig", sso, args);
      assertStored(later);
      await renamed("SsoConfig", sso, { ...args, acknowledgeOverwrite: "the incident is over" });
      assertStored(current);
    });

    it("uses what the Hub has, and not what the program declared in an update that failed", async () => {
      const args = { organization: "acme", provider: "saml", adopt: true };
      const { id, inputs, outs } = await created(run("SsoConfig"), { ...args, metadataXml: ofOne() });
      const handler = run("SsoConfig");
      const next = await checked(handler, { ...args, certificate: later, ssoUrl: inputs["ssoUrl"] }, inputs);
      hub.inject({ method: "PUT", path: /sso$/, effect: { status: 400, body: { error: "no" } } });
      const kept = await handler.update(id, { ...outs, ...code }, { ...next, ...code }).then(
        () => assert.fail("the update was refused"),
        ({ properties }: { properties: Values }) => properties,
      );
      await renamedUnread("SsoConfig", { id, inputs, outs: kept }, { ...args, metadataXml: ofBoth() });
      assertStored(current);
    });
  });
});
