import assert from "node:assert/strict";
import fc from "fast-check";
import { actionOf, auditQuery, entryOf, Newest } from "../../provider/src/client/auditLog";
import { HubError } from "../../provider/src/client/errors";
import { type AuditLogEvent, type AuditLogOptions } from "../../provider/src/client/types";

function event(fields: Partial<AuditLogEvent> = {}): AuditLogEvent {
  return {
    _id: "6650000000000000000000aa",
    createdAt: "2026-03-01T10:00:00.000Z",
    type: "repo.create",
    message: "",
    author: { _id: "1", user: "Ada", type: "user" },
    ...fields,
  };
}

function matches(options: AuditLogOptions, fields: Partial<AuditLogEvent>): boolean {
  return auditQuery(options, { limit: 100, mostLimit: 100_000, mostOffset: 1000 }).matches(event(fields));
}

describe("audit log entry", () => {
  const actions: [type: string, action: string, fields?: Partial<AuditLogEvent>][] = [
    ["repo.create", "repo.create"],
    ["repo.delete", "repo.delete"],
    ["org.invite_user", "member.invite"],
    ["org.invite.email", "member.invite"],
    ["org.remove_user", "member.remove"],
    ["org.change_role", "member.role_change"],
    ["org.service_account.token.create", "token.create"],
    ["org.service_account.token.delete", "token.revoke"],
    ["org.token_approval.authorization_request.revoked", "token.revoke"],
    ["org.service_account.token.rotate", "org.service_account.token.rotate"],
    ["something.new", "something.new"],
    ["access_request.accept", "access_request.accept"],
    ["repo.update_settings", "repo.update", { data: { gated: "auto" } }],
    ["repo.update_settings", "repo.visibility", { data: { visibility: "private" } }],
    ["repo.update_settings", "repo.visibility", { data: { changes: { private: true } } }],
    ["repo.update_settings", "repo.visibility", { data: { changed: ["gated", "visibility"] } }],
    ["repo.update_settings", "repo.visibility", { message: "Changed the visibility of acme/m" }],
    ["repo.update_settings", "repo.visibility", { message: "Made model acme/m now private" }],
    ["repo.update_settings", "repo.update", { message: "Changed gating of acme/private-visibility" }],
    ["repo.update_settings", "repo.update", { data: { visibility: null } }],
  ];
  for (const [type, action, fields] of actions) {
    it(`for ${type} ${fields ? JSON.stringify(fields) : ""} has the action ${action}`, () => {
      assert.equal(actionOf(event({ type, ...fields })), action);
    });
  }

  it("contains the unchanged event", () => {
    const original = event({ data: { deep: [1, { x: null }] }, unheardOf: { y: 1 } });
    const copy = structuredClone(original);
    const entry = entryOf(original);
    assert.equal(entry.event, original);
    assert.deepEqual(original, copy);
    assert.equal(entry.id, original._id);
    assert.equal(entry.user, "Ada");
    assert.equal(entry.timestamp, original.createdAt);
  });

  const subjects: [fields: Partial<AuditLogEvent>, resource: string | undefined, resourceType: string][] = [
    [{ data: { repo: "acme/m", repoType: "model" } }, "acme/m", "model"],
    [{ data: { repo: { name: "acme/d", type: "dataset" } } }, "acme/d", "dataset"],
    [{ data: { repo: "datasets/acme/d" } }, "datasets/acme/d", "dataset"],
    [{ message: "Created space acme/demo." }, "acme/demo", "space"],
    [{ message: "Created acme/model-x" }, "acme/model-x", "repo"],
    [{ type: "org.invite_user", data: { user: "bob" } }, "bob", "member"],
    [{ type: "org.invite.email", data: { email: "b@x.example" } }, "b@x.example", "member"],
    [{ type: "org.service_account.token.create", data: { displayName: "ci" } }, "ci", "token"],
    [
      { type: "org.service_account.create", data: { serviceAccount: { name: "bot" } } },
      "bot",
      "service_account",
    ],
    [{ type: "org.settings.sso.enable" }, undefined, "sso"],
    [{ type: "resource_group.create", data: { name: "research" } }, "research", "resource_group"],
    [{ type: "spaces.add_secret", data: { repo: "acme/s" } }, "acme/s", "space"],
    [{ type: "novel", data: null }, undefined, "novel"],
  ];
  for (const [fields, resource, resourceType] of subjects) {
    it(`with ${JSON.stringify(fields)} names the resource ${resource} (${resourceType})`, () => {
      const entry = entryOf(event(fields));
      assert.equal(entry.resource, resource);
      assert.equal(entry.resourceType, resourceType);
    });
  }

  it("can be made of any event that the Hub sends", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.string(), (data, author, type) => {
        const strange = {
          ...event({ type: type || "x" }),
          data,
          author: author as object,
          message: data as string,
        };
        matches({ user: "ada", action: "x", resourceType: "y" }, strange);
        const entry = entryOf(strange);
        assert.equal(typeof entry.message, "string");
        assert.ok(entry.user === null || typeof entry.user === "string");
      }),
    );
  });
});

