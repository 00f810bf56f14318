// What a server has been told, thing by thing. All of it follows from the form of the paths; what does not is a table.
import { type ApiDocument, type Match, type Operation } from "./document";
import { type Fields } from "./echo";
import { hexOf } from "./sampleText";

/** Something that has a path of its own: an account, a token, a repository, a setting. */
export interface Thing {
  path: string;
  template: string;
  fields: Fields;
}

/** Lists inside of an answer, and the part of the path below which their items are. */
export const EMBEDDED: Readonly<Record<string, string>> = { accessTokens: "tokens" };

/** Listings of what is not below their own path. */
const VIEWS = [
  {
    list: /^\/api\/organizations\/([^/]+)\/settings\/repositories$/,
    thing: /^\/api\/(model|dataset|space|bucket)s\/([^/]+)\/[^/]+$/,
  },
];

/** What follows from a value of another field. */
const DERIVED: [from: string, to: string, value: (from: unknown) => unknown][] = [
  ["visibility", "private", (visibility) => visibility !== "public"],
  ["private", "visibility", (isPrivate) => (isPrivate === true ? "private" : "public")],
  ["token", "last4", (token) => String(token).slice(-4)],
  ["name", "fullname", (name) => name],
  ["fullname", "name", (name) => name],
];

/** Remembers things. */
export class Memory {
  readonly #document: ApiDocument;
  readonly #things = new Map<string, Thing>();
  readonly #made = new Set<string>();
  readonly #deleted = new Set<string>();
  #count = 0;

  constructor(document: ApiDocument) {
    this.#document = document;
  }

  /** A value that has not been given out before. */
  fresh(length: number): string {
    return hexOf(`fresh ${++this.#count}`, length);
  }

  /** The path of the thing that a request is about. `…/{repo}/settings` and `…/{tokenId}/rotate` are parts of a thing. */
  pathOf({ operation }: Match, path: string): { path: string; template: string } {
    const { template } = operation;
    const parent = template.slice(0, template.lastIndexOf("/"));
    const isPart = parent.endsWith("}") && !template.endsWith("}") && !this.isCollection(operation);
    if (!isPart) return { path, template };
    return { path: path.slice(0, path.lastIndexOf("/")), template: parent };
  }

  /** Whether things are made below this path. */
  isCollection({ template }: Operation): boolean {
    return this.#memberTemplate(template) !== undefined;
  }

  /** What is known of a thing. What is in its path is always known. */
  known(path: string, template: string): Fields {
    return withDerived({ ...fieldsOfPath(path, template), ...this.#things.get(path)?.fields });
  }

  /** Adds to what is known of a thing. */
  tell(path: string, template: string, fields: Fields): void {
    const before = this.#things.get(path)?.fields ?? {};
    this.#deleted.delete(path);
    // What was derived from an old value must not outlive it.
    const kept = Object.entries(before).filter(
      ([name]) => !DERIVED.some(([from, to]) => to === name && Object.hasOwn(fields, from)),
    );
    const told: Record<string, unknown> = { ...Object.fromEntries(kept), ...fields };
    // What is in these lists is known from the things themselves.
    for (const name of Object.keys(EMBEDDED)) delete told[name];
    this.#things.set(path, { path, template, fields: told });
  }

  /** The thing that a request makes below a collection: its path, without any fields yet. */
  make(collection: string, { template }: Operation, body: Fields): Thing {
    const member = this.#memberTemplate(template) as string;
    const parameter = member.slice(member.lastIndexOf("{") + 1, -1);
    const given = parameter.endsWith("Id") ? undefined : body[parameter];
    const key = typeof given === "string" ? given : this.fresh(24);
    const thing = { path: `${collection}/${encodeURIComponent(key)}`, template: member, fields: {} };
    this.#made.add(thing.path);
    return thing;
  }

  /** Whether the thing came from a request, so that all that is inside of it did as well. */
  wasMade(path: string): boolean {
    return this.#made.has(path);
  }

  /** Forgets a thing with all that is below it. */
  delete(path: string): void {
    this.#deleted.add(path);
    for (const each of [...this.#things.keys()]) {
      if (each === path || each.startsWith(`${path}/`)) this.#things.delete(each);
    }
  }

  /** Whether a thing, or what it is in, was deleted. */
  isDeleted(path: string): boolean {
    return [...this.#deleted].some((each) => path === each || path.startsWith(`${each}/`));
  }

  /** The things that a listing has. */
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
