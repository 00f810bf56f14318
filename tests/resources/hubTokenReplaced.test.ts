// A token that the engine replaces, by --replace or because its service account changed. A creation must not bypass a
// refusal.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { type Hub, startHub } from "../support/hub";

type Values = Record<string, unknown>;
interface Token {
  id: string;
  outs: Values;
}

describe("a HubToken that is replaced", () => {
  const code = { __provider: "code" };
  let hub: Hub;
  let byHand: HubClient;
  let account: string;
  let said: string[];

  beforeEach(async () => {
    hub = await startHub();
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    said = [];
  });
  afterEach(() => hub.close());

  /** The handler in a run of its own. */
  const run = () => {
    const settings: Record<string, string> = {
      "huggingface:endpoint": hub.endpoint,
      "huggingface:token": hub.tokens.admin,
    };
    const handler = engineHandler(
      hubTokenDefinition,
      new Run((_severity, message) => void said.push(message)),
      () => Promise.resolve(),
    );
    handler.configure({ config: { get: (key) => settings[key] } });
    return handler;
  };
  const ofAccount = (changes: Values = {}): Values => ({
    ...{ owner: "0123abcd", organization: "acme", serviceAccount: account, name: "ci" },
    ...{ permissions: ["org.read", "org.write"], ...changes, ...code },
  });
  const own = (changes: Values = {}): Values => ({
    ...{ owner: "0123abcd", name: "mine" },
    ...{ ...changes, ...code },
  });
  const creation = async (handler: ReturnType<typeof run>, args: Values): Promise<Token> => {
    const { inputs, failures } = await handler.check({}, args);
    assert.deepEqual(failures, []);
    return handler.create({ ...inputs, ...code });
  };
  const created = (args: Values) => creation(run(), args);
  /** `up --refresh --replace`: a creation follows the refresh, without a comparison. */
  const replaced = async ({ id, outs }: Token, args: Values): Promise<Token> => {
    const handler = run();
    await handler.read(id, { ...outs, ...code });
    return creation(handler, args);
  };
  const permissions = ({ outs }: Token) =>
    hub.store.serviceAccountTokens.get(outs["tokenId"] as string)?.permissions;
  const narrow = ({ outs }: Token) =>
    byHand.updateServiceAccountToken("acme", account, outs["tokenId"] as string, {
      permissions: ["org.read"],
    });
  const revoke = ({ outs }: Token) => hub.store.revokeToken(outs["tokenId"] as string);

  it("gets back no more than was last seen after it was narrowed, unless a new trigger allows it", async () => {
    const triggers = (value: string) => ({ rotationTriggers: { incident: value } });
    const token = await created(ofAccount(triggers("1")));
    await narrow(token);
    const next = await replaced(token, ofAccount(triggers("1")));
    assert.deepEqual(permissions(next), ["org.read"]);
    assert.match(said.join("\n"), /has no more access than its predecessor/);
    const again = await replaced(next, ofAccount(triggers("1")));
    assert.deepEqual(permissions(again), ["org.read"], "what was withheld stays withheld");
    const last = await replaced(again, ofAccount(triggers("2")));
    assert.deepEqual([...permissions(last)!].sort(), ["org.read", "org.write"]);
  });

  it("gets everything that is declared if no one narrowed it, including what the program added", async () => {
    const token = await created(ofAccount());
    const wider = ["job.write", "org.read", "org.write"];
    const next = await replaced(token, ofAccount({ permissions: wider }));
    assert.deepEqual([...permissions(next)!].sort(), wider);
  });

  it("is not issued again after it was revoked, unless a new trigger or recreateIfInvalid asks for it", async () => {
    const token = await created(ofAccount());
    revoke(token);
    await assert.rejects(
      replaced(token, ofAccount()),
      /revoked on the Hub.*set recreateIfInvalid to true, or give/,
    );
    assert.equal(hub.store.tokensOf(account).length, 0);
    for (const yes of [{ rotationTriggers: { a: "1" } }, { recreateIfInvalid: true }]) {
      await replaced(token, ofAccount(yes));
    }
  });

  it("is not issued for another account if it was revoked, even if its own account is gone by now", async () => {
    const token = await created(ofAccount());
    revoke(token);
    const seen = await run().read(token.id, { ...token.outs, ...code });
    await byHand.deleteServiceAccount("acme", account);
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    const handler = run();
    const { props } = await handler.read(token.id, { ...seen.props, ...code });
    assert.deepEqual([seen.props?.["status"], props?.["status"]], ["revoked", "missing"]);
    await assert.rejects(creation(handler, ofAccount()), /revoked on the Hub.*set recreateIfInvalid/);
    assert.equal(hub.store.tokensOf(account).length, 0);
    await creation(handler, ofAccount({ rotationTriggers: { a: "1" } }));
  });

  it("is issued for another account that the program declares, but not wider than last seen", async () => {
    const token = await created(ofAccount());
    await narrow(token);
    const { id, outs } = token;
    const other = (await byHand.createServiceAccount("acme", { name: "cd" }))._id;
    const handler = run();
    const { props = {}, inputs: kept = {} } = await handler.read(id, { ...outs, ...code });
    const args = ofAccount({ serviceAccount: other });
    const { inputs } = await handler.check(kept, args);
    assert.deepEqual((await handler.diff(id, props, { ...inputs, ...code })).replaces, ["serviceAccount"]);
    assert.deepEqual(permissions(await creation(handler, args)), ["org.read"]);
  });

  it("is issued for an account that was deleted and created again, but not wider than last seen", async () => {
    const token = await created(ofAccount());
    await narrow(token);
    const { props = {} } = await run().read(token.id, { ...token.outs, ...code });
    await byHand.deleteServiceAccount("acme", account);
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    const next = await replaced({ id: token.id, outs: props }, ofAccount());
    assert.deepEqual(permissions(next), ["org.read"]);
  });

  it("that is a user's own is not issued again after it was revoked", async () => {
    const token = await created(own());
    await byHand.revokeToken(token.outs["tokenId"] as string);
    await assert.rejects(replaced(token, own()), /revoked on the Hub/);
  });

  it("gets no access to another repository that has taken the name of its own", async () => {
    const repo = "acme/llm-private";
    const args = ofAccount({ repos: [repo], repoPermissions: ["repo.content.read"] });
    const token = await created(args);
    const repository = hub.store.repository(repo)!;
    hub.store.tables.repositories.put(`model/${repo}`, { ...repository, id: "5".repeat(24) });
    const next = await replaced(token, args);
    assert.deepEqual(hub.store.serviceAccountTokens.get(next.outs["tokenId"] as string)!.repoIds, []);
  });
});
