// The properties that hold what a security team relies on, each with one way to break it. `npm run breaks` breaks the code
// so, in a copy, and looks whether the test that is named here fails.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The kinds of trouble that docs/reliability.md speaks of. */
export const ITEMS = [
  "secrets",
  "faults of the Hub",
  "lost answers",
  "kills",
  "two at once",
  "bad input",
] as const;

/** One property, and what is done to the code so that it does not hold any more. */
export interface Break {
  item: (typeof ITEMS)[number];
  /** What holds, in words. */
  property: string;
  /** What the broken code does, in words. */
  how: string;
  /** The name in the comment `// guard: <name>`, in `provider/src`, above the line that is changed. */
  guard: string;
  /** The part of the line that is replaced, which it has once. Default: all of it. */
  from?: string;
  to: string;
  /** The file of the test that has to fail, below `tests`, without its ending. */
  test: string;
  /** A part of the title of the test, where the file has others that take long or are about something else. */
  title?: string;
}

/** All of them; those that need the engine stand last in their kind. */
export const BREAKS: readonly Break[] = [
  // --- Secrets ---------------------------------------------------------------------------------------------------
  {
    item: "secrets",
    property: "no error of the client holds a secret",
    how: "texts of errors are not cleaned",
    guard: "redacted-texts",
    from: "redact(text)",
    to: "text",
    test: "client/secretsInErrors",
    title: "none, whatever the Hub answers",
  },
  {
    item: "secrets",
    property: "what a request carries is taken out, too, and not only the token",
    how: "the secrets of a call are left out of what is cleaned",
    guard: "redacted-call",
    from: "call.secrets ?? []), ...(this",
    to: "this",
    test: "client/secretsInErrors",
    title: "none, whatever the Hub answers",
  },
  {
    item: "secrets",
    property: "the password of a proxy is in no error",
    how: "it is left out of what is cleaned",
    guard: "redacted-call",
    from: ", ...(this.settings.secrets?.() ?? [])",
    to: "",
    test: "client/secretsInErrors",
    title: "are in no error",
  },
  {
    item: "secrets",
    property: "the token follows no redirect to another origin",
    how: "any redirect of a reading request is followed",
    guard: "redirect-origin",
    from: "target || elsewhere",
    to: "target",
    test: "client/redirects",
    title: "redirects never take the token to another origin",
  },
  {
    item: "secrets",
    property: "the token is sent unencrypted to this machine only",
    how: "http is allowed to any address",
    guard: "http-loopback",
    from: "!isLoopback(url.hostname)",
    to: 'url.hostname === ""',
    test: "client/endpoint",
  },
  {
    item: "secrets",
    property: "a token of the stack goes to no address that only the environment names",
    how: "it goes there",
    guard: "endpoint-of-environment",
    to: "if (allowed !== true) return environment.endpoint;",
    test: "config",
    title: "do not go to an endpoint that only the environment names",
  },
  {
    item: "secrets",
    property: "a token of the stack stays with the Hub that its resources are on",
    how: "it goes wherever the environment points",
    guard: "hub-of-state",
    from: "undefined",
    to: "undefined || places.size > 0",
    test: "config",
    title: "stays there if nothing, or only a variable, names another Hub",
  },
  {
    item: "secrets",
    property: "a failed check gives the engine no property, whose value it would print",
    how: "the property is named to the engine",
    guard: "failure-without-property",
    from: 'property: "", reason: property === "" ? reason : `${property}: ${reason}`',
    to: "property, reason",
    test: "badInput/arguments",
    title: "are named if they have a wrong type",
  },
  {
    item: "secrets",
    property: "an error that leaves the handler is text and nothing else",
    how: "it leaves as it is, and the engine prints what hangs on it",
    guard: "error-is-text",
    from: "presentable(error, () => run.usesStoredToken, unfinished && stored?.(unfinished))",
    to: "error",
    test: "engine/handler",
    title: "carry nothing but text",
  },
  {
    item: "secrets",
    property: "the code in the state captures nothing",
    how: "it carries the token of the environment",
    guard: "constant-code",
    from: '.handler("${type}")`;',
    to: '.handler("${type}")/*${process.env["HF_TOKEN"]}*/`;',
    test: "resources/classes",
  },
  {
    item: "secrets",
    property: "a unit test with mocks sends no request, and so no token",
    how: "mocks go unnoticed",
    guard: "mocks-noticed",
    from: "mocks",
    to: "none",
    test: "functions/mocks",
    title: "returns the result of the mocks as a promise",
  },
  {
    item: "secrets",
    property: "a token's value is encrypted in the state",
    how: "the engine is not told to",
    guard: "secret-outputs",
    from: "...shape.secrets",
    to: "",
    test: "engine/secrets",
    title: "a whole life",
  },

  // --- Faults of the Hub -----------------------------------------------------------------------------------------
  {
    item: "faults of the Hub",
    property: "an account whose tokens the Hub does not list has none only where they would be seen",
    how: "no list counts as an empty one, whoever asks",
    guard: "untold-tokens",
    from: "undefined) return accessTokens",
    to: "undefined || true) return accessTokens ?? []",
    test: "hub/tokenPlace",
    title: "may exist for anyone else",
  },
  {
    item: "faults of the Hub",
    property: "a bucket of which the Hub does not say whether it is private is not opened",
    how: "what is not told counts as public",
    guard: "untold-visibility",
    to: 'return told === "nothing" && visibility !== "private" && visibility !== "public";',
    test: "resources/repoVisibilityAnswers",
    title: "is not opened",
  },
  {
    item: "faults of the Hub",
    property: "the value of a new token is not lost over the form of a date",
    how: "the answer to a creation has to hold a time in ISO 8601",
    guard: "dates-of-new-tokens",
    from: "object({ ...tokenSettings, createdAt: string,",
    to: "object({ ...tokenSettings, createdAt: time,",
    test: "client/documentAnswers",
    title: "does not lose a new token",
  },
  {
    item: "faults of the Hub",
    property: "a refusal is not sent again",
    how: "403 counts as temporary",
    guard: "retried-statuses",
    from: "408",
    to: "403, 408",
    test: "client/retry",
  },
  {
    item: "faults of the Hub",
    property: "no wait is longer than a rate-limit window, or than was allowed",
    how: "any wait is granted",
    guard: "longest-wait",
    from: "> maxWaitMs",
    to: "=== Infinity",
    test: "client/retry",
  },
  {
    item: "faults of the Hub",
    property: "a `Link` to another origin is not followed",
    how: "it is, with the token",
    guard: "link-origin",
    from: "!sameOrigin(url, this.endpoint)",
    to: 'url.host === ""',
    test: "client/paging",
    title: "lists in pages never take the token to another origin",
  },
  {
    item: "faults of the Hub",
    property: "a body without an end is given up",
    how: "all of it is read",
    guard: "body-limit",
    from: "> maxBytes",
    to: "=== Infinity",
    test: "client/timeAndSize",
    title: "stops unpacking a bomb",
  },
  {
    item: "faults of the Hub",
    property: "an answer that does not come is given up in time",
    how: "the clock stops when the connection stands",
    guard: "answer-timeout",
    from: 'if (!this.#stopped) this.#arm("timeout", this.#request.answerTimeoutMs',
    to: "clearTimeout(this.#timer",
    test: "client/timeAndSize",
    title: "ends the wait for an answer",
  },
  {
    item: "faults of the Hub",
    property: "a page of a proxy is no success",
    how: "any 200 counts as done",
    guard: "page-is-no-answer",
    to: "if (isPage && answer.status === 204) {",
    test: "client/requests",
    title: "to revoke is not done if a page comes back",
  },
  {
    item: "faults of the Hub",
    property: "an account counts as gone only if a listing does not show it",
    how: "a 404 is enough for its deletion",
    guard: "404-is-no-proof",
    from: " && !(await isListed())",
    to: "",
    test: "resources/serviceAccount",
    title: "takes an answer that means `not for you` for an error",
  },
  {
    item: "faults of the Hub",
    property: "a token counts as ended only if a listing does not show it",
    how: "a 404 is enough for its deletion",
    guard: "404-of-a-token",
    from: "(await place.list())?.some((token) => token.tokenId === tokenId) === true",
    to: "Promise.resolve(false)",
    test: "hub/tokenPlace",
  },
  {
    item: "faults of the Hub",
    property: "a repository counts as gone only for who would see it",
    how: "a 404 is enough",
    guard: "full-view",
    to: "",
    test: "resources/repoVisibility",
    title: "is an error for a member from whom it is hidden",
  },

  // --- Lost answers ----------------------------------------------------------------------------------------------
  {
    item: "lost answers",
    property: "a creation is never sent again",
    how: "it is repeated as a read is",
    guard: "creation-once",
    from: 'call.method !== "POST"',
    to: "true",
    test: "client/repeating",
    title: "never repeats a creation",
  },
  {
    item: "lost answers",
    property: "an error says whether the change may have been carried out",
    how: "a connection that broke off counts as nothing done",
    guard: "outcome-unknown",
    from: "isChange(call) && failure.mayHaveArrived",
    to: "false",
    test: "client/repeating",
    title: "and says that it may have happened",
  },
  {
    item: "lost answers",
    property: "a 404 to a deletion is success only where an earlier try may have done it",
    how: "it is always",
    guard: "404-after-delete",
    from: " && outcomeUnknown",
    to: "",
    test: "client/repeating",
    title: "takes 404 for done",
  },
  {
    item: "lost answers",
    property: "the token of a lost answer is revoked before another is made",
    how: "it is left",
    guard: "lost-token-revoked",
    from: "if (lost) await place.revoke(lost.tokenId)",
    to: "void lost",
    test: "reliability/lostAnswers",
    title: "within one call",
  },
  {
    item: "lost answers",
    property: "a lost token is found by its exact name",
    how: "any token of the same owner is taken for it",
    guard: "lost-token-by-name",
    from: "token.hubName === hubName",
    to: "splitMark(token.hubName).mark?.owner === splitMark(hubName).mark?.owner",
    test: "hub/tokenPlace",
    title: "revokes a token whose answer was lost, by its exact name",
  },
  {
    item: "lost answers",
    property: "a stray that was used is never revoked",
    how: "its use is not looked at",
    guard: "used-stray",
    from: "used || claims",
    to: "claims",
    test: "reliability/lostAnswers",
    title: "a stray that was used meanwhile",
  },
  {
    item: "lost answers",
    property: "the account of a lost answer is found by its mark",
    how: "it is left, and the run fails",
    guard: "lost-account",
    from: "if (created) return",
    to: "void",
    test: "resources/serviceAccount",
    title: "of a creation whose answer was lost",
  },

  // --- Kills -----------------------------------------------------------------------------------------------------
  {
    item: "kills",
    property: "a predecessor lives until its successor is in the state",
    how: "it is revoked as soon as there is a successor",
    guard: "predecessor-lives",
    from: "predecessors",
    to: "await place.revoke(current.tokenId);\n    predecessors",
    test: "reliability/lostAnswers",
    title: "a rotation cut at any point",
  },
  {
    item: "kills",
    property: "a rotation that was interrupted leaves no predecessor behind a destroy",
    how: "only the current token is ended",
    guard: "destroy-with-predecessors",
    from: "state, ...state.predecessors",
    to: "state",
    test: "resources/hubToken",
    title: "ends predecessors too in a destroy",
  },
  {
    item: "kills",
    property: "predecessors of a rotation that was interrupted are ended by a later run",
    how: "only those that were known before are",
    guard: "pending-predecessors",
    from: "[...state.pending, ...inputs.predecessors]",
    to: "state.pending",
    test: "resources/hubTokenPredecessors",
    title: "takes up later what a run",
  },
  {
    item: "kills",
    property: "what a run that was interrupted has narrowed is not taken for someone's narrowing",
    how: "what was decided is not kept where nothing is left to send",
    guard: "kept-decision",
    from: " || hasToKeep(decision, state)",
    to: "",
    test: "resources/hubToken",
    title: "may be widened by a later change of the program",
  },
  {
    item: "kills",
    property: "a token whose creation was interrupted is found and reported",
    how: "tokens with the mark are not looked for",
    guard: "marked-strays",
    from: "marked.map",
    to: "marked.slice(0, 0).map",
    test: "reliability/killsMaking",
    title: "create",
  },
  {
    item: "kills",
    property: "what the state holds after a kill works, before anyone runs again",
    how: "a predecessor is revoked as soon as there is a successor",
    guard: "predecessor-lives",
    from: "predecessors",
    to: "await place.revoke(current.tokenId);\n    predecessors",
    test: "reliability/killsEnding",
    title: "rotate",
  },

  // --- Two at once -----------------------------------------------------------------------------------------------
  {
    item: "two at once",
    property: "a resource that is removed ends no object that another one declares",
    how: "only what this run creates or changes counts",
    guard: "declared-objects",
    to: "",
    test: "engine/handler",
    title: "is not where this run declares it as it is",
  },
  {
    item: "two at once",
    property: "the option import takes no token that carries the mark of another resource",
    how: "marks are not compared",
    guard: "foreign-mark",
    to: "if (!mark || mark.owner === owner || owner) return undefined;",
    test: "resources/importOption",
    title: "is refused for a token with the mark of another resource",
  },
  {
    item: "two at once",
    property: "a token with another owner's mark is not touched",
    how: "any mark counts as one's own",
    guard: "tokens-by-owner",
    from: "mark?.owner === owner",
    to: "mark !== undefined",
    test: "reliability/lostAnswers",
    title: "random histories",
  },
  {
    item: "two at once",
    property: "a token without a mark is not touched",
    how: "no mark is needed",
    guard: "tokens-by-owner",
    from: "splitMark(token.hubName).mark?.owner",
    to: "(splitMark(token.hubName).mark?.owner ?? owner)",
    test: "resources/hubTokenPredecessors",
    title: "never are tokens without a mark",
  },
  {
    item: "two at once",
    property: "what another resource of the run holds is no stray",
    how: "it is not asked for",
    guard: "claimed-strays",
    from: " && !claims.has(tokenId)",
    to: "",
    test: "resources/hubTokenPredecessors",
    title: "never are the tokens of another resource",
  },
  {
    item: "two at once",
    property: "a token that another state may hold is only reported",
    how: "it is revoked, whatever the program says",
    guard: "revoked-strays",
    from: "revokeStrays !== true || ",
    to: "",
    test: "engine/strays",
    title: "is kept by retainOnDelete",
  },
  {
    item: "two at once",
    property: "a run revokes no stray that it finds first",
    how: "each counts as recorded by an earlier run",
    guard: "recorded-strays",
    from: 'recorded.some((stray) => stray.tokenId === tokenId) ? "recorded" : "new"',
    to: '"recorded"',
    test: "resources/hubTokenPredecessorsDecisions",
    title: "is the first to find a stray",
  },
  {
    item: "two at once",
    property: "only the deletion of a token ends its predecessors",
    how: "the deletion of the resource that looks after them does",
    guard: "predecessors-of-the-token",
    from: "context.log.info(",
    to: "for (const { tokenId } of next.pending) await place.revoke(tokenId);\n      context.log.info(",
    test: "engine/strays",
    title: "outlives the end of the child alone",
  },
  {
    item: "two at once",
    property: "an update goes by what the Hub holds, not by what the state remembers",
    how: "it does not look",
    guard: "observed-first",
    from: "current = await observe(inputs, state, context)",
    to: 'current: Observation | undefined = { visibility: state.visibility, told: "exactly" }',
    test: "resources/repoVisibility",
    title: "without a refresh an update for another reason",
  },
  {
    item: "two at once",
    property: "what someone narrowed on the Hub is not made wide again automatically",
    how: "a narrowing is not seen as one",
    guard: "narrowed-outside",
    from: "isWider(applied.visibility, current.visibility)",
    to: "false",
    test: "resources/repoVisibility",
    title: "no nightly `up --refresh` widens it",
  },
  {
    item: "two at once",
    property: "a refresh does not forget what the program sent last",
    how: "what it finds takes the place of what was sent",
    guard: "applied-survives-refresh",
    from: "{ ...toState(inputs), applied: state.applied }",
    to: "toState(inputs)",
    test: "resources/repoVisibility",
    title: "no nightly `up --refresh` widens it",
  },
  {
    item: "two at once",
    property: "a token that someone revoked is not issued again by the clock",
    how: "it is, when it is due",
    guard: "revoked-by-hand",
    from: 'status === "revoked" || status === "missing" || behaviour',
    to: "behaviour",
    test: "resources/hubToken",
    title: "not issued again by the clock",
  },
  {
    item: "two at once",
    property: "what someone widened is narrowed before anyone asks who it was",
    how: "the audit log is read first",
    guard: "narrowed-first",
    from: "if (settings)",
    to: "await authorOfVisibility(client, inputs, current.visibility);\n    if (settings)",
    test: "reliability/authors",
    title: "the change is undone first",
  },
  {
    item: "two at once",
    property: "the author of a change from outside is the one who made it so",
    how: "the last one who changed anything is named",
    guard: "author-of-change",
    from: "events.find(({ made }) => made === found) ?? events.find(({ made }) => made === undefined)",
    to: "events[0]",
    test: "reliability/authors",
    title: "the change is undone first",
  },
  {
    item: "two at once",
    property: "an audit log that cannot be read is no error",
    how: "it ends the run",
    guard: "log-optional",
    to: 'throw new Error("no audit log");',
    test: "reliability/authors",
    title: "is left out where the log is",
  },
  {
    item: "two at once",
    property: "two stacks with the same names have different marks",
    how: "the stack is not part of the mark",
    guard: "mark-of-names",
    from: "stack, type",
    to: "type",
    test: "reliability/twoPipelines",
  },
  {
    item: "two at once",
    property: "two stacks with all names in common can be told apart by a setting",
    how: "the setting is not part of the mark",
    guard: "mark-of-names",
    from: "...(scope === undefined ? [] : [scope])",
    to: "",
    test: "rules/mark",
  },

  // --- Bad input -------------------------------------------------------------------------------------------------
  {
    item: "bad input",
    property: "a mistake in a program is printed as one line",
    how: "the error keeps its stack",
    guard: "one-line-error",
    to: "",
    test: "engine/programError",
  },
  {
    item: "bad input",
    property: "a name in a path is read as that name",
    how: "names are not encoded",
    guard: "encoded-segment",
    from: "encodeURIComponent(value)",
    to: "value",
    test: "client/paths",
    title: "takes free names with all that a name may have",
  },
  {
    item: "bad input",
    property: "a name of the Hub leads nowhere else",
    how: "its form is not looked at",
    guard: "hub-name",
    to: 'value === ""',
    test: "badInput/paths",
  },
  {
    item: "bad input",
    property: "no answer can change a prototype",
    how: "a field `__proto__` of an answer is kept",
    guard: "no-prototype",
    from: '.filter(([name]) => name !== "__proto__")',
    to: "",
    test: "client/operations",
    title: "fails cleanly on any answer",
  },
  {
    item: "bad input",
    property: "what is nested deeper than a call stack is refused",
    how: "depth is not limited",
    guard: "depth",
    from: "if (deepest === 0)",
    to: "if (deepest === Infinity)",
    test: "badInput/arguments",
    title: "are named if they have a wrong type",
  },
  {
    item: "bad input",
    property: "what is not known yet is not judged",
    how: "it is validated as if it were a value",
    guard: "unknown-not-judged",
    to: "",
    test: "badInput/arguments",
    title: "may be unknown in any place",
  },
  {
    item: "bad input",
    property: "what is not known yet is like nothing",
    how: "it is compared as a text",
    guard: "unknown-equals-nothing",
    to: "",
    test: "model/plain",
  },
  {
    item: "bad input",
    property: "nothing is decided by a damaged state",
    how: "the state is taken as it is",
    guard: "damaged-state",
    from: "if (problem) throw damaged(type, problem)",
    to: "void problem",
    test: "badInput/arguments",
    title: "are compared with a damaged state",
  },
  {
    item: "bad input",
    property: "what is shown cannot steer the terminal",
    how: "control characters stay",
    guard: "printable",
    from: '.replace(/[^\\P{C}\\n]|[\\p{Zl}\\p{Zp}]/gu, "?")',
    to: "",
    test: "badInput/shown",
  },
  {
    item: "bad input",
    property: "time grows with the length and no faster",
    how: "a quadratic regular expression",
    guard: "linear",
    from: "slice(0, end",
    to: 'replace(/\\/+$/, ""',
    test: "badInput/linear",
    title: "checkEndpoint",
  },
];

