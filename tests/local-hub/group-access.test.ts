import assert from "node:assert/strict";
import { expectStatus } from "./ask";
import { startHub, type Hub } from "../support/hub";

const GROUPS = "/api/organizations/acme/resource-groups";
const MODEL = "/api/models/acme/llm-private";

type Role = "admin" | "write" | "contributor" | "read" | "no_access";

describe("local Hub: access through a resource group", () => {
  let hub: Hub;
  beforeEach(async () => (hub = await startHub()));
  afterEach(() => hub.close());

  /** A group with these roles, by user name. Gives its id. */
  const makeGroup = async (roles: Record<string, Role> = {}, repos: object[] = []): Promise<string> => {
    const users = Object.entries(roles).map(([user, role]) => ({ user, role }));
    const { body } = await expectStatus<{ id: string }>(200, hub, "POST", GROUPS, {
      body: { name: "g", users, repos },
    });
    return body.id;
  };
  const llm = { name: "acme/llm-private", type: "model" };

  for (const [role, reads, writes] of [
    ["no_access", 404, 404],
    ["read", 200, 403],
    ["contributor", 200, 403],
    ["write", 200, 200],
  ] as const) {
    it(`lets the group role ${role} read and write a private repository accordingly`, async () => {
      await makeGroup({ "wim-write": role }, [llm]);
      const token = hub.tokens.write;
      await expectStatus(reads, hub, "GET", MODEL, { token });
      await expectStatus(writes, hub, "PUT", `${MODEL}/settings`, {
        token,
        body: { discussionsDisabled: true },
      });
      const { body } = await expectStatus<{ id: string }[]>(200, hub, "GET", "/api/models?author=acme", {
        token,
      });
      assert.equal(
        body.some(({ id }) => id === llm.name),
        reads === 200,
      );
    });
  }
});
