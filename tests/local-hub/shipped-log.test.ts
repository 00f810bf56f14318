// Replays the log that ships with the local Hub: each event has to fit the earlier ones, and the result has to match
// the store.
import assert from "node:assert/strict";
import { startHub, type Hub } from "../support/hub";

type Store = Hub["store"];
type Event = Store["auditEvents"][number];

interface RepoState {
  name: string;
  visibility: unknown;
  gated: unknown;
  updatedAt: string;
}

interface Replayed {
  repositories: Map<string, RepoState>;
  members: Map<string, unknown>;
  collections: Set<unknown>;
  sso: { provider?: unknown; enabled: boolean };
}

async function storeOf(options?: Parameters<typeof startHub>[0]): Promise<Store> {
  const hub = await startHub(options);
  await hub.close();
  return hub.store;
}

/** Events that change nothing in the local Hub's store. */
const WITHOUT_STATE =
  /^(org\.(create|invite_user|invite\.email|settings\.profile)|billing\..*|repo\.(add|remove)_secret)$/;

function replay(events: readonly Event[]): Replayed {
  const state: Replayed = {
    repositories: new Map(),
    members: new Map(),
    collections: new Set(),
    sso: { enabled: false },
  };
  let before = "";
  for (const event of events) {
    const told = `${event.createdAt} ${event.message}`;
    assert.ok(event.createdAt >= before, `${told}: after ${before}`);
    before = event.createdAt;
    if (event.type === "org.create") state.members.set(event.author.user, "admin");
    apply(state, event, told);
  }
  return state;
}

function apply(state: Replayed, event: Event, told: string): void {
  const { type, createdAt, author, data = {} } = event;
  const role = state.members.get(author.user);
  if (type.startsWith("repo.")) {
    const { _id, name } = data["repo"] as { _id: string; name: string };
    assert.ok(["contributor", "write", "admin"].includes(role as string), `${told}: by ${String(role)}`);
    const repo = state.repositories.get(_id);
    assert.equal(repo === undefined, type === "repo.create", told);
    if (type === "repo.create") {
      const { visibility, gated } = data;
      state.repositories.set(_id, { name, visibility, gated, updatedAt: createdAt });
    }
    if (type === "repo.update_settings") {
      const { previous, repo: _, ...changes } = data as { previous: object; repo: object };
      assert.deepEqual(Object.keys(previous), Object.keys(changes), told);
      for (const [key, value] of Object.entries(previous)) {
        assert.equal(repo?.[key as keyof RepoState], value, told);
      }
      Object.assign(repo as RepoState, changes, { updatedAt: createdAt });
    }
  } else {
    assert.equal(role, "admin", told);
  }
  const { user, slug } = data;
  const isMember = state.members.has(user as string);
  if (type === "org.add_user") {
    assert.ok(!isMember, told);
    state.members.set(user as string, data["role"]);
  } else if (type === "org.change_role") {
    assert.equal(state.members.get(user as string), (data["previous"] as { role: string }).role, told);
    state.members.set(user as string, data["role"]);
  } else if (type === "org.remove_user") {
    assert.ok(isMember, told);
    state.members.delete(user as string);
  } else if (type === "collection.create") {
    assert.ok(!state.collections.has(slug), told);
    state.collections.add(slug);
  } else if (type === "collection.delete") {
    assert.ok(state.collections.delete(slug), told);
  } else if (type === "org.settings.sso") {
    state.sso.provider = data["provider"];
  } else if (/^org\.settings\.sso\.(enable|disable)$/.test(type)) {
    assert.equal(data["provider"], state.sso.provider, told);
    state.sso.enabled = type.endsWith("enable");
  } else if (!type.startsWith("repo.")) {
    assert.match(type, WITHOUT_STATE, told);
  }
  if (type.startsWith("repo.") && !/create|update_settings/.test(type))
    assert.match(type, WITHOUT_STATE, told);
}

/** The same data from the store. Of the repositories, only those that the log has to know. */
function held(store: Store, isLogged: (name: string) => boolean): Replayed {
  const repositories = store.repositoriesOf
    .all("acme")
    .map((repo) => ({ ...repo, name: `acme/${repo.name}` }))
    .filter(({ name }) => isLogged(name));
  const { provider, enabled = false } = store.sso.get("acme") ?? {};
  return {
    repositories: new Map(
      repositories.map(({ id, name, visibility, gated, updatedAt }) => [
        id,
        { name, visibility, gated, updatedAt },
      ]),
    ),
    members: new Map(store.membersOf.all("acme").map(({ user, role }) => [user, role])),
    collections: new Set(store.collectionsOf.all("acme").map(({ slug }) => slug)),
    sso: { ...(provider && { provider }), enabled },
  };
}

describe("local Hub: the shipped audit log", () => {
  for (const profile of ["extended", "public"] as const) {
    it(`matches the initial state of the profile ${profile}`, async () => {
      const store = await storeOf({ profile });
      const events = store.auditEventsOf("acme");
      assert.equal(events.length, 360);
      assert.deepEqual(
        replay(events),
        held(store, () => true),
      );
    });
  }

  it("matches the state if generated events follow", async () => {
    const seed = { generate: [{ organization: "acme", auditEvents: 5000 }] };
    const store = await storeOf({ seed });
    assert.equal(store.auditEventsOf("acme").length, 5360);
    assert.deepEqual(
      replay(store.auditEventsOf("acme")),
      held(store, () => true),
    );
  });

  it("generates events only about repositories that exist at that time, in any organization", async () => {
    const seed = {
      organizations: [{ name: "initech", members: [{ user: "peter", role: "admin" as const }] }],
      repositories: [{ repo: "initech/reports" }],
      generate: [{ organization: "initech", repositories: 20, auditEvents: 300 }],
    };
    const store = await storeOf({ seed });
    const events = store.auditEventsOf("initech");
    assert.equal(events.length, 300);
    assert.ok(events.filter(({ type }) => type === "repo.create").length === 20);
    for (const { createdAt, data, message } of events) {
      const subject = data?.["repo"] as { _id: string } | undefined;
      const repo = subject && store.repositoryById.one(subject._id);
      if (repo) assert.ok(repo.createdAt <= createdAt, message);
    }
  });

  it("fails to replay with an event that does not fit", async () => {
    const store = await storeOf();
    const events = store.auditEventsOf("acme");
    const last = events.at(-1) as Event;
    const wrong = (type: Event["type"], data: object): Event[] => [
      ...events,
      { ...last, type, data: { ...data } },
    ];
    const repo = { _id: store.repository("acme/llm")?.id, name: "acme/llm", type: "model" };
    const previous = { visibility: "public" };
    assert.throws(() => replay(wrong("repo.update_settings", { repo, visibility: "private", previous })));
    assert.throws(() => replay(wrong("repo.create", { repo, visibility: "private" })));
    assert.throws(() => replay(wrong("org.remove_user", { user: "guest-1" })));
    assert.throws(() => replay(wrong("org.rotate_token", { user: "ada-admin" })));
  });
});
