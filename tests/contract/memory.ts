// The data that a server has received, thing by thing. It follows from the form of the paths; a table has the
// exceptions.
import { type ApiDocument, type Match, type Operation } from "./document";
import { type Fields } from "./echo";
import { hexOf } from "./sampleText";

/** An object with its own path: an account, a token, a repository, a setting. */
export interface Thing {
  path: string;
  template: string;
  fields: Fields;
}

/** Lists inside an answer, and the segment of the path above their items. */
export const EMBEDDED: Readonly<Record<string, string>> = { accessTokens: "tokens", users: "users" };

/** Listings of things that are not below the listing's own path. */
const VIEWS = [
  {
    list: /^\/api\/organizations\/([^/]+)\/settings\/repositories$/,
    thing: /^\/api\/(model|dataset|space|bucket)s\/([^/]+)\/[^/]+$/,
  },
];

/** Maps whose entries are named by a key in the body of a request. */
export const isMap = (path: string): boolean =>
  /^\/api\/spaces\/[^/]+\/[^/]+\/(?:secrets|variables)$/.test(path);

/** Fields whose values follow from another field. */
const DERIVED: [from: string, to: string, value: (from: unknown) => unknown][] = [
  ["visibility", "private", (visibility) => visibility !== "public"],
  ["private", "visibility", (isPrivate) => (isPrivate === true ? "private" : "public")],
  ["token", "last4", (token) => String(token).slice(-4)],
  ["name", "fullname", (name) => name],
  ["fullname", "name", (name) => name],
];

/** Stores things. */
export class Memory {
  readonly #document: ApiDocument;
  readonly #things = new Map<string, Thing>();
  readonly #made = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #maps = new Map<string, Map<string, Fields>>();
  #count = 0;

  constructor(document: ApiDocument) {
    this.#document = document;
  }

  /** A new value that was not used before. */
  fresh(length: number): string {
    return hexOf(`fresh ${++this.#count}`, length);
  }

  /** The path of a request's thing. `…/{repo}/settings` and `…/{tokenId}/rotate` belong to the thing. */
  pathOf({ operation }: Match, path: string): { path: string; template: string } {
    const { template } = operation;
    const parent = template.slice(0, template.lastIndexOf("/"));
    const isPart = parent.endsWith("}") && !template.endsWith("}") && !this.isCollection(operation);
    if (!isPart) return { path, template };
    return { path: path.slice(0, path.lastIndexOf("/")), template: parent };
  }

  /** The path and the template of a thing, even if no operation reads it alone. */
  thingAt(path: string): { path: string; template: string } | undefined {
    for (const [method, part] of [
      ["GET", ""],
      ["PATCH", ""],
      ["PUT", "/role"],
    ] as const) {
      const match = this.#document.match(method, path + part);
      if (match) return this.pathOf(match, path + part);
    }
    return undefined;
  }

  /** Returns true if requests create things below this path. */
  isCollection({ template }: Operation): boolean {
    return this.#memberTemplate(template) !== undefined;
  }

  /** The known values of a thing, including those in its path. */
  known(path: string, template: string): Fields {
    return withDerived({ ...fieldsOfPath(path, template), ...this.#things.get(path)?.fields });
  }

  /** Adds values to a thing. */
  tell(path: string, template: string, fields: Fields): void {
    const before = this.#things.get(path)?.fields ?? {};
    this.#deleted.delete(path);
    // A derived value must not outlive the value that it comes from.
    const kept = Object.entries(before).filter(
      ([name]) => !DERIVED.some(([from, to]) => to === name && Object.hasOwn(fields, from)),
    );
    const told: Record<string, unknown> = { ...Object.fromEntries(kept), ...fields };
    // The content of these lists follows from the things themselves.
    for (const name of Object.keys(EMBEDDED)) delete told[name];
    this.#things.set(path, { path, template, fields: told });
  }

  /** The thing that a request creates in a collection: its path, without fields. */
  make(collection: string, { template }: Operation, body: Fields): Thing {
    const member = this.#memberTemplate(template) as string;
    const parameter = member.slice(member.lastIndexOf("{") + 1, -1);
    const given = parameter.endsWith("Id") ? undefined : (body[parameter] ?? body["user"]);
    const key = typeof given === "string" ? given : this.fresh(24);
    const thing = { path: `${collection}/${encodeURIComponent(key)}`, template: member, fields: {} };
    this.#made.add(thing.path);
    return thing;
  }

  /** Returns true if a request created the thing, so that requests also created everything inside it. */
  wasMade(path: string): boolean {
    return this.#made.has(path);
  }

  /** The entries of a map, such as the secrets of a Space. Requests name an entry by its key in their body. */
  entries(path: string): ReadonlyMap<string, Fields> {
    return this.#maps.get(path) ?? new Map<string, Fields>();
  }

  /** Sets an entry of a map, or deletes it. */
  changeEntry(path: string, { key, ...fields }: Fields, isDeletion: boolean): void {
    const entries = new Map(this.entries(path));
    if (isDeletion) entries.delete(String(key));
    else entries.set(String(key), { key, ...fields, updatedAt: this.#later() });
    this.#maps.set(path, entries);
  }

  /** A time after all earlier ones. */
  #later(): string {
    return new Date(Date.UTC(2026, 0, 1) + 1000 * ++this.#count).toISOString();
  }

  /** Deletes a thing and everything below it. */
  delete(path: string): void {
    this.#deleted.add(path);
    for (const each of [...this.#things.keys()]) {
      if (each === path || each.startsWith(`${path}/`)) this.#things.delete(each);
    }
  }

  /** Returns true if a thing or one of its parents was deleted. */
  isDeleted(path: string): boolean {
    return [...this.#deleted].some((each) => path === each || path.startsWith(`${each}/`));
  }

  /** The things in a listing. */
  listed(path: string, template: string): Thing[] {
    return [...this.#things.values()].flatMap((thing) => {
      const below = thing.template.slice(template.length);
      const isMember = thing.template.startsWith(template) && thing.path.startsWith(`${path}/`);
      if (isMember && /^(\/\{[^/]+\})+$/.test(below)) return [thing];
      for (const view of VIEWS) {
        const [list, found] = [view.list.exec(path), view.thing.exec(thing.path)];
        if (!list || !found || list[1] !== found[2]) continue;
        return [{ ...thing, fields: { type: found[1], ...thing.fields } }];
      }
      return [];
    });
  }

  #memberTemplate(template: string): string | undefined {
    return this.#document.operations.find(
      (each) =>
        each.template.startsWith(`${template}/{`) && !each.template.slice(template.length + 1).includes("/"),
    )?.template;
  }
}

function withDerived(fields: Fields): Fields {
  const result: Record<string, unknown> = { ...fields };
  for (const [from, to, value] of DERIVED) {
    if (Object.hasOwn(result, from) && !Object.hasOwn(result, to)) result[to] = value(result[from]);
  }
  return result;
}

function fieldsOfPath(path: string, template: string): Fields {
  if (!template.endsWith("}")) return {};
  const steps = path.split("/").map(decodeURIComponent);
  const last = steps.at(-1) as string;
  if (template.endsWith("/{namespace}/{repo}")) {
    const namespace = steps.at(-2) as string;
    return { _id: hexOf(path, 24), id: `${namespace}/${last}`, author: namespace };
  }
  const parameter = template.slice(template.lastIndexOf("{") + 1, -1);
  return { [parameter]: last, ...(parameter.endsWith("Id") && { _id: last, id: last }) };
}