describe("audit log filter", () => {
  it("accepts our action names and the Hub's", () => {
    assert.ok(matches({ action: "member.invite" }, { type: "org.invite_user" }));
    assert.ok(matches({ action: "org.invite_user" }, { type: "org.invite_user" }));
    assert.ok(!matches({ action: "org.invite_user" }, { type: "org.invite.email" }));
    assert.ok(
      matches({ action: "repo.update_settings" }, { type: "repo.update_settings", data: { private: true } }),
    );
    assert.ok(!matches({ action: "repo.update" }, { type: "repo.update_settings", data: { private: true } }));
  });

  it("accepts a family and a kind", () => {
    assert.ok(matches({ resourceType: "repo" }, { data: { repoType: "model" } }));
    assert.ok(matches({ resourceType: "model" }, { data: { repoType: "model" } }));
    assert.ok(!matches({ resourceType: "dataset" }, { data: { repoType: "model" } }));
    assert.ok(matches({ resourceType: "org" }, { type: "org.invite_user" }));
    assert.ok(matches({ resourceType: "member" }, { type: "org.invite_user" }));
    assert.ok(matches({ resourceType: "brand_new" }, { type: "brand_new.thing" }));
  });

  it("compares user names without regard to case", () => {
    assert.ok(matches({ user: "ada" }, {}));
    assert.ok(!matches({ user: "bob" }, {}));
    assert.ok(!matches({ user: "ada" }, { author: undefined }));
  });

  for (const [options, createdAt, inside] of [
    [{ startDate: "2026-03-01" }, "2026-03-01T00:00:00Z", true],
    [{ startDate: "2026-03-01" }, "2026-02-28T23:59:59.999Z", false],
    [{ endDate: "2026-03-01" }, "2026-03-01T23:59:59.999Z", true],
    [{ endDate: "2026-03-01" }, "2026-03-02T00:00:00Z", false],
    [{ endDate: "2026-03-01T12:00" }, "2026-03-01T12:00:00Z", true],
    [{ endDate: "2026-03-01T12:00" }, "2026-03-01T12:00:01Z", false],
    [{ startDate: "2026-03-01T12:00:00+02:00" }, "2026-03-01T10:00:00Z", true],
    [{ startDate: "2026-03-01T12:00:00+02:00" }, "2026-03-01T09:59:59Z", false],
    [{ startDate: new Date("2026-03-01T12:00:00Z") }, "2026-03-01T12:00:00Z", true],
  ] as const) {
    it(`${JSON.stringify(options)} ${inside ? "includes" : "excludes"} ${createdAt}`, () => {
      assert.equal(matches(options, { createdAt }), inside);
    });
  }

  for (const [options, named] of [
    [{ limit: 0 }, /limit/],
    [{ limit: 100_001 }, /limit/],
    [{ limit: Infinity }, /limit/],
    [{ offset: -1 }, /offset/],
    [{ startDate: "yesterday" }, /startDate/],
    [{ startDate: "2026-02-31" }, /startDate/],
    [{ startDate: "01/02/2026" }, /startDate/],
    [{ startDate: 5 }, /startDate/],
    [{ startDate: new Date(NaN) }, /startDate/],
    [{ endDate: "2026-13-01" }, /endDate/],
    [{ startDate: "2026-03-02", endDate: "2026-03-01" }, /startDate must not be later/],
    [{ user: "" }, /user/],
    [{ action: 5 }, /action/],
    [{ resourceType: null }, /resourceType/],
    [{ since: "2026-03-01" }, /"since" is not an option.*startDate/],
    [null, /object/],
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => auditQuery(options as AuditLogOptions, { limit: 100, mostLimit: 100_000, mostOffset: 1000 }),
        (error: HubError) =>
          error instanceof HubError && error.code === "invalid_argument" && named.test(error.message),
      );
    });
  }
});

describe("selection of the newest entries", () => {
  it("returns the first entries of the sorted list, for any order of arrival", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 })),
        fc.integer({ min: 1, max: 20 }),
        (seconds, most) => {
          const events = seconds.map((second, index) =>
            event({ _id: String(index), createdAt: new Date(second * 1000).toISOString() }),
          );
          const newest = new Newest(most);
          for (const one of events) {
            newest.add(one);
            assert.ok(newest.size <= most);
          }
          const sorted = [...events]
            .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
            .slice(0, most);
          assert.deepEqual(
            newest.sorted().map(({ _id }) => _id),
            sorted.map(({ _id }) => _id),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});
