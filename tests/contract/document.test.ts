import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import { AMENDMENTS, type Change } from "./amendments";
import { Checker } from "./check";
import { ApiDocument, type Operation, parseDocument, readSource } from "./document";
import { REASON as reason, SMALL, small } from "./smallDocument";

const REQUIRED = "/paths/~1api~1groups/get/responses/200/content/application~1json/schema/items/required";
const ROLES = "/components/schemas/Member/properties/role/enum";

describe("contract document", () => {
  const document = small();

  const matches: [method: string, path: string, id: string | undefined, params?: Record<string, string>][] = [
    ["GET", "/api/groups", "GET /api/groups", {}],
    ["PUT", "/api/groups", undefined],
    ["GET", "/api/groups/", undefined],
    ["DELETE", "/api/groups/a%20b", "DELETE /api/groups/{groupId}", { groupId: "a b" }],
    ["DELETE", "/api/groups/%E0%A4%A", "DELETE /api/groups/{groupId}", { groupId: "%E0%A4%A" }],
    ["DELETE", "/api/groups/all", "DELETE /api/groups/all", {}],
    [
      "GET",
      "/api/lists/a-b-665000000000000000000000",
      "GET /api/lists/{slug}-{id}",
      { slug: "a-b", id: "665000000000000000000000" },
    ],
    ["GET", "/api/lists/a-b", undefined],
  ];
  for (const [method, path, id, params] of matches) {
    it(`matches ${method} ${path} with ${id ?? "no operation"}`, () => {
      const match = document.match(method, path);
      assert.equal(match?.operation.id, id);
      assert.deepEqual(match?.params, params);
    });
  }

  it("refuses anything but an OpenAPI 3.1 document", () => {
    for (const source of [null, 5, {}, { openapi: "3.0.0", paths: {} }, { openapi: "3.1.0" }]) {
      assert.throws(
        () => new ApiDocument(source, { changes: [], additions: [] }),
        /not an OpenAPI 3\.1 document/,
      );
    }
  });

  it("is read from an address, but not from an error page", async () => {
    const server = http.createServer((request, response) => {
      response.writeHead(request.url === "/openapi.json" ? 200 : 404).end(JSON.stringify(SMALL));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const text = await readSource(`${address}/openapi.json`);
      assert.ok(parseDocument(text, address).operation("GET /api/groups"));
      await assert.rejects(
        readSource(`${address}/other.json`),
        /cannot be read from \S+other\.json: the answer is 404\. Name a file/,
      );
    } finally {
      server.closeAllConnections();
      server.close();
    }
    assert.throws(() => parseDocument("<html>", "x.json"), /x\.json is not JSON\./);
  });

  it("makes changes, and lists each with its reason", () => {
    const amended = small({
      changes: [
        { pointers: [REQUIRED], removeItem: "repos", reason },
        { pointers: [ROLES], addItem: "admin", reason },
      ],
    });
    const schema = amended.operation("GET /api/groups")?.answers.get(200) as {
      items: { required: string[] };
    };
    assert.deepEqual(schema.items.required, ["name", "members"]);
    assert.match(JSON.stringify(schema), /"read","write","admin"/);
    assert.deepEqual(
      amended.amended,
      [REQUIRED, ROLES].map((what) => ({ what, reason })),
    );
    assert.deepEqual(amended.stale, []);
    assert.match(JSON.stringify(SMALL), /"members","repos"/, "the source must not change");
  });

  it("allows an intersection whose parts forbid each other's fields", () => {
    const closed = (name: string) => ({
      type: "object",
      properties: { [name]: { type: "string" } },
      additionalProperties: false,
    });
    const both = { allOf: [closed("a"), { anyOf: [closed("b"), closed("c")] }] };
    const responses = { 200: { content: { "application/json": { schema: both } } } };
    const source = { openapi: "3.1.0", paths: { "/api/both": { get: { responses } } } };
    const pointers = ["/paths/~1api~1both/get/responses/200/content/application~1json/schema"];
    const problems = (changes: Change[], body: object): string[] => {
      const checker = new Checker(new ApiDocument(source, { changes, additions: [] }));
      return checker.answer(checker.document.operations[0] as Operation, 200, body);
    };
    const change: Change = { pointers, closeWhole: true, reason };
    assert.notDeepEqual(problems([], { a: "x", b: "y" }), []);
    assert.deepEqual(problems([change], { a: "x", b: "y" }), []);
    assert.deepEqual(problems([change], { a: "x", d: "y" }), ["answer 200 /: wanted no field d, has it"]);
  });

  const stale: [
    what: string,
    change: { removeItem?: string; addItem?: string; set?: string; was?: string; closeWhole?: true },
    pointer: string,
  ][] = [
    ["has a place that does not exist", { set: "x" }, "/paths/~1api~1gone/get"],
    ["replaces another value", { set: "number", was: "string" }, "/components/schemas/Member/type"],
    ["closes a schema that is not an intersection", { closeWhole: true }, "/components/schemas/Member"],
    ["removes a missing item", { removeItem: "gone" }, REQUIRED],
    ["adds an existing item", { addItem: "read" }, ROLES],
    ["adds an item to something other than a list", { addItem: "read" }, "/components/schemas/Member/type"],
  ];
  for (const [what, change, pointer] of stale) {
    it(`reports a change as stale if it ${what}`, () => {
      const amended = small({ changes: [{ pointers: [pointer], reason, ...change }] });
      assert.deepEqual([amended.amended, amended.stale], [[], [{ what: pointer, reason }]]);
    });
  }

  it("adds operations with their own schemas", () => {
    const schemas = { Own: { type: "string" } };
    const responses = {
      200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Own" } } } },
    };
    const paths = ["/api/a", "/api/b"];
    const amended = small({
      schemas,
      additions: [{ kind: "extended", method: "get", paths, operation: { responses }, reason }],
    });
    const added = amended.match("GET", "/api/b")?.operation;
    assert.deepEqual([added?.origin, added?.answers.get(200)], ["extended", { type: "string" }]);
    assert.deepEqual(
      amended.amended.map(({ what }) => what),
      ["GET /api/a (extended)", "GET /api/b (extended)"],
    );
  });

  it("reports an addition as stale if the document has the operation, and keeps the document's operation", () => {
    const addition = {
      kind: "clients" as const,
      method: "get",
      paths: ["/api/groups"],
      operation: {},
      reason,
    };
    const amended = small({ additions: [addition] });
    assert.deepEqual(
      amended.stale.map(({ what }) => what),
      ["GET /api/groups (clients)"],
    );
    assert.equal(amended.operation("GET /api/groups")?.origin, "document");
    assert.equal(amended.operations.length, document.operations.length);
  });

  it("has a reason for each amendment of the Hub's own document, and all of them are stale for another document", () => {
    for (const { reason: why } of [...AMENDMENTS.changes, ...AMENDMENTS.additions])
      assert.match(why, /^[A-Z].{30,}\.$/);
    const other = new ApiDocument(SMALL);
    assert.equal(other.stale.length, AMENDMENTS.changes.flatMap(({ pointers }) => pointers).length);
  });
});
