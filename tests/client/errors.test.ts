import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  codeOf,
  HubError,
  hubError,
  isConflict,
  isNotFound,
  outcomeIsUnknown,
  statusOf,
} from "../../provider/src/client/errors";
import { redactor } from "../../provider/src/client/redact";
import { errorFromAnswer, textOf } from "../../provider/src/client/refusal";

const asked = { method: "PUT", path: "/api/x", endpoint: "https://hub.example" };

function answered(status: number, body = "", headers: Record<string, string> = {}): HubError {
  return errorFromAnswer(
    asked,
    { status, body, headers },
    { outcomeUnknown: false, retryable: false },
    redactor(["s3cr3t-value"]),
  );
}

describe("the Hub's sentence in an error", () => {
  for (const [name, body, text] of [
    ["error", '{"error":"No."}', "No."],
    ["a list in error", '{"error":["One.","Two."]}', "One.; Two."],
    ["error and description", '{"error":"bad","error_description":"Very bad."}', "bad: Very bad."],
    ["errors", '{"errors":[{"message":"One."},{"message":"Two."}]}', "One.; Two."],
    ["an error with a message", '{"error":{"message":"No."}}', "No."],
    ["message", '{"message":"No."}', "No."],
    ["plain text", "Not today\n", "Not today"],
    [
      "HTML",
      "<!doctype html><html><head><title>502 Bad Gateway</title></head><body>x</body></html>",
      "502 Bad Gateway",
    ],
    ["HTML without a title", "<p>x</p>", undefined],
    ["an empty body", "", undefined],
    ["JSON that says nothing", "{}", undefined],
    ["a number", "5", undefined],
    ["deep nesting", `${'{"error":'.repeat(50)}"x"${"}".repeat(50)}`, undefined],
  ] as const) {
    it(`is found in ${name}`, () => assert.equal(textOf({ status: 400, headers: {}, body }), text));
  }

  it("is taken from the header where the body says nothing", () => {
    assert.equal(
      textOf({ status: 400, headers: { "x-error-message": "From the header" }, body: "{}" }),
      "From the header",
    );
  });
});