/** A line that a comment names as a guard. */
export interface GuardedLine {
  /** The absolute path. */
  file: string;
  /** Index of the line, from 0. */
  index: number;
  line: string;
}

/** All guarded lines below a folder of sources, by their names. */
export function guardedLines(source: string): Map<string, GuardedLine[]> {
  const found = new Map<string, GuardedLine[]>();
  for (const path of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts")) continue;
    const file = join(source, path);
    const lines = readFileSync(file, "utf8").split("\n");
    lines.forEach((text, index) => {
      const name = /^\s*\/\/ guard: (.+)$/.exec(text)?.[1];
      if (name === undefined) return;
      found.set(name, [...(found.get(name) ?? []), { file, index: index + 1, line: lines[index + 1] ?? "" }]);
    });
  }
  return found;
}

/** The line as the break leaves it; `undefined` if the break does not fit it any more. */
export function brokenLine({ from, to }: Break, line: string): string | undefined {
  const parts = line.split(from ?? line.trim());
  return parts.length === 2 && parts.join(to) !== line ? parts.join(to) : undefined;
}

/** An entry in words, as `npm run breaks` prints it. */
export function rowOf({ item, property, how, test, title }: Break): string[] {
  return [item, property, how, title === undefined ? test : `${test}: ${title}`];
}
