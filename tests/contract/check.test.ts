import assert from "node:assert/strict";
import { Checker } from "./check";
import { type Match, type Operation } from "./document";
import { small } from "./smallDocument";

const ID = "665000000000000000000000";

describe("contract checker", () => {
  const document = small();
  const checker = new Checker(document);
  const match = (method: string, path: string): Match => {
    const found = document.match(method, path);
    assert.ok(found, `${method} ${path}`);
    return found;
  };
  const operation = (id: string): Operation => document.operation(id) as Operation;
  const request = (method: string, url: string, body?: unknown) => {
    const [path = "", query = ""] = url.split("?");
    return checker.request(match(method, path), { query: new URLSearchParams(query), body });
  };

  describe("for a request", () => {
    const cases: [what: string, method: string, url: string, body: unknown, violations: string[]][] = [
      [
        "accepts a correct query, whose numbers and lists are text",
        "GET",
        "/api/groups?q=&limit=5&role=read",
        undefined,
        [],
      ],
      ["accepts a repeated parameter", "GET", "/api/groups?q=x&role=read&role=write", undefined, []],
      [
        "reports a missing query parameter",
        "GET",
        "/api/groups",
        undefined,
        ["query /: wanted the field q, has none"],
      ],
      [
        "reports text that is not a number",
        "GET",
        "/api/groups?q=x&limit=five",
        undefined,
        ['query /limit: wanted integer, has "five"'],
      ],
      [
        "reports a number that is too small",
        "GET",
        "/api/groups?q=x&limit=0",
        undefined,
        ["query /limit: wanted: must be >= 1, has 0"],
      ],
      [
        "reports a wrong item of a list",
        "GET",
        "/api/groups?q=x&role=owner",
        undefined,
        ['query /role/0: wanted one of "read", "write", has "owner"'],
      ],
      ["accepts a correct path", "DELETE", `/api/groups/${ID}`, undefined, []],
      [
        "reports a wrong path",
        "DELETE",
        "/api/groups/7",
        undefined,
        ['path /groupId: wanted ^[0-9a-f]{24}$, has "7"'],
      ],
      ["accepts a correct body", "POST", "/api/groups", { name: "a" }, []],
      [
        "reports a missing body",
        "POST",
        "/api/groups",
        undefined,
        ["body /: wanted the field name, has no body"],
      ],
      ["reports a body of another type", "POST", "/api/groups", "a", ['body /: wanted object, has "a"']],
      [
        "does not convert the values of a body",
        "POST",
        "/api/groups",
        { name: 5 },
        ["body /name: wanted string, has 5"],
      ],
      [
        "reports a wrong value deep inside",
        "POST",
        "/api/groups",
        { name: "a", users: [{ role: "owner" }] },
        ['body /users/0/role: wanted one of "read", "write", has "owner"'],
      ],
      [
        "compares with the intended form",
        "PUT",
        "/api/pets",
        { kind: "dog" },
        ["body /: wanted the field toys, has none"],
      ],
    ];
    for (const [what, method, url, body, violations] of cases) {
      it(what, () => assert.deepEqual(request(method, url, body).violations, violations));
    }

    it("never shows a secret", () => {
      const long = request("POST", "/api/groups", { name: "a", token: "sesame-open" });
      assert.deepEqual(long.violations, [
        "body /token: wanted: must NOT have more than 5 characters, has text of 11 characters",
      ]);
      const elsewhere = request("GET", "/api/groups?q=x&limit=hf_secretsecret");
      assert.doesNotMatch(elsewhere.violations.join(), /hf_secret/);
    });

    const beyond: [what: string, method: string, url: string, body: unknown, names: string[]][] = [
      [
        "nothing if the document names all fields",
        "POST",
        "/api/groups",
        { name: "a", users: [{ user: "x" }] },
        [],
      ],
      ["a query parameter", "GET", "/api/groups?q=x&cursor=7", undefined, ["query cursor"]],
      ["a field", "POST", "/api/groups", { name: "a", colour: "red" }, ["body /colour"]],
      [
        "a field of a list's items, reported once",
        "POST",
        "/api/groups",
        { name: "a", users: [{ age: 1 }, { age: 2 }] },
        ["body /users/*/age"],
      ],
      ["nothing in an open object", "POST", "/api/groups", { name: "a", labels: { anything: "goes" } }, []],
      ["a body if the document describes none", "DELETE", "/api/groups/all", { force: true }, ["a body"]],
      ["nothing for an empty body", "DELETE", "/api/groups/all", {}, []],
    ];
    for (const [what, method, url, body, names] of beyond) {
      it(`finds what the document does not name: ${what}`, () => {
        const found = request(method, url, body);
        assert.deepEqual([found.violations, found.beyond], [[], names]);
      });
    }
  });

  describe("for an answer", () => {
    const list = "GET /api/groups";
    const create = "POST /api/groups";
    const cases: [what: string, operation: string, status: number, body: unknown, problems: string[]][] = [
      ["accepts a correct answer", list, 200, [], []],
      ["reports an answer of another type", list, 200, {}, ["answer 200 /: wanted array, has an object"]],
      ["reports a missing body", list, 200, undefined, ["answer 200 /: wanted a body, has none"]],
      [
        "reports a success status that the document does not describe",
        list,
        204,
        undefined,
        ["answer 204: wanted 200"],
      ],
      ["allows an error that the document does not describe", list, 404, { error: "x" }, []],
      [
        "checks an error that the document describes",
        create,
        409,
        { error: "x" },
        ["answer 409 /: wanted the field url, has none"],
      ],
      ["allows any body if the document describes none", create, 201, { any: "thing" }, []],
      ["allows a missing body if any body is allowed", "DELETE /api/groups/all", 200, undefined, []],
      [
        "allows everything if the document describes nothing",
        "DELETE /api/groups/{groupId}",
        204,
        undefined,
        [],
      ],
    ];
    for (const [what, id, status, body, problems] of cases) {
      it(what, () => assert.deepEqual(checker.answer(operation(id), status, body), problems));
    }

    it("reports missing, superfluous and wrong fields, also in referenced schemas", () => {
      const body = [{ name: "a", size: 1, members: [{ user: "ada", role: "owner" }] }];
      assert.deepEqual(checker.answer(operation(list), 200, body).sort(), [
        'answer 200 /0/members/0/role: wanted one of "read", "write", has "owner"',
        "answer 200 /0: wanted no field size, has it",
        "answer 200 /0: wanted the field repos, has none",
      ]);
    });
  });
});
