import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const PATH = "/api/settings/webhooks";

const BODY = {
  watched: [{ type: "org", name: "acme" }],
  url: "https://hooks.example/x",
  domains: ["repo"],
};

interface Webhook {
  id: string;
  url?: string;
  job?: object;
  jobSourceId?: string;
  disabled: boolean;
  hasSecret: boolean;
}

describe("local Hub: webhooks", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const send = async (path: string, body?: object): Promise<Webhook> =>
    (await expectStatus<{ webhook: Webhook }>(200, hub, "POST", path, { body })).body.webhook;

  it("stores a user's webhooks without their secrets", async () => {
    const { id, hasSecret } = await send(PATH, { ...BODY, secret: "s3cret" });
    assert.equal(hasSecret, true);
    const one = `${PATH}/${id}`;
    assert.equal((await send(`${one}/disable`)).disabled, true);
    assert.equal((await send(`${one}/enable`)).disabled, false);
    const updated = await send(one, { ...BODY, url: "https://hooks.example/y" });
    assert.equal(updated.url, "https://hooks.example/y");
    assert.equal(updated.hasSecret, true);
    assert.equal((await send(one, { ...BODY, secret: "" })).hasSecret, false);
    await expectStatus(404, hub, "GET", one, { token: hub.tokens.write });
    assert.ok(!JSON.stringify([...hub.store.webhooks.values()]).includes("s3cret"));
    const { body } = await expectStatus(200, hub, "DELETE", one);
    assert.deepEqual(body, {});
    await expectStatus(404, hub, "GET", one);
  });

  it("accepts a job instead of a URL, and returns the names of its secrets", async () => {
    const job = {
      flavor: "cpu-basic",
      dockerImage: "python:3.12",
      command: ["python", "-V"],
      secrets: { TOKEN: "s3cret-1" },
      labels: { team: "research" },
      attempts: 3,
      arch: "arm64",
    };
    const { url, ...rest } = BODY;
    const made = await send(PATH, { ...rest, job, jobSourceId: "j1" });
    assert.deepEqual(made.job, {
      flavor: "cpu-basic",
      dockerImage: "python:3.12",
      command: ["python", "-V"],
      environment: {},
      timeoutSeconds: null,
      labels: { team: "research" },
      secrets: ["TOKEN"],
    });
    assert.equal(made.url, undefined);
    assert.ok(!JSON.stringify([...hub.store.webhooks.values()]).includes("s3cret-1"));
    const back = await send(`${PATH}/${made.id}`, { ...rest, url });
    assert.equal(back.url, url);
    assert.equal(back.job, undefined);
  });

  it("accepts only the id of a job, as the official Python client sends it", async () => {
    const made = await send(PATH, { ...BODY, url: undefined, jobSourceId: "j1" });
    assert.equal(made.jobSourceId, "j1");
    assert.equal(made.url, undefined);
  });

  for (const [what, edit] of [
    ["an empty watch list", { watched: [] }],
    ["an unknown watched type", { watched: [{ type: "paper", name: "x" }] }],
    ["an empty domain list", { domains: [] }],
    ["an invalid URL", { url: "hooks" }],
    ["a webhook without URL and job", { url: undefined }],
    ["a webhook with both URL and job", { job: { flavor: "cpu-basic" } }],
    ["a job without a flavor", { url: undefined, job: { dockerImage: "x" } }],
    ["a job with an unknown flavor", { url: undefined, job: { flavor: "abacus" } }],
    [
      "a timeout above the maximum",
      { url: undefined, job: { flavor: "cpu-basic", dockerImage: "x", timeoutSeconds: 2 ** 53 } },
    ],
    [
      "more attempts than the maximum",
      { url: undefined, job: { flavor: "cpu-basic", dockerImage: "x", attempts: 2 ** 53 } },
    ],
    ["a secret that is not ASCII", { secret: "géheim" }],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await expectStatus(400, hub, "POST", PATH, { body: { ...BODY, ...edit } });
      assert.equal(hub.store.webhooks.size, 0);
    });
  }

  it("answers 404 to a replay, because it never calls a webhook", async () => {
    const { id } = await send(PATH, BODY);
    await expectStatus(404, hub, "POST", `${PATH}/${id}/replay/${"0".repeat(24)}`);
    await expectStatus(404, hub, "POST", `${PATH}/${"0".repeat(24)}/replay/x`);
  });
});
