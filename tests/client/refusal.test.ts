// The error for a refused request: the quoted text of the Hub, and the advice.
import assert from "node:assert/strict";
import { type HubError } from "../../provider/src/client/errors";
import { redactor } from "../../provider/src/client/redact";
import { errorFromAnswer, textOf } from "../../provider/src/client/refusal";

const asked = { method: "PUT", path: "/api/x", endpoint: "https://hub.example" };

function answered(
  status: number,
  body = "",
  {
    headers = {},
    secrets = [],
    tokenSource,
  }: { headers?: Record<string, string>; secrets?: string[]; tokenSource?: string } = {},
): HubError {
  return errorFromAnswer(
    { ...asked, tokenSource },
    { status, body, headers },
    { outcomeUnknown: false, retryable: false },
    redactor(secrets),
  );
}

describe("quoted text of the Hub", () => {
  const bodies: [form: string, body: string, sentence: string | undefined][] = [
    ["error", '{"error":"No."}', "No."],
    ["a list in error", '{"error":["One.","Two."]}', "One.; Two."],
    ["error and description", '{"error":"bad","error_description":"Very bad."}', "bad: Very bad."],
    ["errors", '{"errors":[{"message":"One."},{"message":"Two."}]}', "One.; Two."],
    ["an error with a message", '{"error":{"message":"No."}}', "No."],
    ["message", '{"message":"No."}', "No."],
    ["plain text", "Not today\n", "Not today"],
    ["HTML", "<!doctype html><html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"],
    ["HTML without a title", "<p>x</p>", undefined],
    ["an empty body", "", undefined],
    ["JSON that says nothing", "{}", undefined],
    ["a number", "5", undefined],
    ["deep nesting", `${'{"error":'.repeat(50)}"x"${"}".repeat(50)}`, undefined],
  ];
  for (const [form, body, sentence] of bodies) {
    it(`for ${form} is ${sentence}`, () => {
      assert.equal(textOf({ status: 400, headers: {}, body }), sentence);
      const headers = { "x-error-message": "From the header" };
      assert.equal(textOf({ status: 400, headers, body }), sentence ?? "From the header");
    });
  }

  for (const [said, quoted] of [
    ["Not found", ': "Not found". '],
    ["Not found.", ': "Not found." '],
    ["Really?", ': "Really?" '],
    ["a\n  \tb", ': "a b". '],
    ["x".repeat(501), `: "${"x".repeat(500)}…" `],
  ] as const) {
    it(`is quoted and ends with one full stop: ${JSON.stringify(said).slice(0, 20)}`, () => {
      const { message } = answered(404, JSON.stringify({ error: said }));
      assert.ok(message.includes(`to PUT /api/x${quoted}It does not exist`), message);
    });
  }

  it("is redacted before it is shortened and its white space is normalized", () => {
    const secret = "two  spaces, then\nanother line";
    const said = (text: string) =>
      answered(400, JSON.stringify({ error: text }), { secrets: [secret] }).message;
    assert.doesNotMatch(said(`not ${secret} again`), /two|another/);
    for (let length = 470; length <= 500; length += 1) {
      assert.doesNotMatch(said("x".repeat(length) + secret), /two|another/);
    }
  });
});

describe("error for a refusal", () => {
  it("names the request, the Hub, the answer and the advice", () => {
    const { message, status, code, requestId, method, path, endpoint } = answered(
      403,
      '{"error":"Forbidden"}',
      {
        headers: { "x-error-code": "Nope", "x-request-id": "Root=1" },
      },
    );
    assert.equal(
      message,
      'The Hub at https://hub.example answered 403 to PUT /api/x: "Forbidden". (code Nope, request Root=1) ' +
        "The token's owner does not have the required role, or the token does not have the required permission. Use an administrator's token, or give this token the permission.",
    );
    assert.deepEqual(
      { status, code, requestId, method, path, endpoint },
      { status: 403, code: "Nope", requestId: "Root=1", ...asked },
    );
  });

  for (const [headers, id] of [
    [{ "x-request-id": "a", "x-amzn-trace-id": "b", "x-amz-cf-id": "c" }, "a"],
    [{ "x-amzn-trace-id": "b", "x-amz-cf-id": "c" }, "b"],
    [{ "x-amz-cf-id": "c" }, "c"],
    [{}, undefined],
  ] as [Record<string, string>, string | undefined][]) {
    it(`has the request id ${id} from ${Object.keys(headers).join(", ") || "no header"}`, () => {
      assert.equal(answered(500, "", { headers }).requestId, id);
    });
  }

  const PENDING = "token_approval_pending";
  const REVOKED = "token_revoked_by_organization";
  const advices: [status: number, sentence: string, code: string | undefined, advice: RegExp][] = [
    // The exact two sentences of the Hub's guide.
    [
      403,
      "Due to the organization token policy, your token needs to be approved by the organization before you can access this resource.",
      PENDING,
      /Ask an administrator to approve it/,
    ],
    [
      403,
      "Your token has been revoked by the organization administrator, you can no longer access organization resources. Please contact them for more information.",
      REVOKED,
      /Use another token/,
    ],
    [
      403,
      "Your token must be approved by the organization's token policy; approval is pending.",
      PENDING,
      /approve/,
    ],
    [403, "This token has been revoked by an administrator of the organization.", REVOKED, /another token/],
    [403, "You need the admin role.", undefined, /role/],
    [400, "", undefined, /does not accept a value/],
    [401, "Invalid credentials", undefined, /HF_TOKEN/],
    [402, "", undefined, /plan/],
    [404, "", undefined, /Check the name/],
    [407, "", undefined, /proxy/],
    [408, "", undefined, /whole request in time/],
    [409, "", undefined, /already exists/],
    [413, "", undefined, /larger than the Hub accepts/],
    [422, "", undefined, /does not accept a value/],
    [429, "", undefined, /rate limit/],
    [500, "", undefined, /Run again later/],
    [418, "", undefined, /^$/],
  ];
  for (const [status, sentence, code, advice] of advices) {
    it(`gives advice for ${status} ${sentence}`, () => {
      const error = answered(status, sentence);
      assert.equal(error.code, code);
      assert.match(error.advice ?? "", advice);
      assert.ok(error.message.endsWith(error.advice ?? "."));
    });
  }

  it("names the source of a token that is not accepted, if it is known", () => {
    const { message } = answered(401, "", { tokenSource: "the environment variable ACME_TOKEN" });
    assert.match(message, /does not accept the token from the environment variable ACME_TOKEN/);
    assert.doesNotMatch(message, /HF_TOKEN/);
  });
});
