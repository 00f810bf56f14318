import assert from "node:assert/strict";
import {
  checkEndpoint,
  isLoopback,
  sameOrigin,
  withoutEndingSlashes,
} from "../../provider/src/client/endpoint";
import { HubError } from "../../provider/src/client/errors";

describe("endpoint check", () => {
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
    it(`accepts ${given}`, () => assert.equal(checkEndpoint(given), result));
  }

  const LOOPBACK_ONLY =
    "http would send the token unencrypted and is allowed only for this machine (127.0.0.1, ::1, localhost)";
  const USER = "it contains a user name or password; the token is set separately";
  const QUERY = "it contains a query or a fragment";
  const SPACE = "it contains white space or control characters";
  const refused: [endpoint: unknown, why: string][] = [
    ["", "it is empty"],
    [5, "it is empty"],
    ["https://hub.example /", SPACE],
    ["https://hub.example\n", SPACE],
    ["https://hub.example/\u0001", SPACE],
    ["huggingface.co", "it is not a URL"],
    ["ftp://hub.example", "it must begin with https://"],
    ["javascript:alert(1)", "it must begin with https://"],
    ["https://u@hub.example", USER],
    ["https://:p@hub.example", USER],
    ["https://user:hunter22@hub.example", USER],
    ["https://hub.example@evil.example", USER],
    ["https://hub.example/a@b", USER],
    ["https://hub.example/?", QUERY],
    ["https://hub.example/?x=1", QUERY],
    ["https://hub.example/#", QUERY],
    ["http://hub.example", LOOPBACK_ONLY],
    ["http://127.0.0.1.evil.example", LOOPBACK_ONLY],
    ["http://localhost.evil.example", LOOPBACK_ONLY],
    ["http://0.0.0.0", LOOPBACK_ONLY],
    ["http://[::]", LOOPBACK_ONLY],
    ["http://10.0.0.1", LOOPBACK_ONLY],
  ];
  for (const [endpoint, why] of refused) {
    it(`refuses ${JSON.stringify(endpoint)} and does not repeat it in the error`, () => {
      assert.throws(
        () => checkEndpoint(endpoint as string),
        (error) => {
          assert.ok(error instanceof HubError);
          assert.equal(error.code, "endpoint_refused");
          assert.equal(
            error.message,
            `The endpoint is refused: ${why}. Give the address of a Hub, such as https://huggingface.co.`,
          );
          return true;
        },
      );
    });
  }
});

describe("host name", () => {
  for (const name of ["localhost", "[::1]", "127.0.0.1", "127.255.0.10"]) {
    it(`${name} means this machine`, () => assert.equal(isLoopback(name), true));
  }
  const others =
    "x localhost. ::1 127.0.0 1127.0.0.1 127.0.0.1.x 128.0.0.1 127.0.0.1111 127.0.0.1.evil.example";
  for (const name of others.split(" ")) {
    it(`${name} means another machine`, () => assert.equal(isLoopback(name), false));
  }
});

it("compares origins by scheme, host and port, and accepts no user name", () => {
  const same = (url: string) => sameOrigin(new URL(url), "https://hub.example/base");
  for (const url of ["https://hub.example/other?x#y", "https://hub.example:443/"]) {
    assert.equal(same(url), true, url);
  }
  for (const url of [
    "http://hub.example",
    "https://hub.example:8443",
    "https://other.example",
    "https://u@hub.example",
    "https://:p@hub.example",
  ]) {
    assert.equal(same(url), false, url);
  }
});

it("removes slashes only at the end of a text", () => {
  const texts = { "/a//b//": "/a//b", "///": "", a: "a", "": "" };
  for (const [text, rest] of Object.entries(texts)) assert.equal(withoutEndingSlashes(text), rest);
});
