import assert from "node:assert/strict";
import fc from "fast-check";
import { checkEndpoint } from "../../provider/src/client/endpoint";
import { HubError } from "../../provider/src/client/errors";
import {
  freeSegment,
  idSegment,
  nameSegment,
  organizationPath,
  repoPath,
  urlOf,
} from "../../provider/src/client/paths";

function refused(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HubError && error.code === code;
}

const HOSTILE = [
  "",
  ".",
  "..",
  "../x",
  "a/../b",
  "a%2fb",
  "a%2Fb",
  "%2e%2e",
  "a\\b",
  "a\0b",
  "a\nb",
  "a\u2028b",
  "a\u202Fb/",
  "\uD800",
  "．．",
  "a／b",
  "a∕b/",
  "℀",
  "a".repeat(10_000),
  "/",
  "//",
  "?x=1/",
];

describe("parts of a path", () => {
  for (const name of HOSTILE) {
    it(`refuses ${JSON.stringify(name.slice(0, 20))}`, () => {
      assert.throws(() => freeSegment("The name", name), refused("invalid_argument"));
      assert.throws(() => nameSegment("The name", name), refused("invalid_argument"));
      assert.throws(() => idSegment("The id", name), refused("invalid_argument"));
    });
  }

  it("takes free names with all that a name may have", () => {
    assert.equal(
      freeSegment("The name", "ci token [ab12cd34-9f0e] é?#&"),
      "ci%20token%20%5Bab12cd34-9f0e%5D%20%C3%A9%3F%23%26",
    );
  });

  it("refuses what is no string", () => {
    for (const value of [undefined, null, 1, {}, ["a"]]) {
      assert.throws(() => freeSegment("The name", value as string), refused("invalid_argument"));
      assert.throws(() => nameSegment("The name", value as string), refused("invalid_argument"));
      assert.throws(() => repoPath(value as string), refused("invalid_argument"));
    }
  });

  it("never changes the path that is called, whatever the name", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(".", "/", "%", "2", "f", "e", "\\", "a", "#", "?", "／", "．", " ", "\t"),
      }),
    );
    fc.assert(
      fc.property(name, (value) => {
        let segment: string;
        try {
          segment = freeSegment("The name", value);
        } catch (error) {
          return refused("invalid_argument")(error);
        }
        const url = new URL(urlOf("https://hub.example/base", `/api/settings/tokens/${segment}`));
        const parts = url.pathname.split("/");
        return (
          url.origin === "https://hub.example" &&
          parts.length === 6 &&
          parts.slice(0, 5).join("/") === "/base/api/settings/tokens" &&
          decodeURIComponent(parts[5] ?? "") === value &&
          url.search === "" &&
          url.hash === ""
        );
      }),
      { numRuns: 5000 },
    );
  });

  it("makes the path of a repository of each type", () => {
    assert.equal(repoPath("acme/m"), "/api/models/acme/m");
    assert.equal(repoPath("acme/d", "dataset"), "/api/datasets/acme/d");
    assert.equal(repoPath("acme/s", "space"), "/api/spaces/acme/s");
    assert.equal(repoPath("acme/b", "bucket"), "/api/buckets/acme/b");
  });

  for (const repo of [
    "m",
    "acme/",
    "/m",
    "acme/a/b",
    "acme/..",
    "../m",
    "acme/%2e%2e",
    "acme/m?x",
    "acme/m#x",
    "acme//m",
  ]) {
    it(`refuses the repository ${repo}`, () =>
      assert.throws(() => repoPath(repo), refused("invalid_argument")));
  }

  it("refuses an unknown type of repository", () => {
    assert.throws(() => repoPath("acme/m", "../organizations" as "model"), refused("invalid_argument"));
  });

  it("refuses a path that leads elsewhere, though it came this far", () => {
    assert.throws(() => urlOf("https://hub.example", "/api/x/../y"), refused("invalid_argument"));
    assert.throws(() => urlOf("https://hub.example", "@evil.example/"), refused("invalid_argument"));
  });

  it("encodes the query", () => {
    assert.equal(
      urlOf("https://hub.example", organizationPath("acme"), { q: "a&b=c#d", limit: 5, none: undefined }),
      "https://hub.example/api/organizations/acme?q=a%26b%3Dc%23d&limit=5",
    );
  });
});

describe("the endpoint", () => {
  for (const [given, result] of [
    ["https://huggingface.co", "https://huggingface.co"],
    ["https://huggingface.co/", "https://huggingface.co"],
    ["https://hub.example:8443/base//", "https://hub.example:8443/base"],
    ["HTTPS://Hub.Example", "https://hub.example"],
    ["http://127.0.0.1:5000", "http://127.0.0.1:5000"],
    ["http://127.8.8.8", "http://127.8.8.8"],
    ["http://localhost:1/", "http://localhost:1"],
    ["http://[::1]:80", "http://[::1]"],
  ] as const) {
    it(`takes ${given}`, () => assert.equal(checkEndpoint(given), result));
  }

  for (const given of [
    "",
    "huggingface.co",
    "ftp://hub.example",
    "http://hub.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://0.0.0.0",
    "http://[::]",
    "http://10.0.0.1",
    "https://user:hunter22@hub.example",
    "https://hub.example@evil.example",
    "https://hub.example/?x=1",
    "https://hub.example/#x",
    "https://hub.example/ x",
    "https://hub.example\n",
    "javascript:alert(1)",
  ]) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      assert.throws(
        () => checkEndpoint(given),
        (error: HubError) => {
          assert.equal(error.code, "endpoint_refused");
          assert.ok(!error.message.includes("hunter22"));
          return true;
        },
      );
    });
  }
});
