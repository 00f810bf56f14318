// The segments of a path and the URL of a request. tests/badInput/paths.test.ts covers whole operations.
import assert from "node:assert/strict";
import fc from "fast-check";
import { HubError } from "../../provider/src/client/errors";
import {
  freeSegment,
  idSegment,
  nameSegment,
  organizationPath,
  repoPath,
  urlOf,
} from "../../provider/src/client/paths";

const ENDPOINT = "https://hub.example";

function refuses(call: () => unknown, message: RegExp | string): void {
  assert.throws(call, (error) => {
    assert.ok(error instanceof HubError);
    assert.equal(error.code, "invalid_argument");
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

describe("free name in a path", () => {
  const free = (value: unknown) => freeSegment("The name", value as string);

  it("may contain any character that the Hub allows in a name", () => {
    assert.equal(free("ci token [ab12cd34-9f0e] é?#&"), "ci%20token%20%5Bab12cd34-9f0e%5D%20%C3%A9%3F%23%26");
    for (const name of ["x".repeat(200), ".a", "a.", "a..b"]) assert.equal(free(name), name);
  });

  const refused: [message: string, values: unknown[]][] = [
    ["must be a non-empty string", ["", 5, undefined, null, {}, ["a"]]],
    ["is longer than 200 characters", ["x".repeat(201)]],
    ["contains control characters or broken Unicode", ["a\nb", "a\0b", "a\u2028b", "a\u2029b", "\uD800"]],
    [
      "contains a slash or a character that looks like one",
      ["/", "../x", "a\\b", "?x=1/", "a\u202Fb/", "a\uFF0Fb", "a\uFF3Cb", "℀"],
    ],
    [
      "contains an escaped slash, dot or zero",
      ["a%2fb", "a%2Fb", "a%5Cb", "%2e%2e", "%00", "\uFF05\uFF12\uFF26"],
    ],
    ["consists only of dots", [".", "..", " .. ", "\uFF0E\uFF0E"]],
  ];
  for (const [message, values] of refused) {
    it(`is refused if it ${message}`, () => {
      for (const value of values) refuses(() => free(value), `The name ${message}.`);
    });
  }

  it("never leads to another path", () => {
    const names = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."./%2fe\\a#?／． \t") }),
    );
    fc.assert(
      fc.property(names, (name) => {
        let segment: string;
        try {
          segment = free(name);
        } catch (error) {
          return error instanceof HubError && error.code === "invalid_argument";
        }
        const url = new URL(urlOf(`${ENDPOINT}/base`, `/api/settings/tokens/${segment}`));
        const parts = url.pathname.split("/");
        return (
          url.origin === ENDPOINT &&
          parts.length === 6 &&
          parts.slice(0, 5).join("/") === "/base/api/settings/tokens" &&
          decodeURIComponent(parts[5] ?? "") === name &&
          url.search === "" &&
          url.hash === ""
        );
      }),
      { numRuns: 5000 },
    );
  });
});

describe("Hub name in a path", () => {
  const name = (value: unknown) => nameSegment("The group", value as string);

  it("may contain letters, digits, dots, hyphens and underscores", () => {
    for (const value of ["a", "_", "A.b-c_9", "x".repeat(200)]) assert.equal(name(value), value);
  });

  it("is refused if it contains any other character", () => {
    const message =
      'The group must be a valid name on the Hub: letters, digits, ".", "_" and "-", beginning with a letter, a digit or "_", at most 200 characters.';
    for (const value of [
      "",
      ".",
      "..",
      "-a",
      ".a",
      "a b",
      "a\n",
      "é",
      "a/b",
      "a%2fb",
      "x".repeat(201),
      5,
      null,
      ["a"],
    ]) {
      refuses(() => name(value), message);
    }
    refuses(() => name("a..b"), 'The group must not contain "..".');
  });
});

describe("id in a path", () => {
  const id = (value: unknown) => idSegment("The id", value as string);

  it("may contain letters, digits, hyphens and underscores", () => {
    for (const value of ["a", "x".repeat(64), "A_b-9"]) assert.equal(id(value), value);
  });

  it("is refused if it contains any other character", () => {
    for (const value of ["", "..", "a.b", "a b", "a/b", "x".repeat(65), "a\n", 5, ["a"]]) {
      refuses(() => id(value), "The id must be an id from the Hub: 24 hexadecimal digits.");
    }
  });
});

describe("path", () => {
  it("of a repository contains its type", () => {
    assert.equal(repoPath("acme/m"), "/api/models/acme/m");
    for (const type of ["model", "dataset", "space", "bucket", "kernel"] as const) {
      assert.equal(repoPath("acme/x", type), `/api/${type}s/acme/x`);
    }
    refuses(
      () => repoPath("acme/m", "../organizations" as "model"),
      "repoType must be one of model, dataset, space, bucket, kernel.",
    );
  });

  it("of a repository is refused if a part is missing, superfluous or not a name", () => {
    for (const repo of ["m", "acme/a/b", "acme//m", "", 5, null]) {
      refuses(() => repoPath(repo as string), 'repo must be "namespace/name".');
    }
    for (const repo of ["/m", "../m", "-a/m"]) {
      refuses(() => repoPath(repo), /^The namespace of repo must be a valid name on the Hub/);
    }
    for (const repo of ["acme/", "acme/..", "acme/%2e%2e", "acme/m?x", "acme/m#x"]) {
      refuses(() => repoPath(repo), /^The name of repo must be a valid name on the Hub/);
    }
  });
});

it("of an organization is refused if the name is not valid", () => {
  assert.equal(organizationPath("acme"), "/api/organizations/acme");
  refuses(() => organizationPath("a b"), /^The organization must be a valid name on the Hub/);
});

describe("request URL", () => {
  it("starts with the endpoint's path and encodes the query", () => {
    assert.equal(urlOf(ENDPOINT, "/a"), "https://hub.example/a");
    assert.equal(urlOf(ENDPOINT, "/a", { x: undefined }), "https://hub.example/a");
    assert.equal(
      urlOf(`${ENDPOINT}/base`, "/a", { q: "a&b=c#d", x: 0, y: "" }),
      "https://hub.example/base/a?q=a%26b%3Dc%23d&x=0&y=",
    );
  });

  it("is refused if it leads to a different path", () => {
    for (const path of ["/a/../b", "/a#b", "/a?b", ".evil.example/a", "@evil.example/"]) {
      refuses(() => urlOf(ENDPOINT, path), "A name in the request would change the path of the request.");
    }
  });
});
