import assert from "node:assert/strict";
import { ApiDocument, type Schema } from "./document";
import { DocumentServer, type Mode } from "./documentServer";
import { alternatives } from "./samples";

const text = { type: "string" };
const object = (properties: Record<string, Schema>, required: string[]): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const json = (schema: Schema) => ({ content: { "application/json": { schema } } });
const token = object({ _id: text, displayName: text, last4: text }, ["_id", "displayName"]);
const account = object(
  { _id: text, name: text, description: text, accessTokens: { type: "array", items: token } },
  ["_id", "name"],
);
const parameters = ["accountId", "tokenId"].map((name) => ({
  name,
  in: "path",
  required: true,
  schema: text,
}));
const nameBody = {
  type: "object",
  properties: { name: { type: "string", minLength: 1 } },
  required: ["name"],
};

const SOURCE = {
  openapi: "3.1.0",
  paths: {
    "/api/accounts": {
      get: { responses: { 200: json({ type: "array", items: account }) } },
      post: {
        requestBody: json(nameBody),
        responses: { 201: json(object({ _id: text, fullname: text }, ["_id", "fullname"])) },
      },
    },
    "/api/accounts/{accountId}": {
      parameters: parameters.slice(0, 1),
      get: { responses: { 200: json(account) } },
      patch: { requestBody: json({ type: "object" }), responses: { 200: json(account) } },
      delete: { responses: { 204: {} } },
    },
    "/api/accounts/{accountId}/tokens": {
      parameters: parameters.slice(0, 1),
      post: {
        requestBody: json({ type: "object" }),
        responses: { 201: json(object({ token: text, tokenInfo: token }, ["token", "tokenInfo"])) },
      },
    },
    "/api/accounts/{accountId}/tokens/{tokenId}": { parameters, delete: { responses: { 204: {} } } },
    "/api/accounts/{accountId}/tokens/{tokenId}/rotate": {
      parameters,
      post: { responses: { 200: json(object({ token: text, tokenInfo: token }, ["token", "tokenInfo"])) } },
    },
  },
};

const TOLD: Mode = { amount: "required", told: true };

type Json = Record<string, unknown>;
interface Account extends Json {
  _id: string;
  accessTokens?: Json[];
}
interface Issued {
  token: string;
  tokenInfo: { _id: string };
}

describe("server based on the document only", () => {
  let document: ApiDocument;
  let server: DocumentServer;

  before(async () => {
    document = new ApiDocument(SOURCE, { changes: [], additions: [] });
    server = await DocumentServer.start(document);
  });
  after(() => server.close());

  async function send<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${server.endpoint}/api/accounts${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const received = await answer.text();
    return (answer.ok ? received && JSON.parse(received) : answer.status) as T;
  }
  const make = async (): Promise<string> => (await send<Account>("POST", "", { name: "ci" }))._id;

  it("answers with the required fields only, or with all fields", async () => {
    server.reset({ amount: "required" });
    assert.deepEqual(Object.keys(await send<Account>("GET", "/a1")), ["_id", "name"]);
    assert.deepEqual(await send("GET", ""), []);
    server.reset({ amount: "full" });
    assert.deepEqual(Object.keys(await send<Account>("GET", "/a1")), [
      "_id",
      "name",
      "description",
      "accessTokens",
    ]);
    assert.equal((await send<Account[]>("GET", "")).length, 2);
    assert.deepEqual(server.violations, []);
  });

  it("answers with an alternative, and does not add a field that the alternative leaves out", async () => {
    const id = "GET /api/accounts/{accountId}";
    const schema = document.operation(id)?.answers.get(200);
    const alternative = alternatives(schema as Schema).find(
      ({ at, what }) => at === "/accessTokens" && what === "absent",
    );
    assert.ok(alternative);
    server.reset({ ...TOLD, varied: { operation: id, alternative } });
    const account = await make();
    await send("POST", `/${account}/tokens`, { displayName: "x" });
    assert.equal((await send<Account>("GET", `/${account}`)).accessTokens, undefined);
  });

  it("remembers the values that it receives, and lists created objects", async () => {
    server.reset(TOLD);
    const id = await make();
    await send("PATCH", `/${id}`, { description: "pipeline" });
    const { accessTokens, ...account } = await send<Account>("GET", `/${id}`);
    assert.deepEqual(account, { _id: id, name: "ci", description: "pipeline" });
    assert.deepEqual(accessTokens, []);
    assert.deepEqual(await send("GET", ""), [account]);
  });

  it("issues tokens, shows them in their account, and rotates their values", async () => {
    server.reset(TOLD);
    const account = await make();
    const issued = await send<Issued>("POST", `/${account}/tokens`, { displayName: "build" });
    const path = `/${account}/tokens/${issued.tokenInfo._id}`;
    const listed = async () => (await send<Account>("GET", `/${account}`)).accessTokens;
    const shown = { _id: issued.tokenInfo._id, displayName: "build" };
    assert.deepEqual(await listed(), [{ ...shown, last4: issued.token.slice(-4) }]);
    const rotated = await send<Issued>("POST", `${path}/rotate`);
    assert.notEqual(rotated.token, issued.token);
    assert.deepEqual(await listed(), [{ ...shown, last4: rotated.token.slice(-4) }]);
    await send("DELETE", path);
    assert.deepEqual(await listed(), []);
  });

  it("returns 404 for a deleted object and everything below it", async () => {
    server.reset(TOLD);
    const account = await make();
    await send("DELETE", `/${account}`);
    assert.equal(await send("GET", `/${account}`), 404);
    assert.equal(await send("POST", `/${account}/tokens`, {}), 404);
    assert.deepEqual(await send("GET", ""), []);
  });

  it("has predefined objects, and answers 403 to forbidden operations", async () => {
    const things = { "/api/accounts/a1": { name: "old" } };
    server.reset(TOLD, { things, forbidden: ["GET /api/accounts"] });
    assert.equal((await send<Account>("GET", "/a1"))["name"], "old");
    assert.equal(await send("GET", ""), 403);
  });

  it("reports requests that violate the document", async () => {
    server.reset(TOLD);
    await send("POST", "", { name: "" });
    await send("PUT", "", {});
    const found = server.violations.map(({ operation, problem }) => `${operation}: ${problem}`);
    assert.equal(found.length, 2, found.join("\n"));
    assert.match(found[0] ?? "", /^POST \/api\/accounts: body \/name/);
    assert.equal(found[1], "PUT /api/accounts: is not in the document");
  });
});