describe("an error", () => {
  for (const [said, quoted] of [
    ["Not found", ': "Not found". '],
    ["Not found.", ': "Not found." '],
    ["Really?", ': "Really?" '],
  ] as const) {
    it(`ends the quoted sentence ${JSON.stringify(said)} once`, () => {
      const { message } = answered(404, JSON.stringify({ error: said }));
      assert.ok(message.includes(`to PUT /api/x${quoted}It does not exist`), message);
    });
  }

  it("says what was asked, of whom, what came back, and what to do", () => {
    const error = answered(403, '{"error":"Forbidden"}', {
      "x-error-code": "Nope",
      "x-request-id": "Root=1",
    });
    assert.equal(error.status, 403);
    assert.equal(error.code, "Nope");
    assert.equal(error.requestId, "Root=1");
    assert.equal(error.method, "PUT");
    assert.equal(error.path, "/api/x");
    assert.equal(error.endpoint, "https://hub.example");
    for (const part of [
      "PUT /api/x",
      "https://hub.example",
      "403",
      "Forbidden",
      "Nope",
      "Root=1",
      "permission",
    ]) {
      assert.ok(error.message.includes(part), part);
    }
  });

  for (const [headers, id] of [
    [{ "x-request-id": "a", "x-amzn-trace-id": "b", "x-amz-cf-id": "c" }, "a"],
    [{ "x-amzn-trace-id": "b", "x-amz-cf-id": "c" }, "b"],
    [{ "x-amz-cf-id": "c" }, "c"],
    [{}, undefined],
  ] as [Record<string, string>, string | undefined][]) {
    it(`takes the request id ${id} from ${Object.keys(headers).join(", ")}`, () => {
      assert.equal(answered(500, "", headers).requestId, id);
    });
  }

  for (const [status, body, code, advice] of [
    // The two sentences of the Hub's guide, letter by letter.
    [
      403,
      "Due to the organization token policy, your token needs to be approved by the organization before you can access this resource.",
      "token_approval_pending",
      /approve/,
    ],
    [
      403,
      "Your token has been revoked by the organization administrator, you can no longer access organization resources. Please contact them for more information.",
      "token_revoked_by_organization",
      /another token/,
    ],
    [
      403,
      "Your token must be approved by the organization's token policy; approval is pending.",
      "token_approval_pending",
      /approve/,
    ],
    [
      403,
      "This token has been revoked by an administrator of the organization.",
      "token_revoked_by_organization",
      /another token/,
    ],
    [403, "You need the admin role.", undefined, /role/],
    [402, "", undefined, /plan/],
    [401, "Invalid credentials", undefined, /HF_TOKEN/],
    [404, "", undefined, /Check the name/],
    [407, "", undefined, /proxy/],
    [409, "", undefined, /exists already/],
    [429, "", undefined, /rate limit/],
    [500, "", undefined, /later/],
  ] as const) {
    it(`advises on ${status} ${body}`, () => {
      const error = answered(status, body);
      assert.equal(error.code, code);
      assert.match(error.advice ?? "", advice);
      assert.ok(error.message.includes(error.advice ?? "?"));
    });
  }

  it("names where a token that is not accepted came from, where that is known", () => {
    const error = errorFromAnswer(
      { ...asked, tokenSource: "the environment variable ACME_TOKEN" },
      { status: 401, body: "", headers: {} },
      { outcomeUnknown: false, retryable: false },
      redactor([]),
    );
    assert.match(error.message, /does not accept the token from the environment variable ACME_TOKEN/);
    assert.doesNotMatch(error.message, /HF_TOKEN/);
  });

  it("is printed as its sentences where nobody catches it", () => {
    const error = answered(404);
    assert.equal(inspect(error), `HubError: ${error.message}`);
    assert.ok(!inspect({ error }).includes("retryable"));
  });

  it("never repeats a secret, in any of its parts", () => {
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
    assert.ok(!all.includes("s3cr3t-value"));
    assert.ok(!all.includes("AbCdEf"));
    assert.ok(all.includes("[secret]"));
  });

  it("takes secrets out of the Hub's sentence before it is shortened or its white space is", () => {
    const secret = "two  spaces, then\nanother line";
    const saying = (text: string) =>
      errorFromAnswer(
        asked,
        { status: 400, body: JSON.stringify({ error: text }), headers: {} },
        { outcomeUnknown: false, retryable: false },
        redactor([secret]),
      ).message;
    assert.doesNotMatch(saying(`not ${secret} again`), /two|another/);
    for (let length = 470; length <= 500; length += 1) {
      assert.doesNotMatch(saying("x".repeat(length) + secret), /two|another/);
    }
  });

  it("is one line that cannot rewrite what a terminal shows, nor flood it", () => {
    const { message } = answered(
      400,
      JSON.stringify({ error: `\u001b[2Jgone\u202E\n\ud83d ${"😀".repeat(25_000)}` }),
    );
    assert.match(message, /: "\?\[2Jgone\? \? 😀/);
    assert.doesNotMatch(message, /\p{C}|[\p{Zl}\p{Zp}]/u);
    assert.ok(message.length < 1000);
    const { code, requestId } = hubError({ what: "x", code: "a\nb", requestId: `${"r".repeat(300)}` });
    assert.equal(code, "a?b");
    assert.equal(requestId, `${"r".repeat(200)}…`);
  });

  it("is a HubError with a name", () => {
    assert.ok(answered(400) instanceof HubError);
    assert.equal(answered(400).name, "HubError");
  });
});

describe("what a caught error is", () => {
  it("is told from the fields of a HubError", () => {
    const notFound = answered(404, "", { "x-error-code": "SsoNotConfigured" });
    assert.equal(isNotFound(notFound), true);
    assert.equal(isConflict(notFound), false);
    assert.equal(statusOf(notFound), 404);
    assert.equal(codeOf(notFound), "SsoNotConfigured");
    assert.equal(outcomeIsUnknown(notFound), false);
    assert.equal(isConflict(answered(409)), true);
    assert.equal(isNotFound(answered(409)), false);
    assert.equal(outcomeIsUnknown(hubError({ what: "No answer.", outcomeUnknown: true })), true);
  });

  it("is told from the fields alone, because a program may load the package twice", () => {
    assert.equal(isNotFound(Object.assign(new Error("gone"), { status: 404 })), true);
  });

  for (const other of [new Error("x"), undefined, null, "404", { status: 404, outcomeUnknown: true }]) {
    it(`is nothing of the Hub's for ${inspect(other).split("\n")[0]}`, () => {
      assert.equal(isNotFound(other), false);
      assert.equal(isConflict(other), false);
      assert.equal(outcomeIsUnknown(other), false);
      assert.equal(statusOf(other), undefined);
      assert.equal(codeOf(other), undefined);
    });
  }
});
