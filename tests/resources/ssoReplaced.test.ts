// Single sign-on that is declared under another name, or in another case, in a run that knows the former resource. A creation is not a
// way around what an update would leave alone.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { type EngineHandler, engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { definitionOf } from "../../provider/src/resources/registry";
import { type Hub, startHub } from "../support/hub";

type Values = Record<string, unknown>;
interface Resource {
  inputs: Values;
  id: string;
  outs: Values;
}

const code = { __provider: "code" };

describe("single sign-on that is replaced", () => {
  let hub: Hub;
  let byHand: HubClient;

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
  /** `up --refresh` after a rename without an alias. */
  const renamed = async (type: string, { id, outs }: Resource, args: Values): Promise<Resource> => {
    const handler = run(type);
    await handler.read(id, { ...outs, ...code });
    return created(handler, args);
  };
  /** A plain `up` that writes the organization's name in another case. */
  const respelt = async (
    type: string,
    { id, inputs, outs }: Resource,
    { organization, ...args }: Values,
  ): Promise<Resource> => {
    const handler = run(type);
    const respelled = { ...args, organization: String(organization).toUpperCase() };
    const next = await checked(handler, respelled, inputs);
    const { replaces } = await handler.diff(id, { ...outs, ...code }, next);
    assert.deepEqual(replaces, ["organization"]);
    return created(handler, respelled);
  };
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
        assert.ok(hub.store.hasClientSecret("acme", "new-one"), "a changed one is sent");
      });
    }
  });
});
