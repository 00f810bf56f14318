import assert from "node:assert/strict";
import { issuerProblem, sameAddress, signInUrlProblem } from "../../provider/src/rules/signInUrl";

const HTTPS = "must begin with https://";
const WHITE_SPACE = "must not contain white space, control characters or backslashes";
const USER = "must not contain a user name or a password";
const FRAGMENT = "must not have a fragment (#…)";
const QUERY = "must not have a query (?…): an issuer has none";
const DISCOVERY = "is the URL of the discovery document; give the issuer that the document names";

// The tests compare the whole message to show that it does not repeat the URL, which may contain a password.
const shown = (expected: string | undefined): string => (expected === undefined ? "accepts" : "refuses");

describe("sign-in URL", () => {
  const cases: [url: string, problem?: string][] = [
    ["https://idp.example.com"],
    ["https://idp.example.com:8443/sso?tenant=1"],
    ["https://a.example/x@y?z=https://b@c"],
    ["idp.example.com/sso", "is not a URL; give one such as https://idp.example.com/sso"],
    ["http://idp.example.com/sso", HTTPS],
    ["http://127.0.0.1/sso", HTTPS],
    ["javascript:alert(1)", HTTPS],
    ["https://user:secret@idp.example.com", USER],
    ["https://user@a.example", USER],
    ["https://:pass@a.example", USER],
    ["https://@a.example", USER],
    ["HTTPS://@a.example", USER],
    ["https://idp.example.com/#part", FRAGMENT],
    ["https://a.example/#", FRAGMENT],
    ["https://a.example/ x", WHITE_SPACE],
    ["https://a.ex\tample", WHITE_SPACE],
    ["https://a.example\\x", WHITE_SPACE],
    ["https://a.example/\u0000", WHITE_SPACE],
    ["https://a.example/\u0085", WHITE_SPACE],
  ];
  for (const [url, problem] of cases) {
    it(`${shown(problem)} ${JSON.stringify(url)}`, () => assert.equal(signInUrlProblem(url), problem));
  }
});

describe("issuer", () => {
  const cases: [issuer: string, problem?: string][] = [
    ["https://login.example.com"],
    ["https://login.example.com/"],
    ["https://a.example/tenant/v2.0"],
    ["http://login.example.com", HTTPS],
    ["https://login.example.com/#part", FRAGMENT],
    ["https://login.example.com/?tenant=1", QUERY],
    ["https://login.example.com?", QUERY],
    ["https://a.example/.well-known/openid-configuration", DISCOVERY],
    ["https://a.example/tenant/.well-known/oauth-authorization-server", DISCOVERY],
  ];
  for (const [issuer, problem] of cases) {
    it(`${shown(problem)} ${issuer}`, () => assert.equal(issuerProblem(issuer), problem));
  }
});

describe("same address", () => {
  const cases: [string | undefined, string | undefined, boolean][] = [
    ["https://a.example", "https://a.example/", true],
    ["https://A.example/x", "https://a.example/x", true],
    ["https://a.example/x", "https://a.example/y", false],
    ["https://a.example/x", "https://a.example/x/", false],
    ["not a URL", "not a URL", true],
    ["not a URL", "https://a.example", false],
    ["https://a.example", "not a URL", false],
    [undefined, undefined, true],
    [undefined, "https://a.example", false],
    ["https://a.example", undefined, false],
  ];
  for (const [left, right, same] of cases) {
    it(`${same ? "equates" : "distinguishes"} ${left} and ${right}`, () =>
      assert.equal(sameAddress(left, right), same));
  }
});
