import assert from "node:assert/strict";
import { type Route } from "../../local-hub/src/route";
import { sendingMethods, uncalledMethods, unseenRoutes } from "./completeness";
import { unknownToClient } from "./clientTypes";
import { ApiDocument, type Schema } from "./document";
import { onlyInDocument, unknownToRoutes } from "./onlyInDocument";
import { type Exchange, parseRecords } from "./record";
import { amendmentLines, operationLines, unknownLines } from "./report";
import { small } from "./smallDocument";
import { summarize } from "./summary";

const exchange = (changes: Partial<Exchange>): Exchange => ({
  method: "GET",
  path: "/api/groups",
  status: 200,
  client: "node",
  request: [],
  beyond: [],
  answer: [],
  ...changes,
});
const groups = { operation: "GET /api/groups" };
const object = (properties: Record<string, Schema>): Schema => ({ type: "object", properties });
const text = { type: "string" };

describe("contract summary", () => {
  it("counts equal problems once, with one value as an example", () => {
    const [summary] = summarize(small(), [
      exchange({ ...groups, answer: ["answer 200 /*/role: wanted x, has 1"], client: "b" }),
      exchange({ ...groups, answer: ["answer 200 /*/role: wanted x, has 2"], client: "a" }),
      exchange({ ...groups, status: 403, beyond: ["query z"] }),
    ]);
    assert.deepEqual(
      [summary?.requests, summary?.accepted, summary?.clients, summary?.violations.length],
      [3, 2, ["a", "b", "node"], 1],
    );
    assert.deepEqual(operationLines(summary ? [summary] : []), [
      "GET /api/groups – 3 requests, 2 with success, by a, b, node",
      "  VIOLATION answer 200 /*/role: wanted x, has 1 (2 times, b, a)",
      "  sent beyond the document: query z (once, node)",
    ]);
  });

  it("reports a successful operation that the document lacks, but not a refused one", () => {
    const found = summarize(small(), [
      exchange({ path: "/api/doors/665000000000000000000000" }),
      exchange({ path: "/api/nothing", status: 404 }),
      exchange({ path: "/" }),
    ]);
    assert.deepEqual(
      found.map(({ id, violations }) => [id, violations.map((problem) => problem.text)]),
      [["GET /api/doors/{id}", ["the document has no such operation"]]],
    );
  });

  it("leaves out answers that a test injected", () => {
    assert.deepEqual(summarize(small(), [exchange({ ...groups, injected: true })]), []);
  });

  it("is read back from lines", () => {
    const all = [exchange({}), exchange(groups)];
    assert.deepEqual(parseRecords(all.map((each) => `${JSON.stringify(each)}\n`).join("")), all);
  });

  it("is complete only with a success on every route", () => {
    const routes = [
      { method: "GET", url: "/api/groups/:id" },
      { method: "DELETE", url: "/api/groups/:id" },
      { method: "GET", url: "/api/groups" },
    ];
    const seen = [
      exchange({ path: "/api/groups/7" }),
      exchange({ status: 404 }),
      exchange({ injected: true }),
      exchange({ method: "DELETE", path: "/api/groups/7/users" }),
    ];
    assert.deepEqual(unseenRoutes(seen, routes), ["DELETE /api/groups/:id", "GET /api/groups"]);
  });

  it("is complete only with every method of the client", () => {
    const methods = sendingMethods();
    assert.ok(methods.includes("whoami") && !methods.includes("close"));
    assert.deepEqual(uncalledMethods(methods.slice(1)), methods.slice(0, 1));
  });
});

