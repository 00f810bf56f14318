import assert from "node:assert/strict";
import { signInUrlProblem } from "../../provider/src/rules/signInUrl";

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
