import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

describe("local Hub: web page", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  const page = async (query = ""): Promise<string> => (await fetch(`${hub.endpoint}/${query}`)).text();

  it("shows single sign-on, tokens, service accounts, repositories and events", async () => {
    await expectStatus(200, hub, "PUT", "/api/organizations/acme/settings/sso", {
      body: { provider: "oidc", ssoUrl: "https://login.example", clientId: "hub", clientSecret: "s3cret-1" },
    });
    const accounts = "/api/organizations/acme/service-accounts";
    await expectStatus(201, hub, "POST", accounts, { body: { name: "<script>alert(1)</script>" } });
    await expectStatus(200, hub, "POST", "/api/repos/create", {
      body: { name: "flash-kernel", organization: "acme", type: "kernel" },
    });
    const text = await page();
    for (const part of [
      "acme/flash-kernel",
      "https://login.example",
      "acme/llm-private",
      "internal-dashboard",
      "org.service_account.create",
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(text.includes(`hf_…${hub.tokens.admin.slice(-4)}`));
    assert.doesNotMatch(text, /hf_[A-Za-z0-9]{34}/);
    assert.ok(!text.includes("s3cret-1"));
    assert.ok(!text.includes("<script"));
  });

  it("shows another organization by name, and the first one for an unknown name", async () => {
    assert.match(await page("?organization=globex"), /globex\/forecast/);
    assert.match(await page("?organization=%3Cb%3E"), /acme\/llm-private/);
    assert.match(await page("?organization=a&organization=b"), /acme\/llm-private/);
  });

  it("loads no external resources and runs no script", async () => {
    const response = await fetch(hub.endpoint);
    assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
    const text = await response.text();
    // The page contains its own icon.
    const [icon = ""] = /<link rel="icon" href="data:[^"]*" \/>/.exec(text) ?? [];
    assert.notEqual(icon, "");
    assert.doesNotMatch(text.replace(icon, ""), /<(script|img|link|iframe)|@import|url\(/);
  });
});
