import assert from "node:assert/strict";
import { type ScriptedServer, startScriptedServer } from "../support/scriptedServer";
import { ID, TOKENS } from "./answers";
import { failure } from "./failure";
import { quickClient, TOKEN } from "./quickClient";

describe("redirects", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  it("are followed for reading within the same origin", async () => {
    server = await startScriptedServer(
      { status: 307, headers: { Location: "/api/models/acme/new" } },
      { body: { _id: ID, id: "acme/new", private: true, gated: false } },
    );
    assert.equal((await quickClient(server.endpoint).client.getRepo("acme/old")).id, "acme/new");
    assert.equal(server.requests[1]?.url, "/api/models/acme/new");
  });

  it("never take the token to another origin", async () => {
    const other = await startScriptedServer({ body: TOKENS });
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        server = await startScriptedServer({
          status,
          headers: { Location: `${other.endpoint}/api/settings/tokens?hf=${TOKEN}` },
        });
        const error = await failure(quickClient(server.endpoint).client.listTokens());
        assert.equal(error.code, "endpoint_refused");
        await server.close();
      }
      server = await startScriptedServer({
        status: 302,
        headers: { Location: server.endpoint.replace("http://", "http://user@") },
      });
      assert.equal(
        (await failure(quickClient(server.endpoint).client.listTokens())).code,
        "endpoint_refused",
      );
    } finally {
      await other.close();
    }
    assert.equal(other.requests.length, 0);
  });

  it("are not followed for a change, and only a few times for reading", async () => {
    server = await startScriptedServer({ status: 307, headers: { Location: "/api/elsewhere" } });
    const { client } = quickClient(server.endpoint);
    assert.equal(
      (await failure(client.setRepoVisibility("acme/m", { private: false }))).code,
      "redirect_refused",
    );
    assert.equal(server.requests.length, 1);
    assert.equal((await failure(client.listTokens())).code, "redirect_refused");
    assert.ok(server.requests.length < 8);
  });
});
