// The site as a reader gets it: complete, with links that lead somewhere, usable on a phone and with a screen reader.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { source as axe, type AxeResults } from "axe-core";
import { type Page } from "playwright-core";
import * as functions from "../../provider/src/functions";
import { type ResourceModel } from "../../provider/src/model/fields";
import { clientMethods } from "../support/clientMethods";
import { pageOf, programTypes } from "../support/programTypes";
import { startBrowser, type StartedBrowser } from "../support/browser";
import { anchors, documents, links, readDocument, ROOT } from "./documents";
import { BASE, buildSite, type Site } from "./site";

describe("documentation site", function () {
  this.timeout(240_000);
  let site: Site;
  const open: { (): unknown }[] = [];

  before(async () => {
    site = await buildSite();
    open.push(() => site.remove());
  });
  after(() => Promise.all(open.map((close) => close())));

  it("has a page for each document, and all of them in its menu", () => {
    const expected = documents("docs").map((each) => each.slice("docs/".length).replace(/\.md$/, ".html"));
    assert.deepEqual([...site.pages].sort(), [...expected, "404.html"].sort());
    const menu = site.html("install.html");
    const missing = expected.filter(
      (page) => page !== "index.html" && !menu.includes(`href="${BASE}${page}"`),
    );
    assert.deepEqual(missing, []);
  });

  it("links to pages and anchors that exist", () => {
    const dead = site.pages.flatMap((page) => {
      const targets = [...site.html(page).matchAll(/<a [^>]*href="([^"]+)"/g)].map(
        ([, href]) => href as string,
      );
      return targets
        .filter((href) => !/^[a-z]+:/.test(href) && !leadsSomewhere(href, page))
        .map((href) => `${page}: ${href}`);
    });
    assert.deepEqual(dead, []);
  });

  function leadsSomewhere(href: string, from: string): boolean {
    const [path = "", anchor] = href.split("#");
    if (path !== "" && !path.startsWith(BASE)) return false;
    const page = path === "" ? from : path.slice(BASE.length) || "index.html";
    if (!site.pages.includes(page)) return existsSync(join(site.folder, page));
    return anchor === undefined || site.ids(page).has(decodeURIComponent(anchor));
  }

  it("is not the only thing with links: those of the repository's documents lead to files and headings too", () => {
    const dead = documents().flatMap((document) =>
      links(readDocument(document))
        .filter((target) => !/^[a-z]+:/.test(target) && !existsInRepository(target, document))
        .map((target) => `${document}: ${target}`),
    );
    assert.deepEqual(dead, []);
  });

  function existsInRepository(target: string, document: string): boolean {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? document : normalize(join(dirname(document), decodeURIComponent(path)));
    if (!existsSync(join(ROOT, file))) return false;
    if (anchor === undefined || !file.endsWith(".md")) return true;
    // Parts of these pages come from the sources.
    if (file.startsWith("docs/"))
      return site.ids(file.slice("docs/".length).replace(/\.md$/, ".html")).has(anchor);
    return anchors(readDocument(file)).includes(anchor);
  }

  it("loads nothing from another host", () => {
    for (const page of site.pages) {
      const loaded = site
        .html(page)
        .match(/<(?:link|script|img|source)\b[^>]*(?:href|src)="(?:https?:)?\/\/[^"]*"/g);
      assert.equal(loaded, null, page);
    }
  });

  for (const type of programTypes) {
    it(`describes each argument and output of ${type}`, () => {
      const { fields, outputs } = modelOf(type);
      const page = `resources/${pageOf(type)}.html`;
      const ids = site.ids(page);
      const named = [
        ...Object.keys(fields).filter((name) => name !== "owner"),
        ...Object.keys(outputs).map((name) => `output-${name}`),
      ];
      assert.deepEqual(
        named.filter((name) => !ids.has(name)),
        [],
      );
    });
  }

  it("describes each function and each method of the client", () => {
    const forms = Object.keys(functions);
    const plain = forms.filter((name) => !forms.some((other) => name === `${other}Output`));
    const methods = clientMethods();
    assert.ok(plain.length >= 10 && methods.length >= 20);
    const missing = [
      ...plain.filter((name) => !site.ids("functions.html").has(name)),
      ...methods.filter((name) => !site.ids("client.html").has(name)),
    ];
    assert.deepEqual(missing, []);
    const internal = ["requester", "Operations", "SpaceOperations", "ResourceGroupOperations"];
    assert.deepEqual(
      internal.filter((name) => site.ids("client.html").has(name)),
      [],
    );
    const outputForms = forms.filter((name) => !plain.includes(name));
    assert.deepEqual(
      outputForms.filter((name) => !site.html("functions.html").includes(`${name}(`)),
      [],
    );
  });

  describe("in a browser", () => {
    let started: StartedBrowser;
    let address: string;

    before(async () => {
      const { serveFolder } = await import("../../scripts/docs/server.mjs");
      const server = await serveFolder(site.folder, BASE, 0);
      started = await startBrowser();
      address = server.address;
      open.push(() => started.close().then(() => server.close()));
    });

    /** The accessibility checker's findings on the page, and its width if it is too wide. */
    async function findings(page: Page, name: string, width: number): Promise<string[]> {
      await page.goto(`${address}${name}`);
      await page.waitForFunction("document.querySelector('#VPContent')?.role");
      await page.evaluate(axe);
      const { violations }: AxeResults = await page.evaluate("axe.run(document)");
      const taken: number = await page.evaluate("document.documentElement.scrollWidth");
      return [
        ...violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${name}: ${id}: ${node.target.join(" ")}`),
        ),
        ...(taken > width ? [`${name}: ${taken} px wide`] : []),
      ];
    }

    const KINDS = ["index.html", "rule.html", "functions.html", "resources/hub-token.html", "404.html"];
    for (const { width, colorScheme, pages } of [
      { width: 390, colorScheme: "light", pages: () => site.pages },
      // The other scheme differs in colors alone, and the width in the menu: a page of each kind shows both.
      { width: 1280, colorScheme: "dark", pages: () => KINDS },
    ] as const) {
      it(`is accessible and fits at ${width} px, ${colorScheme}`, async () => {
        const context = await started.browser.newContext({ viewport: { width, height: 900 }, colorScheme });
        const complaints: string[] = [];
        const page = await context.newPage();
        page.on("pageerror", ({ message }) => complaints.push(message));
        page.on("request", (request) => {
          if (!/^(http:\/\/127\.0\.0\.1|data:)/.test(request.url())) complaints.push(request.url());
        });
        for (const name of pages()) complaints.push(...(await findings(page, name, width)));
        await context.close();
        assert.deepEqual(complaints, []);
      });
    }
  });
});

function modelOf(type: string): ResourceModel {
  const name = type.charAt(0).toLowerCase() + type.slice(1);
  const models = require(`../../provider/src/resources/${name}/model`) as Record<string, ResourceModel>;
  return models[`${name}Model`] as ResourceModel;
}
