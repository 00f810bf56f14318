// A Hub that knows only the document: it answers every operation with a sample from the document, and repeats the
// values that it has received if the sample has a field for them.
import * as http from "node:http";
import { closeServer, listen } from "../support/httpServer";
import { Checker } from "./check";
import { type ApiDocument, type Match, type Operation, type Schema } from "./document";
import { echo, type Fields, flat, itemsOf, fieldsOf } from "./echo";
import { EMBEDDED, isMap, Memory, type Thing } from "./memory";
import { type Alternative, type Amount, isGap, sample } from "./samples";
import { isObject } from "./schemaForms";
import { type Violation } from "./findings";

/** Selects the answers of the server from those that the document describes. */
export interface Mode {
  amount: Amount;
  /** Adds optional fields whose values the server has received. */
  told?: boolean;
  /** One operation gives another answer. */
  varied?: { operation: string; alternative: Alternative };
}

/** Conditions that do not depend on the answers. */
export interface Circumstances {
  /** Predefined objects by path. */
  things?: Readonly<Record<string, Fields>>;
  /** Operations that the credentials may not use: the server answers 403. */
  forbidden?: readonly string[];
}

/** An answer that the server has given. */
export interface Given {
  operation: string;
  path: string;
  status: number;
  body: unknown;
}

/** A server on this machine that gives the answers of the document. */
export class DocumentServer {
  /**
   * Requests that violate the document since the last `reset`, and answers of this server that do. The latter are
   * bugs of the server.
   */
  violations: Violation[] = [];
  /** All answers since the last `reset`, oldest first. */
  given: Given[] = [];
  endpoint = "";
  readonly #document: ApiDocument;
  readonly #checker: Checker;
  readonly #server: http.Server;
  #memory: Memory;
  #mode: Mode = { amount: "required" };
  #forbidden: readonly string[] = [];

