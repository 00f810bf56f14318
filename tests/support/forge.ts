// The part of GitHub's and GitLab's API that the example pipelines use. It refuses what the real APIs refuse: wrong credentials,
// missing permissions, missing or too long fields, unknown objects, and changes to another account's note.
import * as http from "node:http";
import { closeServer, listen } from "./httpServer";

export const FORGE_TOKEN = "forge-token-of-the-job";

export interface Note {
  id: number;
  body: string;
  /** The account that wrote it. The jobs write as "pipeline". */
  author: string;
}

export interface Issue {
  number: number;
  title: string;
  body: string;
  labels: string[];
  isOpen: boolean;
  isPullRequest: boolean;
  notes: Note[];
}

export interface Forge {
  /** The address of the API. */
  api: string;
  issues: Map<number, Issue>;
  /** All requests: method, path and status. */
  requests: string[];
  /** What the job's token may do, as in the `permissions` of a workflow. Only GitHub limits it. */
  permissions: Record<string, string>;
  /** GitLab's commands in texts, such as `/close`, that would have been carried out. */
  commands: string[];
  open(issue: Partial<Issue> & { number: number }): Issue;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: unknown;
}

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(String(status));
  }
}

type Handler = (
  request: { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> },
  forge: Forge,
) => Answer;

/** GitHub's API for the repository acme/hub. */
export const startGitHub = (): Promise<Forge> =>
  start("", (headers) => headers.authorization === `Bearer ${FORGE_TOKEN}`, "Bad credentials", gitHub);

/** GitLab's API for the project 7, whose pull requests and issues have separate numbers. */
export const startGitLab = (): Promise<Forge> =>
  start("/api/v4", (headers) => headers["private-token"] === FORGE_TOKEN, "401 Unauthorized", gitLab);

let ids = 1000;
const noteOf = (body: string): Note => ({ id: (ids += 1), body, author: "pipeline" });

const gitHub: Handler = ({ method, path, query, body }, forge) => {
  const [, rest] = /^\/repos\/acme\/hub(\/.*)$/.exec(path) ?? notFound();
  const may = (isPullRequest: boolean) => {
    const names = isPullRequest ? ["pull-requests", "issues"] : ["issues"];
    if (!names.some((name) => forge.permissions[name] === "write")) {
      throw new Refused(403, { message: "Resource not accessible by integration" });
    }
  };
  const invalid = (resource: string, field: string, message: string): never => {
    throw new Refused(422, { message: "Validation Failed", errors: [{ resource, field, message }] });
  };
  const text = (resource: string): string => {
    if (typeof body["body"] !== "string" || body["body"] === "")
      return invalid(resource, "body", "missing_field");
    const { length } = [...body["body"]];
    return length > 65_536
      ? invalid(resource, "body", "body is too long (maximum is 65536 characters)")
      : body["body"];
  };
  const shown = (issue: Issue) => ({
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.isOpen ? "open" : "closed",
    labels: issue.labels.map((name) => ({ name })),
    ...(issue.isPullRequest && { pull_request: {} }),
  });
  const change = (issue: Issue): void => {
    const { state, title } = body;
    if (state !== undefined && state !== "open" && state !== "closed") invalid("Issue", "state", "invalid");
    if (typeof title === "string") issue.title = title;
    if (body["body"] !== undefined) issue.body = text("Issue");
    if (state !== undefined) issue.isOpen = state === "open";
  };

  return route(method, rest as string, [
    [
      "GET /issues",
      () => {
        const state = query.get("state") ?? "open";
        return ok(page(query, filtered(forge, query, state === "open")).map(shown));
      },
    ],
    [
      "POST /issues",
      () => {
        may(false);
        if (typeof body["title"] !== "string" || body["title"] === "")
          invalid("Issue", "title", "missing_field");
        if (!Array.isArray(body["labels"])) invalid("Issue", "labels", "invalid");
        const issue = forge.open({
          number: Math.max(0, ...forge.issues.keys()) + 1,
          title: body["title"] as string,
          body: text("Issue"),
          labels: body["labels"] as string[],
        });
        return { status: 201, body: shown(issue) };
      },
    ],
    [
      "PATCH /issues/N",
      (number) => {
        const issue = forge.issues.get(number) ?? notFound();
        may(issue.isPullRequest);
        change(issue);
        return ok(shown(issue));
      },
    ],
    ["GET /issues/N/comments", (number) => ok(page(query, (forge.issues.get(number) ?? notFound()).notes))],
    [
      "POST /issues/N/comments",
      (number) => {
        const issue = forge.issues.get(number) ?? notFound();
        may(issue.isPullRequest);
        const note = noteOf(text("IssueComment"));
        issue.notes.push(note);
        return { status: 201, body: note };
      },
    ],
    [
      "PATCH /issues/comments/N",
      (id) => {
        const issue = [...forge.issues.values()].find(({ notes }) => notes.some((each) => each.id === id));
        may((issue ?? notFound()).isPullRequest);
        const note = issue?.notes.find((each) => each.id === id) as Note;
        note.body = text("IssueComment");
        return ok(note);
      },
    ],
  ]);
};

