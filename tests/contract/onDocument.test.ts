import assert from "node:assert/strict";
import { clientOnDocument } from "./clientOnDocument";
import { ApiDocument, type Schema } from "./document";
import { Findings } from "./findings";
import { type Lifecycle } from "./lifecycles";
import { type Lives, lifecyclesOnDocument } from "./lifecyclesOnDocument";

const WHOAMI = "GET /api/whoami-v2";

/** A document with one operation. */
function documentOf(properties: Record<string, Schema>, required: string[]): ApiDocument {
  const schema = { type: "object", properties, required, additionalProperties: false };
  const operation = { responses: { 200: { content: { "application/json": { schema } } } } };
  const source = { openapi: "3.1.0", paths: { "/api/whoami-v2": { get: operation } } };
  return new ApiDocument(source, { changes: [], additions: [] });
}

const text = { type: "string" };
const fields = {
  type: { enum: ["user", "robot"] },
  id: text,
  name: text,
  orgs: {
    type: "array",
    items: { type: "object", properties: { id: text, name: text }, required: ["id", "name"] },
  },
  email: { anyOf: [text, { type: "null" }] },
};
const right = documentOf(fields, ["type", "id", "name", "orgs"]);
/** The client requires a name. */
const wrong = documentOf(fields, ["type", "id", "orgs"]);

describe("client on the document only", () => {
  const problems = async (document: ApiDocument): Promise<string[]> => {
    const findings = new Findings();
    await clientOnDocument(document, findings);
    return findings.violations
      .filter(({ operation }) => operation === WHOAMI)
      .map(({ problem }) => problem)
      .filter((problem) => problem.startsWith("whoami"));
  };

  it("has no violation if it can use all answers", async () => {
    assert.deepEqual(await problems(right), []);
  });
  it("has a violation for an answer that it cannot use, with the trials that show it", async () => {
    const [problem, ...others] = await problems(wrong);
    assert.match(problem ?? "", /name should be .* but is missing.*\(only required fields; .*more\)$/);
    assert.deepEqual(others, []);
  });
  it("has a violation for each operation that the document lacks", async () => {
    const findings = new Findings();
    await clientOnDocument(right, findings);
    const lacking = findings.violations.filter(({ problem }) => problem.startsWith("is not in the document"));
    assert.ok(lacking.some(({ operation }) => operation === "GET /api/organizations/acme/members"));
  });
});

describe("lifecycles on the document only", () => {
  const life: Lifecycle = {
    name: "Test",
    async run(each) {
      await each.expect(
        "look",
        each.client.whoami().then(({ orgs }) => orgs.length),
        0,
      );
    },
  };
  const run = async (document: ApiDocument, expected: Lives["expected"] = []): Promise<Findings> => {
    const findings = new Findings();
    await lifecyclesOnDocument(document, findings, { lives: [life], expected });
    return findings;
  };
  const refusal = {
    lifecycle: /^Test$/,
    trial: /^only required fields$/,
    error: /name/,
    reason: "so it is.",
  };

  it("have a violation for an unexpected outcome", async () => {
    const [violation, ...others] = (await run(right)).violations;
    assert.equal(violation?.operation, WHOAMI);
    assert.match(violation.problem, /^Test, look: expected 0, but it is [12] \(all fields; /);
    assert.ok(others.every(({ problem }) => problem.startsWith("Test, look: expected 0")));
  });
  it("have a note for an expected error", async () => {
    const { notes, violations } = await run(wrong, [refusal]);
    assert.match(notes[0]?.problem ?? "", /^Test stops at look: .*name should be/);
    assert.ok(violations.every(({ problem }) => !/\(only required fields[;)]/.test(problem)));
  });
  it("have a violation if an expected error does not occur", async () => {
    const [violation] = (await run(right, [refusal])).violations;
    assert.match(
      violation?.problem ?? "",
      /^Test has to stop with an error: so it is\. It goes on to its end\./,
    );
  });
  it("do not accept a wrong outcome as an expected error", async () => {
    const { violations } = await run(right, [{ ...refusal, trial: /^all fields$/, error: /expected/ }]);
    assert.ok(violations.some(({ problem }) => problem.startsWith("Test has to stop with an error")));
  });
});
