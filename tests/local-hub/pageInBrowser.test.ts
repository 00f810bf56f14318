// The web page in a real browser, at the widths of a phone, a tablet and a laptop, in light and dark.
import assert from "node:assert/strict";
import { source as axe, type AxeResults } from "axe-core";
import { type BrowserContextOptions, type Page } from "playwright-core";
import { expectStatus } from "./ask";
import { startBrowser, type StartedBrowser } from "../support/browser";
import { startHub, type Hub } from "../support/hub";

const WIDTHS = [390, 768, 1280];
const SCHEMES = ["light", "dark"] as const;

describe("local Hub: web page in a browser", function () {
  this.timeout(60_000);
  let hub: Hub;
  let started: StartedBrowser;
  const open: { close(): Promise<void> }[] = [];

  before(async () => {
    open.push((hub = await startHub()));
    open.push((started = await startBrowser()));
    await fill(hub);
  });
  after(() => Promise.all(open.map((each) => each.close())));

  /** Opens the page, runs a test on it, and checks that the browser made no other request and reported no error. */
  async function look(
    options: BrowserContextOptions,
    test: (page: Page) => Promise<void>,
    organization = "acme",
  ): Promise<void> {
    const context = await started.browser.newContext(options);
    try {
      const page = await context.newPage();
      const requested: string[] = [];
      const complaints: string[] = [];
      page.on("request", (request) => requested.push(request.url()));
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      const url = `${hub.endpoint}/?organization=${organization}`;
      await page.goto(url);
      await test(page);
      assert.deepEqual(
        requested.filter((each) => !each.startsWith("data:")),
        [url],
      );
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  /** The accessibility checker's findings, with the elements that they are about. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const found: AxeResults = await page.evaluate("axe.run(document)");
    assert.ok(found.passes.length > 20, "the accessibility checker did not run");
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
    );
  }

  const openAll = (page: Page): Promise<unknown> =>
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))");

  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      it(`is accessible and fits the screen at ${width} px, ${colorScheme}`, () =>
        look({ viewport: { width, height: 900 }, colorScheme }, async (page) => {
          assert.deepEqual(await violations(page), []);
          await openAll(page);
          assert.deepEqual(await violations(page), []);
          assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
          const link = await page.locator("nav a").first().boundingBox();
          assert.ok((link?.width ?? 0) > 40, "the browser has no font");
        }));
    }
  }

  it("is accessible for an organization without an audit log and service accounts", () =>
    look(
      { viewport: { width: 390, height: 900 } },
      async (page) => assert.deepEqual(await violations(page), []),
      "globex",
    ));

  it("shows the latest ten audit events on a phone, in short entries", () =>
    look({ viewport: { width: 390, height: 900 } }, async (page) => {
      const heights = (): Promise<number[]> =>
        page.evaluate(
          "[...document.querySelectorAll('.log li')].filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).map((each) => each.offsetHeight)",
        );
      assert.equal((await heights()).length, 10);
      const [latest] = await page.locator(".log li").allTextContents();
      assert.match(latest ?? "", new RegExp(hub.store.auditEventsOf("acme").at(-1)?.message ?? "none"));
      await openAll(page);
      const all = await heights();
      assert.equal(all.length, 100);
      assert.ok(Math.max(...all) <= 120, `${Math.max(...all)} px high`);
    }));

  it("is usable with only a keyboard", () =>
    look({ viewport: { width: 390, height: 900 } }, async (page) => {
      const focused = (what: string): Promise<string> => page.evaluate(`document.activeElement.${what}`);
      await page.keyboard.press("Tab");
      assert.equal(await focused("textContent.trim()"), "acme");
      assert.notEqual(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none");
      for (let i = 0; i < 20 && (await focused("tagName")) !== "SUMMARY"; i++) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.parentElement.open"), true);
    }));
});

/** Fills every part of the page, with texts of realistic length. */
async function fill(hub: Hub): Promise<void> {
  await expectStatus(200, hub, "PUT", "/api/organizations/acme/settings/sso", {
    body: {
      provider: "oidc",
      ssoUrl: `https://login.example/${"tenant/".repeat(20)}`,
      clientId: "hub",
      clientSecret: "s3cret-1",
    },
  });
  const accounts = "/api/organizations/acme/service-accounts";
  for (let i = 0; i < 22; i++) {
    const { body: account } = await expectStatus<{ _id: string }>(201, hub, "POST", accounts, {
      body: { name: `nightly evaluation of every model ${i}`, description: "Reads models ".repeat(10) },
    });
    await expectStatus(201, hub, "POST", `${accounts}/${account._id}/tokens`, {
      body: {
        displayName: "a-token-name-without-any-space",
        permissions: ["org.read", "org.serviceAccounts.write"],
      },
    });
  }
  const expiresAt = "2027-01-01T00:00:00Z";
  for (const status of ["pending", "approved", "revoked"] as const) {
    const { id } = hub.createToken("wim-write", { name: `laptop ${status}`, role: "write", expiresAt });
    hub.store.authorizeToken("acme", id, { status, requestedAt: expiresAt });
  }
  for (const visibility of ["private", "internal", "public"]) {
    await expectStatus(200, hub, "PUT", "/api/models/acme/embeddings/settings", { body: { visibility } });
  }
}