const gitLab: Handler = ({ method, path, query, body }, forge) => {
  const [, rest] = /^\/api\/v4\/projects\/7(\/.*)$/.exec(path) ?? notFound();
  const text = (field: string, longest: number): string => {
    const value = body[field];
    if (typeof value !== "string" || value === "") throw new Refused(400, { error: `${field} is missing` });
    if (value.length > longest)
      throw new Refused(400, { message: { [field]: [`is too long (maximum is ${longest} characters)`] } });
    forge.commands.push(...[...withoutBlocks(value).matchAll(/^\/[a-z_]+/gm)].map(([command]) => command));
    return value;
  };
  const shown = (issue: Issue) => ({
    iid: issue.number,
    title: issue.title,
    description: issue.body,
    state: issue.isOpen ? "opened" : "closed",
    labels: issue.labels,
  });
  const of = (number: number, isPullRequest: boolean): Issue => {
    const issue = forge.issues.get(number);
    return issue?.isPullRequest === isPullRequest ? issue : notFound();
  };
  const add = (issue: Issue): Answer => {
    const note = noteOf(text("body", 1_000_000));
    issue.notes.unshift(note);
    return { status: 201, body: note };
  };

  return route(method, rest as string, [
    [
      "GET /issues",
      () => {
        const all = filtered(forge, query, query.get("state") === "opened").filter(
          (each) => !each.isPullRequest,
        );
        return ok(page(query, all).map(shown));
      },
    ],
    [
      "POST /issues",
      () => {
        const issue = forge.open({
          number: Math.max(0, ...forge.issues.keys()) + 1,
          title: text("title", 255),
          body: text("description", 1_048_576),
          labels: text("labels", 255).split(","),
        });
        return { status: 201, body: shown(issue) };
      },
    ],
    [
      "PUT /issues/N",
      (number) => {
        const issue = of(number, false);
        if (body["state_event"] === "close") issue.isOpen = false;
        else {
          issue.title = text("title", 255);
          issue.body = text("description", 1_048_576);
        }
        return ok(shown(issue));
      },
    ],
    ["POST /issues/N/notes", (number) => add(of(number, false))],
    ["GET /merge_requests/N/notes", (number) => ok(page(query, of(number, true).notes))],
    ["POST /merge_requests/N/notes", (number) => add(of(number, true))],
    [
      "PUT /merge_requests/N/notes/N",
      (number, id) => {
        const note = of(number, true).notes.find((each) => each.id === id) ?? notFound();
        if (note.author !== "pipeline") throw new Refused(403, { message: "403 Forbidden" });
        note.body = text("body", 1_000_000);
        return ok(note);
      },
    ],
  ]);
};

const ok = (body: unknown): Answer => ({ status: 200, body });

/** Calls the handler whose pattern matches, with the numbers in the path. */
function route(method: string, path: string, routes: [string, (...numbers: number[]) => Answer][]): Answer {
  for (const [pattern, handle] of routes) {
    const found = new RegExp(`^${pattern.replaceAll("N", "(\\d+)")}$`).exec(`${method} ${path}`);
    if (found) return handle(...found.slice(1).map(Number));
  }
  return notFound();
}

function notFound(): never {
  throw new Refused(404, { message: "Not Found" });
}

function filtered(forge: Forge, query: URLSearchParams, isOpen: boolean): Issue[] {
  const labels = query.get("labels")?.split(",") ?? [];
  return [...forge.issues.values()].filter(
    (each) => each.isOpen === isOpen && labels.every((label) => each.labels.includes(label)),
  );
}

/** One page of a list. Like the real APIs, it has 20 or 30 entries by default, and at most 100. */
function page<T>(query: URLSearchParams, entries: T[]): T[] {
  const size = Math.min(100, Number(query.get("per_page") ?? 20));
  const number = Number(query.get("page") ?? 1);
  return entries.slice((number - 1) * size, number * size);
}

const withoutBlocks = (text: string): string => text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, "");

async function start(
  prefix: string,
  isAllowed: (headers: http.IncomingHttpHeaders) => boolean,
  refusal: string,
  handler: Handler,
): Promise<Forge> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", headers } = request;
      const { pathname: path, searchParams: query } = new URL(request.url ?? "", "http://forge");
      let answer: Answer;
      try {
        if (!headers["user-agent"]) throw new Refused(403, { message: "Please send a User-Agent header" });
        if (!isAllowed(headers)) throw new Refused(401, { message: refusal });
        const text = Buffer.concat(chunks).toString("utf8");
        answer = handler(
          { method, path, query, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} },
          forge,
        );
      } catch (error) {
        answer = error instanceof Refused ? error : { status: 500, body: { message: String(error) } };
      }
      forge.requests.push(`${method} ${path} ${answer.status}`);
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer.body));
    });
  });
  const endpoint = await listen(server);
  const forge: Forge = {
    api: `${endpoint}${prefix}`,
    issues: new Map(),
    requests: [],
    permissions: {},
    commands: [],
    open(partial) {
      const issue: Issue = {
        title: "",
        body: "",
        labels: [],
        isOpen: true,
        isPullRequest: false,
        notes: [],
        ...partial,
      };
      forge.issues.set(issue.number, issue);
      return issue;
    },
    close: () => closeServer(server),
  };
  return forge;
}
