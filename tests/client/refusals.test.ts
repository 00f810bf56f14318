// What the parts of a path and the endpoint are refused for, in words, and where exactly the limits are.
import assert from "node:assert/strict";
import {
  checkEndpoint,
  isLoopback,
  sameOrigin,
  withoutEndingSlashes,
} from "../../provider/src/client/endpoint";
import { type HubError } from "../../provider/src/client/errors";
import {
  freeSegment,
  idSegment,
  nameSegment,
  organizationPath,
  repoPath,
  urlOf,
} from "../../provider/src/client/paths";

function refuses(call: () => unknown, code: string, message: RegExp): void {
  assert.throws(call, (error: HubError) => {
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}
const argument = (call: () => unknown, message: RegExp): void => refuses(call, "invalid_argument", message);

describe("why a part of a path is refused", () => {
  it("a free name", () => {
    const cases: [unknown, RegExp][] = [
      ["", /^The name must be a non-empty string\.$/],
      [5, /^The name must be a non-empty string\.$/],
      ["x".repeat(201), /^The name is longer than 200 characters\.$/],
      ["a\nb", /control characters or broken Unicode/],
      ["a\u2028b", /control characters or broken Unicode/],
      ["\uD800", /control characters or broken Unicode/],
      ["a/b", /a slash or what looks like one/],
      ["a\\b", /a slash or what looks like one/],
      ["a\uFF0Fb", /a slash or what looks like one/],
      ["a%2fb", /an escaped slash, dot or zero/],
      ["a%5Cb", /an escaped slash, dot or zero/],
      ["%2e", /an escaped slash, dot or zero/],
      ["%00", /an escaped slash, dot or zero/],
      ["\uFF05\uFF12\uFF26", /an escaped slash, dot or zero/],
      [".", /consists of dots/],
      [" .. ", /consists of dots/],
      ["\uFF0E", /consists of dots/],
    ];
    for (const [value, message] of cases) argument(() => freeSegment("The name", value as string), message);
    assert.equal(freeSegment("The name", "x".repeat(200)), "x".repeat(200));
    assert.equal(freeSegment("The name", ".a"), ".a");
    assert.equal(freeSegment("The name", "a."), "a.");
  });
  it("a name of the Hub", () => {
    for (const value of ["", "-a", ".a", "a b", "é", "a/b", "x".repeat(201), 5, ["a"]]) {
      argument(
        () => nameSegment("The group", value as string),
        /^The group must be a name of the Hub: letters/,
      );
    }
    argument(() => nameSegment("The group", "a..b"), /^The group must not contain "\.\."\.$/);
    for (const value of ["a", "_", "A.b-c_9", "x".repeat(200)])
      assert.equal(nameSegment("The group", value), value);
  });
  it("an id", () => {
    for (const value of ["", "a.b", "a b", "x".repeat(65), "a\n", 5, ["a"]]) {
      argument(
        () => idSegment("The id", value as string),
        /^The id must be an id of the Hub: 24 hexadecimal digits\.$/,
      );
    }
    for (const value of ["a", "x".repeat(64), "A_b-9"]) assert.equal(idSegment("The id", value), value);
  });
  it("a repository and an organization", () => {
    for (const value of ["m", "a/b/c", "", 5])
      argument(() => repoPath(value as string), /^repo must be "namespace\/name"\.$/);
    argument(() => repoPath("/m"), /^The namespace of repo must be/);
    argument(() => repoPath("a/"), /^The name of repo must be/);
    argument(
      () => repoPath("a/m", "kernels" as "model"),
      /^repoType must be one of model, dataset, space, bucket, kernel\.$/,
    );
    argument(() => organizationPath("a b"), /^The organization must be/);
  });
  it("a path that would be another one", () => {
    const elsewhere = /would change the path that is called/;
    argument(() => urlOf("https://h.example", "/a/../b"), elsewhere);
    argument(() => urlOf("https://h.example", "/a#b"), elsewhere);
    argument(() => urlOf("https://h.example", "/a?b"), elsewhere);
    argument(() => urlOf("https://h.example", ".evil.example/a"), elsewhere);
    assert.equal(urlOf("https://h.example", "/a"), "https://h.example/a");
    assert.equal(urlOf("https://h.example", "/a", { x: undefined }), "https://h.example/a");
    assert.equal(urlOf("https://h.example/base", "/a", { x: 0, y: "" }), "https://h.example/base/a?x=0&y=");
  });
});

describe("why an endpoint is refused", () => {
  const cases: [unknown, RegExp][] = [
    ["", /it is empty/],
    [5, /it is empty/],
    ["https://h.example /", /white space or control characters/],
    ["https://h.example/\u0001", /white space or control characters/],
    ["h.example", /it is no URL/],
    ["ftp://h.example", /it must begin with https:\/\//],
    ["https://u@h.example", /user name or password; the token is given apart/],
    ["https://:p@h.example", /user name or password/],
    ["https://h.example/a@b", /user name or password/],
    ["https://h.example/?", /a query or a fragment/],
    ["https://h.example/#", /a query or a fragment/],
    ["http://h.example", /http would send the token in clear; .*\(127\.0\.0\.1, ::1, localhost\)/],
  ];
  for (const [endpoint, message] of cases) {
    it(JSON.stringify(endpoint), () => {
      refuses(() => checkEndpoint(endpoint as string), "endpoint_refused", message);
      refuses(
        () => checkEndpoint(endpoint as string),
        "endpoint_refused",
        /^The endpoint is refused: .*Give the address of a Hub, such as https:\/\/huggingface\.co\.$/,
      );
    });
  }
  it("this machine is meant by its names only", () => {
    for (const name of ["localhost", "[::1]", "127.0.0.1", "127.255.0.10"])
      assert.equal(isLoopback(name), true, name);
    for (const name of [
      "localhost.",
      "::1",
      "127.0.0",
      "1127.0.0.1",
      "127.0.0.1.x",
      "128.0.0.1",
      "127.0.0.1111",
      "x",
    ]) {
      assert.equal(isLoopback(name), false, name);
    }
  });
  it("an origin is scheme, host and port, without a user", () => {
    const same = (url: string) => sameOrigin(new URL(url), "https://h.example/base");
    assert.equal(same("https://h.example/other?x#y"), true);
    assert.equal(same("https://h.example:443/"), true);
    for (const url of [
      "http://h.example",
      "https://h.example:8443",
      "https://i.example",
      "https://u@h.example",
      "https://:p@h.example",
    ]) {
      assert.equal(same(url), false, url);
    }
  });
  it("slashes at the end go, others stay", () => {
    assert.equal(withoutEndingSlashes("/a//b//"), "/a//b");
    assert.equal(withoutEndingSlashes("///"), "");
    assert.equal(withoutEndingSlashes("a"), "a");
    assert.equal(withoutEndingSlashes(""), "");
  });
});
