// Names that could redirect a request: the path always keeps its shape.
import assert from "node:assert/strict";
import fc from "fast-check";
import { HubError } from "../../provider/src/client/errors";
import { LifecycleError } from "../../provider/src/model/definition";
import { quickClient } from "../client/quickClient";
import { inMemory } from "../support/inMemory";
import { assertPresentable, hostileText, runs } from "./hostile";
import { type Names, NAMES, operationsWith, scriptedTransport } from "./operations";
import { definitions } from "./definitions";

const ENDPOINT = "https://hub.example/base";

/** Characters and words that some parser of paths could read as a parent folder, a separator or an end. */
const piece = fc.constantFrom(
  ..."/\\%?#;@:&\0\t \u00A0\u2028\u202E\uFF0E\uFF0F\u2215\u2044\u2024\u2025\u2026\u3002\uFE52\uFF3C\u2100\u212Aǌﬀ\u0130😀a-_.",
  ...".. // %2e %2E %2f %2F %5c %252f %00 acme api models settings".split(" "),
  "\r\n",
  "\uD800",
  "\uDC00",
  "k".repeat(10_000),
);
const hostileName = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("")) },
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);

/** Returns true if a part of a path is one of the names, after decoding. */
function isName(part: string | undefined, names: Names): boolean {
  const given = [names.organization, names.id, names.otherId, names.name, ...names.repo.split("/")];
  return part !== undefined && given.includes(decodeURIComponent(part));
}

/** The parts of a path, with a star in place of each name. */
function shapeOf(url: string, names: Names): string {
  const { origin, pathname, hash } = new URL(url);
  const parts = pathname.split("/").map((part) => (isName(part, names) ? "*" : part));
  return `${origin}${parts.join("/")}${hash}`;
}

const REPOSITORY =
  "(?:model|dataset|space|bucket)s(?:/[\\w.-]+(?:/[\\w.-]+(?:/(?:resource-group|secrets|variables))?)?)?";
const OF_ORGANIZATION =
  "service-accounts(?:/[0-9a-f]{24})?|settings/(?:sso|repositories)|members|resource-groups(?:/[0-9a-f]{24})?";
/** The paths that the lookup of a resource may request. */
const RESOURCE_PATH = new RegExp(
  `^https://hub\\.example/base/api/(?:whoami-v2|settings/tokens|${REPOSITORY}|organizations/[\\w.-]+/(?:${OF_ORGANIZATION}))$`,
);

describe("hostile name", function () {
  this.timeout(120_000);

  for (const [index, { name: operation }] of operationsWith(NAMES).entries()) {
    it(`keeps the path of ${operation} unchanged, or is refused`, async () => {
      const pathFor = async (names: Names): Promise<string[]> => {
        const transport = scriptedTransport(() => ({ status: 418, body: "{}" }));
        const { client } = quickClient(ENDPOINT, { maxRetries: 0 }, { transport });
        const call = async (): Promise<unknown> => operationsWith(names)[index]?.call(client);
        await call().catch((error: unknown) => {
          assert.ok(error instanceof HubError, (error as Error).stack);
          assertPresentable(error.message);
        });
        return transport.requests.map(({ method, url }) => `${method} ${url}`);
      };
      const distinct: Names = { ...NAMES, organization: "Org0", name: "Name0", repo: "Ns0/Repo0" };
      const [usual = ""] = await pathFor(distinct);
      const [method = "", usualUrl = ""] = usual.split(" ");
      const shape = shapeOf(usualUrl, distinct);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...(Object.keys(NAMES) as (keyof Names)[])),
          hostileName,
          async (key, hostile) => {
            const names = {
              ...distinct,
              [key]: key === "repo" && !hostile.includes("/") ? `Ns0/${hostile}` : hostile,
            };
            for (const request of await pathFor(names)) {
              const [actualMethod, url = ""] = request.split(" ");
              assert.equal(actualMethod, method);
              // Checks the raw path too: a proxy may resolve segments that the Hub does not.
              assert.doesNotMatch(
                url.split("?")[0] ?? "",
                /[\s\\\p{Cc}]|\/\.{1,2}(?:\/|$)|%2e|%2f|%5c|%00/iu,
              );
              assert.equal(new URL(url).origin, "https://hub.example");
              const own = new URL(url).pathname.split("/");
              const expected = shape.slice("https://hub.example".length).split("/");
              assert.equal(own.length, expected.length);
              expected.forEach((part, at) => {
                if (part !== "*") assert.equal(own[at], part);
                else assert.ok(isName(own[at], names), `${own[at]} is another name`);
              });
              assert.equal(new URL(url).hash, "");
            }
          },
        ),
        runs(300),
      );
    });
  }

  it("keeps the path of a resource unchanged, or is refused, as part of an id", async () => {
    const id = fc.oneof(
      hostileName,
      fc.array(hostileName, { minLength: 2, maxLength: 4 }).map((parts) => parts.join("/")),
      hostileName.map((name) => `acme/0123456789abcdef01234567/${name}`),
      hostileName.map((name) => `${name}/0123456789abcdef01234567/x`),
      hostileName.map((name) => `model/acme/${name}`),
      hostileName.map((name) => `${name}/sso`),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...definitions), id, async (definition, hostile) => {
        const transport = scriptedTransport(() => ({ status: 418, body: "{}" }));
        const { client } = quickClient(ENDPOINT, { maxRetries: 0 }, { transport });
        try {
          await definition.read(hostile, undefined, inMemory(client).context);
        } catch (error) {
          assert.ok(error instanceof HubError || error instanceof LifecycleError, (error as Error).stack);
        }
        for (const { url } of transport.requests) {
          assert.match(url.split("?")[0] ?? "", RESOURCE_PATH);
          assert.ok(!(url.split("?")[0] ?? "").includes(".."));
        }
      }),
      runs(3000),
    );
  });
});
