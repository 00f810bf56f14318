import { type AuditEvent, type Membership, type Repository, type User } from "./records.js";
import { repoName } from "./repositories.js";
import { type Store } from "./store.js";

/** An action of a person. */
export interface Deed extends Pick<AuditEvent, "type" | "message" | "data"> {
  author: User;
}

/** A deed. If it changes something, `key` identifies what it changes and `undo` reverts it. */
type Move = { deed: Deed } & ({ key: string; undo: Deed } | { key?: undefined });

/** The most changes that wait to be reverted at the same time. */
const MOST_CHANGED = 6;

/** The people and repositories that events can be about. */
export interface Cast {
  admins: User[];
  members: (Membership & { person: User })[];
  /** Oldest first. */
  repositories: Repository[];
}

export function castOf(store: Store, organization: string): Cast {
  const members = store.membersOf.all(organization).flatMap((member) => {
    const person = store.users.get(member.user);
    return person ? [{ ...member, person }] : [];
  });
  return {
    admins: members.filter(({ role }) => role === "admin").map(({ person }) => person),
    members,
    repositories: store.repositoriesOf
      .all(organization)
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt)),
  };
}

/** Returns a function that invents the event at a time. `left` is the number of remaining events. Call it in order of time. */
export function plot(cast: Cast, draw: () => number): (at: number, left: number) => Deed {
  const { repositories } = cast;
  const changed = new Map<string, Deed>();
  let made = 0;

  const changeBack = (key: string): Deed => {
    const undo = changed.get(key) as Deed;
    changed.delete(key);
    return undo;
  };
  return (at, left) => {
    while (repositories[made] && Date.parse(repositories[made]?.createdAt ?? "") < at) made++;
    const [oldest] = changed.keys();
    if (oldest !== undefined && changed.size >= Math.min(left, MOST_CHANGED)) return changeBack(oldest);
    const repo = made > 0 && draw() % 10 < 7 ? repositories[draw() % made] : undefined;
    const move = repo ? repositoryMove(cast, repo, draw) : organizationMove(cast, draw);
    if (move.key === undefined) return move.deed;
    if (changed.has(move.key)) return changeBack(move.key);
    if (left < changed.size + 2) return billing(move.deed.author);
    changed.set(move.key, move.undo);
    return move.deed;
  };
}

function repositoryMove({ admins, members }: Cast, repo: Repository, draw: () => number): Move {
  const writers = members
    .filter(({ role, user }) => role === "admin" || role === "write" || user === repo.author)
    .map(({ person }) => person);
  const author = pick(writers.length ? writers : admins, draw()) as User;
  const update = (before: object, after: object, detail = ""): Deed => ({
    author,
    type: "repo.update_settings",
    message: `Updated settings of ${titled(repo)}${detail}`,
    data: { ...subject(repo), ...after, previous: before },
  });
  const kind = draw() % 3;
  if (kind === 0 && (repo.type === "model" || repo.type === "dataset")) {
    const now = { gated: repo.gated };
    const then = { gated: repo.gated === "manual" ? "auto" : "manual" };
    return { key: `gated ${repo.id}`, deed: update(now, then), undo: update(then, now) };
  }
  if (kind === 0 && repo.type === "space") {
    const data = subject(repo);
    return {
      key: `secret ${repo.id}`,
      deed: { author, type: "repo.add_secret", message: `Added a secret to ${titled(repo)}`, data },
      undo: { author, type: "repo.remove_secret", message: `Removed a secret from ${titled(repo)}`, data },
    };
  }
  const now = repo.visibility;
  const then = now === "private" ? "public" : "private";
  return {
    key: `visibility ${repo.id}`,
    deed: update({ visibility: now }, { visibility: then }, `: visibility ${now} to ${then}`),
    undo: update({ visibility: then }, { visibility: now }, `: visibility ${then} to ${now}`),
  };
}

function organizationMove({ admins, members }: Cast, draw: () => number): Move {
  const author = pick(admins, draw()) as User;
  const number = draw() % 40;
  const guest = `guest-${number}`;
  const reader = pick(
    members.filter(({ role }) => role === "read"),
    draw(),
  );
  switch (draw() % 7) {
    case 0: {
      const data = { user: guest, role: "read" };
      return { deed: { author, type: "org.invite_user", message: `Invited ${guest}`, data } };
    }
    case 1: {
      const email = `${guest}@example.org`;
      return { deed: { author, type: "org.invite.email", message: `Invited ${email}`, data: { email } } };
    }
    case 2:
      return {
        key: `member ${guest}`,
        deed: addition(author, guest, "read"),
        undo: { author, type: "org.remove_user", message: `Removed ${guest}`, data: { user: guest } },
      };
    case 3: {
      const data = { slug: `c-${number}` };
      return {
        key: `collection ${data.slug}`,
        deed: { author, type: "collection.create", message: `Created collection ${data.slug}`, data },
        undo: { author, type: "collection.delete", message: `Deleted collection ${data.slug}`, data },
      };
    }
    case 4: {
      const message = "Updated the organization's profile";
      return { deed: { author, type: "org.settings.profile", message } };
    }
    case 5: {
      if (!reader) break;
      const { user } = reader;
      const give = (before: string, role: string): Deed => ({
        author,
        type: "org.change_role",
        message: `Changed the role of ${user} from ${before} to ${role}`,
        data: { user, role, previous: { role: before } },
      });
      return { key: `role ${user}`, deed: give("read", "write"), undo: give("write", "read") };
    }
  }
  return { deed: billing(author) };
}

/** The event for a new member. */
export function addition(author: User, user: string, role: string): Deed {
  return {
    author,
    type: "org.add_user",
    message: `Added ${user} with the role ${role}`,
    data: { user, role },
  };
}

function billing(author: User): Deed {
  return { author, type: "billing.update_payment_method", message: "Updated the payment method" };
}

/** A repository in the data of an event. */
export function subject(repo: Repository): Record<string, unknown> {
  return { repo: { type: repo.type, name: repoName(repo), _id: repo.id } };
}

/** A repository in the message of an event. */
export function titled(repo: Repository): string {
  return `${repo.type} ${repoName(repo)}`;
}

export function pick<T>(from: readonly T[], draw: number): T | undefined {
  return from[draw % from.length];
}
