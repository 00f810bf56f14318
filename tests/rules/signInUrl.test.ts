import assert from "node:assert/strict";
import { issuerProblem, signInUrlProblem } from "../../provider/src/rules/signInUrl";

describe("sign-in URL", () => {
  it("may be https with path, port and query", () => {
    for (const url of ["https://idp.example.com", "https://idp.example.com:8443/sso?tenant=1"]) {
      assert.equal(signInUrlProblem(url), undefined, url);
    }
  });
  const refused: [string, RegExp][] = [
    ["idp.example.com/sso", /is not a URL/],
    ["http://idp.example.com/sso", /must begin with https/],
    ["http://127.0.0.1/sso", /must begin with https/],
    ["javascript:alert(1)", /must begin with https/],
    ["https://user:geheim@idp.example.com", /user name or a password/],
    ["https://idp.example.com/#part", /behind #/],
  ];
  for (const [url, reason] of refused) {
    it(`refuses ${url.replace("geheim", "…")}`, () => {
      const problem = signInUrlProblem(url) ?? "";
      assert.match(problem, reason);
      assert.ok(!problem.includes("geheim"), "credentials must not be repeated");
    });
  }
});

describe("issuer", () => {
  for (const issuer of [
    "https://login.example.com",
    "https://login.example.com/",
    "https://a.example/tenant/v2.0",
  ]) {
    it(`may be ${issuer}`, () => assert.equal(issuerProblem(issuer), undefined));
  }
  const refused: [string, RegExp][] = [
    ["http://login.example.com", /^must begin with https/],
    ["https://login.example.com/#part", /behind #/],
    ["https://login.example.com/?tenant=1", /^must not have a part behind \?/],
    ["https://login.example.com?", /^must not have a part behind \?/],
    ["https://a.example/.well-known/openid-configuration", /discovery document; give the issuer/],
    ["https://a.example/tenant/.well-known/oauth-authorization-server", /discovery document/],
  ];
  for (const [issuer, reason] of refused) {
    it(`refuses ${issuer}`, () => assert.match(issuerProblem(issuer) ?? "", reason));
  }
});