describe("contract comparison", () => {
  const cases: [what: string, theirs: Schema, ours: Schema, found: string[]][] = [
    ["nothing", object({ a: text }), object({ a: text, b: text }), []],
    ["a field", object({ a: text, b: text }), object({ a: text }), ["/b"]],
    ["a field of a list's items", { items: object({ a: text }) }, { items: object({}) }, ["/*/a"]],
    [
      "a field of one of several forms",
      { anyOf: [object({ a: text }), object({ b: text })] },
      object({ a: text }),
      ["/b"],
    ],
    ["values", object({ a: { enum: ["x", "y", "z"] } }), object({ a: { enum: ["x"] } }), ['/a: "y", "z"']],
    ["a value next to a constant", { enum: [1, 2] }, { anyOf: [{ const: 1 }, { const: 3 }] }, ["/: 2"]],
    ["no value if any text is allowed", { enum: ["x"] }, { anyOf: [{ const: "y" }, text] }, []],
    ["no field if anything is allowed", object({ a: text }), {}, []],
    ["no field of an open object", object({ a: text }), { type: "object", additionalProperties: true }, []],
  ];
  for (const [what, theirs, ours, found] of cases) {
    it(`finds what only the document has: ${what}`, () =>
      assert.deepEqual(onlyInDocument(theirs, ours), found));
  }

  it("covers query, body and answers of a route", () => {
    const route = (changes: Partial<Route>) =>
      ({ answers: {}, handle: () => ({ status: 200 }), ...changes }) as Route;
    const routes = [
      route({
        method: "GET",
        url: "/api/groups",
        query: object({ q: text, limit: {} }),
        answers: { 200: { items: object({ name: text }) } },
      }),
      route({ method: "POST", url: "/api/groups", body: object({ name: text, token: text, labels: {} }) }),
    ];
    assert.deepEqual(
      unknownToRoutes(small(), routes).map(({ operation, what }) => `${operation}: ${what}`),
      [
        "GET /api/groups: query /role",
        "GET /api/groups: answer 200 /*/members",
        "POST /api/groups: body /users",
        "POST /api/groups: answer 201",
      ],
    );
  });

  it("covers results and options of the client's methods", function () {
    this.timeout(60_000);
    const newest = { type: "string", enum: ["read", "newest"] };
    const json = (schema: Schema) => ({ content: { "application/json": { schema } } });
    const document = new ApiDocument(
      {
        openapi: "3.1.0",
        paths: {
          "/api/members": {
            get: { responses: { 200: json({ items: object({ user: text, newField: text }) }) } },
          },
          "/api/tokens": {
            post: {
              requestBody: json(object({ role: newest, newOption: text })),
              responses: { 201: json(object({ token: text })) },
            },
          },
          "/api/log": {
            get: { responses: { 200: json({ items: object({ type: text, anything: text }) }) } },
          },
        },
      },
      { changes: [], additions: [] },
    );
    const found = unknownToClient(document, [
      { method: "listMembers", operation: "GET /api/members" },
      { method: "createToken", operation: "POST /api/tokens" },
      { method: "streamAuditLogs", operation: "GET /api/log" },
    ]);
    assert.deepEqual(
      found.map(({ operation, what }) => `${operation}: ${what}`),
      [
        "GET /api/members: result /*/newField",
        'POST /api/tokens: options /role: "newest"',
        "POST /api/tokens: options /newOption",
      ],
    );
  });

  it("is printed once for operations with the same findings", () => {
    const unknown = ["A", "B", "C"].flatMap((operation) => [
      { operation, what: "x" },
      { operation, what: operation === "C" ? "z" : "y" },
    ]);
    assert.deepEqual(unknownLines(unknown), ["A", "B", "  x; y", "C", "  x; z"]);
  });

  it("lists amendments by operation, below their reason", () => {
    const body = "/paths/~1api~1a/put/requestBody/content/application~1json/schema/properties/b/enum";
    const answer = "/paths/~1api~1a/get/responses/200/content/application~1json/schema/items";
    const amended = [body, answer, "GET /api/b (clients)"].map((what) => ({ what, reason: "Because." }));
    assert.deepEqual(amendmentLines(amended), [
      "Because.",
      "  PUT /api/a: body properties/b/enum",
      "  GET /api/a: answer 200 items",
      "  GET /api/b (clients)",
    ]);
  });
});
