import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  codeOf,
  HubError,
  hubError,
  type HubErrorDetails,
  isConflict,
  isNotFound,
  outcomeIsUnknown,
  statusOf,
} from "../../provider/src/client/errors";
import { redactor } from "../../provider/src/client/redact";

describe("HubError", () => {
  it("has one message with the problem, the code, the request and the advice", () => {
    const details = { what: "It failed.", status: 403, code: "Nope", requestId: "Root=1", advice: "Do it." };
    const error = hubError(details);
    assert.ok(error instanceof HubError);
    assert.equal(error.message, "It failed. (code Nope, request Root=1) Do it.");
    const { what, ...fields } = details;
    for (const [name, value] of Object.entries(fields)) assert.equal(error[name as keyof HubError], value);
    assert.equal(hubError({ what, code: "network" }).message, "It failed.");
    assert.equal(hubError({ what, requestId: "r" }).message, "It failed. (request r)");
  });

  it("is printed as its message if it is not caught", () => {
    const error = hubError({ what: "It failed.", retryable: true });
    assert.equal(inspect(error), "HubError: It failed.");
    assert.ok(!inspect({ error }).includes("retryable"));
  });

  it("contains no secret in any of its parts", () => {
    const error = hubError(
      {
        what: "Echo s3cr3t-value and hf_AbCdEfGhIjKlMnOp",
        code: "s3cr3t-value",
        requestId: "s3cr3t-value",
        path: "/api/hf_AbCdEfGhIjKlMnOp",
        advice: "s3cr3t-value",
        endpoint: "https://u:s3cr3t-value@h",
      },
      redactor(["s3cr3t-value"]),
    );
    const all = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + error.stack;
    assert.doesNotMatch(all, /s3cr3t-value|AbCdEf/);
    assert.ok(all.includes("[secret]"));
  });

  const limits: [part: keyof HubErrorDetails & keyof HubError, longest: number][] = [
    ["code", 100],
    ["requestId", 200],
    ["path", 500],
    ["endpoint", 300],
    ["advice", 1000],
  ];
  for (const [part, longest] of limits) {
    it(`limits its ${part} to one line of ${longest} characters`, () => {
      const error = hubError({ what: "x", [part]: `a\n\u001b[2J${"b".repeat(2000)}` });
      assert.equal(error[part], `a??[2J${"b".repeat(longest - 6)}…`);
    });
  }

  it("prints as one line that can neither control the terminal nor flood it", () => {
    const { message } = hubError({ what: `\u001b[2Jgone\u202E\n\ud83d ${"😀".repeat(25_000)}` });
    assert.match(message, /^\?\[2Jgone\?\?\? 😀/);
    assert.doesNotMatch(message, /\p{C}|[\p{Zl}\p{Zp}]/u);
    assert.equal(message.length, 1001);
  });
});

describe("classification of a caught error", () => {
  it("recognizes a HubError", () => {
    const notFound = hubError({ what: "Gone.", status: 404, code: "SsoNotConfigured" });
    assert.equal(isNotFound(notFound), true);
    assert.equal(isConflict(notFound), false);
    assert.equal(statusOf(notFound), 404);
    assert.equal(codeOf(notFound), "SsoNotConfigured");
    assert.equal(outcomeIsUnknown(notFound), false);
    const conflict = hubError({ what: "Taken.", status: 409, outcomeUnknown: true });
    assert.equal(isConflict(conflict), true);
    assert.equal(isNotFound(conflict), false);
    assert.equal(outcomeIsUnknown(conflict), true);
  });

  it("needs only the fields, because a program may load the package twice", () => {
    assert.equal(isNotFound(Object.assign(new Error("gone"), { status: 404 })), true);
  });

  for (const other of [new Error("x"), undefined, null, "404", { status: 404, outcomeUnknown: true }]) {
    it(`does not take ${inspect(other).split("\n")[0]} for a HubError`, () => {
      for (const is of [isNotFound, isConflict, outcomeIsUnknown]) assert.equal(is(other), false);
      assert.equal(statusOf(other), undefined);
      assert.equal(codeOf(other), undefined);
    });
  }
});
