// Writes to a pull request or an issue on GitHub or GitLab. The jobs call it; it has no dependencies.
//
//   node forge.mjs comment FILE CODE   creates or updates the comment with the preview in FILE, which ended with this exit code
//   node forge.mjs issue FILE TITLE    opens the issue about drift, or updates the open one
//   node forge.mjs close               comments on the open issue and closes it
//
// GitHub: GITHUB_TOKEN, and PULL_REQUEST for a comment. GitLab: GITLAB_API_TOKEN. Both set the other variables themselves.
// DRIFT_LABEL is the label of the issue; default: hub-drift. On any other system, nothing is written.
import { readFileSync } from "node:fs";

const { env } = process;
const label = env.DRIFT_LABEL || "hub-drift";
const markOf = (kind) => `<!-- pulumi-huggingface ${kind} ${JSON.stringify(env.STACK)} -->`;

/** Each platform's addresses, its names of fields, and the longest text that it accepts. */
const forge = env.GITHUB_ACTIONS ? github() : env.GITLAB_CI ? gitlab() : undefined;

function github() {
  const repository = `${required("GITHUB_API_URL")}/repos/${required("GITHUB_REPOSITORY")}`;
  return {
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${required("GITHUB_TOKEN")}`,
      "x-github-api-version": "2022-11-28",
    },
    run: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`,
    commit: env.COMMIT || env.GITHUB_SHA,
    limit: 65_536,
    comments: () => `${repository}/issues/${required("PULL_REQUEST")}/comments`,
    comment: ({ id }) => `${repository}/issues/comments/${id}`,
    issues: `${repository}/issues`,
    isOpen: "open",
    issue: ({ number }) => `${repository}/issues/${number}`,
    issueComments: ({ number }) => `${repository}/issues/${number}/comments`,
    // The list of issues contains pull requests too.
    isIssue: (issue) => !issue.pull_request,
    newIssue: (title, body) => ({ title, body, labels: [label] }),
    changedIssue: (title, body) => ({ title, body }),
    bodyOf: (issue) => issue.body,
    closed: { state: "closed", state_reason: "completed" },
    change: "PATCH",
    safe: (text) => text,
  };
}