  private constructor(document: ApiDocument) {
    this.#document = document;
    this.#checker = new Checker(document);
    this.#memory = new Memory(document);
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => this.#serve(request, Buffer.concat(chunks).toString("utf8"), response));
    });
  }

  /** Starts a server on a free port of this machine. */
  static async start(document: ApiDocument): Promise<DocumentServer> {
    const started = new DocumentServer(document);
    started.endpoint = await listen(started.#server);
    return started;
  }

  /** Deletes all data, and switches to another mode. */
  reset(mode: Mode, { things = {}, forbidden = [] }: Circumstances = {}): void {
    this.#mode = mode;
    this.#forbidden = forbidden;
    this.#memory = new Memory(this.#document);
    this.given = [];
    this.violations = [];
    for (const [path, fields] of Object.entries(things)) {
      const thing = this.#memory.thingAt(path);
      if (thing) this.#memory.tell(thing.path, thing.template, fields);
    }
  }

  /** Returns true if a thing was deleted. */
  isGone(path: string): boolean {
    return this.#memory.isDeleted(path);
  }

  /** The values that the server has received for a thing. */
  known(path: string): Fields {
    return this.#memory.known(path, this.#memory.thingAt(path)?.template ?? "");
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  #serve(request: http.IncomingMessage, text: string, response: http.ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://hub.invalid");
    const method = request.method ?? "";
    const match = this.#document.match(method, pathname);
    const operation = match?.operation.id ?? `${method} ${pathname}`;
    let status = 404;
    let body: unknown = { error: "There is no such thing." };
    if (!match) {
      this.violations.push({ operation, problem: "is not in the document" });
    } else {
      const sent = text === "" ? undefined : (JSON.parse(text) as unknown);
      for (const problem of this.#checker.request(match, { query: searchParams, body: sent }).violations) {
        this.violations.push({ operation, problem });
      }
      if (this.#forbidden.includes(operation)) [status, body] = [403, { error: "This is not for you." }];
      else if (!this.#memory.isDeleted(this.#memory.pathOf(match, pathname).path) || method === "PUT") {
        ({ status, body } = this.#answer(match, pathname, isObject(sent) ? firstUserOf(sent) : {}));
      }
      for (const problem of this.#checker.answer(match.operation, status, body)) {
        this.violations.push({ operation, problem: `the test's own ${problem}` });
      }
    }
    this.given.push({ operation, path: pathname, status, body });
    // One connection for each request: thousands of clients would keep theirs open.
    response.writeHead(status, { Connection: "close", "Content-Type": "application/json" });
    response.end(body === undefined || status === 204 ? undefined : JSON.stringify(body));
  }

  #answer(match: Match, path: string, sent: Fields): { status: number; body?: unknown } {
    const { operation } = match;
    const status = [...operation.answers.keys()].find((each) => each >= 200 && each < 300) ?? 200;
    const schema = operation.answers.get(status);
    if (isMap(path)) return { status, body: this.#mapAnswer(operation, schema, path, sent) };
    const isMade = operation.method === "POST" && this.#memory.isCollection(operation);
    const about: Omit<Thing, "fields"> = isMade
      ? this.#memory.make(path, operation, sent)
      : this.#memory.pathOf(match, path);
    if (operation.method === "DELETE") this.#memory.delete(about.path);
    else if (operation.method !== "GET") {
      // A token value is issued only once.
      const issued = operation.method === "POST" && { token: `hf_${this.#memory.fresh(34)}` };
      this.#memory.tell(about.path, about.template, { ...sent, ...issued });
    }
    if (schema === undefined) return { status };

    const items = itemsOf(schema);
    const base = this.#sampleOf(operation, schema);
    if (Array.isArray(base) && items) {
      const others = base as unknown[];
      return { status, body: [...others, ...this.#list(operation, path, items, others[0], "")] };
    }
    if (!isObject(base) || operation.method === "DELETE") return { status, body: base };
    const known = withGroup(operation, this.#memory.known(about.path, about.template));
    const body = echo(schema, base, known, this.#rules(operation, operation.method !== "GET"));
    const group = groupOf(about, operation);
    this.#embed(group?.operation ?? operation, schema, body, group?.about ?? about);
    if (operation.method !== "GET") {
      this.#memory.tell(about.path, about.template, { ...(group ? {} : flat(body)), ...sent });
    }
    return { status, body };
  }

  #mapAnswer(operation: Operation, schema: Schema | undefined, path: string, sent: Fields): unknown {
    const isRead = operation.method === "GET";
    if (!isRead) this.#memory.changeEntry(path, sent, operation.method === "DELETE");
    const base = schema && this.#sampleOf(operation, schema);
    const items = schema?.["additionalProperties"];
    if (!isRead || !isObject(base) || !isObject(items)) return base;
    const item = sample(items, this.#mode.amount);
    const entryOf = (fields: Fields): unknown => {
      if (!isObject(item)) return item;
      // A description that no one has sent would be a change by someone else.
      const shown = Object.entries(item).filter(([name]) => Object.hasOwn(fields, name));
      return echo(items, Object.fromEntries(shown), fields, this.#rules(operation, false));
    };
    const entries = [...this.#memory.entries(path)].map(([key, fields]) => [key, entryOf(fields)]);
    return { ...base, ...(Object.fromEntries(entries) as object) };
  }

  #sampleOf(operation: Operation, schema: Schema): unknown {
    const { amount, varied } = this.#mode;
    return varied?.operation === operation.id ? varied.alternative.value : sample(schema, amount);
  }

  #rules(operation: Operation, deep: boolean): { add: boolean; gap?: string; deep: boolean } {
    const { told = false, varied } = this.#mode;
    const alternative = varied?.operation === operation.id ? varied.alternative : undefined;
    const gap = alternative && isGap(alternative.what) ? { gap: alternative.at } : {};
    return { add: told, deep, ...gap };
  }

  /** The things created below a path, in the form of the first item. */
  #list(operation: Operation, path: string, items: Schema, first: unknown, at: string): unknown[] {
    const base = isObject(first) ? first : sample(items, this.#mode.amount, `${at}/0`);
    if (!isObject(base)) return [];
    const template = at === "" ? operation.template : `${operation.template}/${EMBEDDED[at.slice(1)]}`;
    return this.#memory
      .listed(path, template)
      .map((thing) =>
        echo(
          items,
          base,
          { ...this.#memory.known(thing.path, thing.template), ...thing.fields },
          this.#rules(operation, false),
          `${at}/0`,
        ),
      );
  }

  /** Adds the things created inside a thing to the answer about it. */
  #embed(
    operation: Operation,
    schema: Schema,
    body: Record<string, unknown>,
    about: Omit<Thing, "fields">,
  ): void {
    const rules = this.#rules(operation, false);
    for (const [name, schemas] of fieldsOf(schema)) {
      const part = EMBEDDED[name];
      const items = itemsOf({ anyOf: schemas });
      if (part === undefined || !items || rules.gap === `/${name}`) continue;
      const present = body[name];
      if (!Array.isArray(present) && !rules.add) continue;
      const others =
        Array.isArray(present) && !this.#memory.wasMade(about.path) ? (present as unknown[]) : [];
      const first = Array.isArray(present) ? (present[0] as unknown) : undefined;
      const own = this.#list(operation, `${about.path}/${part}`, items, first, `/${name}`);
      body[name] = [...others, ...own];
    }
  }
}

/** A request that adds people has a list of them; a thing is one person. */
function firstUserOf(sent: Fields): Fields {
  const [first] = Array.isArray(sent["users"]) ? (sent["users"] as unknown[]) : [];
  return isObject(first) ? { ...first, name: first["user"] } : sent;
}

/** The known values that an answer shows. */
function withGroup({ template }: Operation, known: Fields): Fields {
  // These answers describe the resource group, not its member.
  if (GROUP_MEMBER.test(template)) return {};
  const id = known["resourceGroupId"];
  return template.endsWith("/resource-group") && typeof id === "string" ? { ...known, id } : known;
}

const GROUP_MEMBER = /(?<=\/resource-groups\/[^/]+)\/users(?:\/.*)?$/;

/** The resource group that the answer about one of its members describes. */
function groupOf(
  about: Omit<Thing, "fields">,
  operation: Operation,
): { about: Omit<Thing, "fields">; operation: Operation } | undefined {
  if (!GROUP_MEMBER.test(operation.template)) return undefined;
  const of = (text: string): string => text.replace(GROUP_MEMBER, "");
  return {
    about: { path: of(about.path), template: of(about.template) },
    operation: { ...operation, template: of(operation.template) },
  };
}