function gitlab() {
  const project = `${required("CI_API_V4_URL")}/projects/${required("CI_PROJECT_ID")}`;
  return {
    headers: { "private-token": required("GITLAB_API_TOKEN") },
    run: env.CI_JOB_URL,
    commit: env.CI_COMMIT_SHA,
    limit: 1_000_000,
    comments: () => `${project}/merge_requests/${required("CI_MERGE_REQUEST_IID")}/notes`,
    comment: ({ id }) => `${project}/merge_requests/${required("CI_MERGE_REQUEST_IID")}/notes/${id}`,
    issues: `${project}/issues`,
    isOpen: "opened",
    issue: ({ iid }) => `${project}/issues/${iid}`,
    issueComments: ({ iid }) => `${project}/issues/${iid}/notes`,
    isIssue: () => true,
    newIssue: (title, description) => ({ title, description, labels: label }),
    changedIssue: (title, description) => ({ title, description }),
    bodyOf: (issue) => issue.description,
    closed: { state_event: "close" },
    change: "PUT",
    // A line that begins with a slash could be a command, such as /merge.
    safe: (text) => text.replace(/^\//gm, " /"),
  };
}

function required(name) {
  if (env[name]) return env[name];
  throw new Error(`${name} is not set.`);
}

async function call(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { "user-agent": "pulumi-huggingface", "content-type": "application/json", ...forge.headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (answer.ok) return text && JSON.parse(text);
  const error = new Error(
    `${method} ${new URL(url).pathname} failed with ${answer.status}: ${text.slice(0, 300)}`,
  );
  throw Object.assign(error, { status: answer.status });
}

/** The first entry of a list with these properties. Reads page after page. */
async function find(url, query, matches) {
  for (let page = 1; ; page += 1) {
    const entries = await call("GET", `${url}?${new URLSearchParams({ ...query, per_page: 100, page })}`);
    const found = entries.find(matches);
    if (found || entries.length < 100) return found;
  }
}

const openIssue = () =>
  find(
    forge.issues,
    { labels: label, state: forge.isOpen },
    (each) => forge.isIssue(each) && forge.bodyOf(each)?.startsWith(markOf("drift")),
  );

/** Removes values that must not leave the job: those of variables with secrets, and tokens of the Hub. */
function redacted(text) {
  const values = Object.entries(env)
    .filter(([name, value]) => /TOKEN|SECRET|PASS|_KEY(_ID)?$/i.test(name) && value.length >= 6)
    .map(([, value]) => value)
    .sort((one, other) => other.length - one.length);
  const known = values.reduce((rest, value) => rest.replaceAll(value, "[secret]"), text);
  return known.replace(/\b(hf|api_org|hf_oauth)_[A-Za-z0-9]{8,}/g, "[secret]");
}

/** Shortens a text to at most this length. Keeps the beginning, and the end with the summary. */
function shortened(text, length) {
  if (text.length <= length) return text;
  const note = "\n… The middle is left out. The log of the job has all lines. …\n";
  const tail = Math.min(4000, Math.floor(length / 4));
  const beginning = text.slice(0, Math.max(0, length - tail - note.length));
  return (beginning + note + text.slice(-tail)).toWellFormed();
}

/** The numbers of Pulumi's summary, such as "1 to create, 2 to update". */
function summary(text, code) {
  if (code !== "0") return "failed";
  const [, lines = ""] = /^Resources:\n((?: +.*\n?)+)/m.exec(text) ?? [];
  const changes = [...lines.matchAll(/(\d+ to [a-z-]+)/g)].map(([change]) => change);
  return changes.join(", ") || "no changes";
}

/** A block that its text cannot leave, whatever backticks it contains. */
function block(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

async function comment(file, code) {
  const text = redacted(readFileSync(file, "utf8").trim());
  const mark = markOf("preview");
  const frame = (shown) =>
    `${mark}
### Preview of \`${env.STACK}\`: ${summary(text, code)}

<details><summary>Output of <code>pulumi preview</code></summary>

${shown}

</details>

Commit ${forge.commit} · [job](${forge.run})
`;
  const room =
    forge.limit -
    frame(block("")).length -
    2 * Math.max(0, ...[...text.matchAll(/`+/g)].map(([t]) => t.length));
  const body = frame(block(shortened(text, room)));
  const existing = await find(forge.comments(), {}, (each) => each.body?.startsWith(mark));
  if (existing) {
    try {
      return await call(forge.change, forge.comment(existing), { body });
    } catch (error) {
      // It belongs to another account, or someone deleted it.
      if (![403, 404].includes(error.status)) throw error;
    }
  }
  await call("POST", forge.comments(), { body });
}

async function issue(file, title) {
  const report = forge.safe(redacted(readFileSync(file, "utf8").trim()));
  const end = `\n\nLast check: ${new Date().toISOString()} · [job](${forge.run})\n`;
  const start = `${markOf("drift")}\n`;
  const body = start + shortened(report, forge.limit - start.length - end.length) + end;
  const existing = await openIssue();
  if (existing) await call(forge.change, forge.issue(existing), forge.changedIssue(title, body));
  else await call("POST", forge.issues, forge.newIssue(title, body));
}

async function close() {
  const existing = await openIssue();
  if (!existing) return;
  await call("POST", forge.issueComments(existing), {
    body: `There is no drift any more. [job](${forge.run})`,
  });
  await call(forge.change, forge.issue(existing), forge.closed);
}

const [command, ...args] = process.argv.slice(2);
const commands = { comment, issue, close };
if (!forge) {
  console.error("Not on GitHub or GitLab: no comment and no issue is written.");
} else {
  await commands[command](...args).catch((error) => {
    console.error(`${command}: ${error.message}`);
    process.exitCode = 1;
  });
}
