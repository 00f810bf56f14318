// npm run demo: a day in the life of an organization's security, on the real Pulumi engine and a Hub of its own.
//
// The program that the engine runs is examples/demo/index.ts. After each step the Hub itself is asked whether it
// happened; the demo ends with code 0 only if every step did. Nothing outside this folder is touched, and what was
// started is ended, also after Ctrl-C.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { Problem, duration, runMain } from "./lib/report.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { pulumiEnv, root, workDir } from "./pulumi-env.mjs";

const ORGANIZATION = "acme";
const DATASET = "acme/customer-tickets";
const FOUND_PUBLIC = "acme/corpus";
const STACK = "demo";
const COLORS = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

/** @param {string} line */
const say = (line = "") => {
  if (!interrupted) process.stdout.write(`${line}\n`);
};
const bold = (/** @type {string} */ text) => (COLORS ? `\u001b[1m${text}\u001b[0m` : text);
const green = (/** @type {string} */ text) => (COLORS ? `\u001b[32m${text}\u001b[0m` : text);

// --- What was started, so that it can be ended ---------------------------------------------------------------------

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
let folder = "";
let interrupted = false;

/** @param {string} command @param {string[]} args @param {import("node:child_process").SpawnOptions} options */
function start(command, args, options) {
  if (interrupted) throw new Problem("interrupted");
  // A process group of its own: Ctrl-C reaches this script alone, which then ends the whole group.
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], ...options });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/** The last resort, for an end that comes suddenly; otherwise {@link stop} goes before. */
function cleanUp() {
  for (const child of children) {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // Gone already.
    }
  }
  children.clear();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Ends what runs: first the engine, which gets some time, because it has to end its plugins (they are no part of its
 * process group); the Hub only then, or what the engine is doing would wait for answers.
 */
async function stop() {
  for (const child of [...children].reverse()) {
    const end = once(child, "close");
    child.kill("SIGINT");
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
  }
  cleanUp();
}

process.on("exit", cleanUp);
for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])) {
  process.on(signal, () => {
    if (interrupted) process.exit(code);
    say("\nInterrupted; cleaning up. Once more to leave at once.");
    interrupted = true;
    void stop().then(() => process.exit(code));
  });
}

// --- The Hub -------------------------------------------------------------------------------------------------------

/** @returns {Promise<{ endpoint: string, tokens: Record<string, string> }>} */
function startHub() {
  const child = start(process.execPath, [join(root, "local-hub", "dist", "cli.js"), "--port", "0"], {});
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => (complaint += text));
  return new Promise((resolve, reject) => {
    createInterface({ input: /** @type {import("node:stream").Readable} */ (child.stdout) }).once(
      "line",
      (line) => resolve(JSON.parse(line)),
    );
    child.once("error", reject);
    child.once("close", (code) => reject(new Problem(`The Hub ended with code ${code}.\n${complaint}`)));
  });
}

/**
 * Asks the Hub over HTTP, past the provider: what it answers is the Hub's own state.
 *
 * @param {string} endpoint @param {string} token
 */
function asking(endpoint, token) {
  return async (
    /** @type {string} */ path,
    /** @type {string} */ method = "GET",
    /** @type {object} */ body,
  ) => {
    const response = await fetch(endpoint + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text,
    };
  };
}

// --- Telling -------------------------------------------------------------------------------------------------------

let steps = 0;
/** @param {string} text */
function introduce(text) {
  steps += 1;
  say(`\n${bold(`${steps}. ${text}`)}`);
}

/** @param {string} what @param {boolean} seen @param {unknown} [instead] */
function see(what, seen, instead) {
  if (!seen) {
    throw new Problem(
      `Not seen in the Hub: ${what}${instead === undefined ? "" : ` (${JSON.stringify(instead)})`}`,
    );
  }
  say(`   ${green("✔")} ${what}`);
}

/** Lines that say only that something begins, was looked at and is as it was, or is told again below. */
const PASSING = [
  /^@ /,
  /\b(creating|updating|deleting|refreshing|reading)( \(\d+s\))?( \[diff: .*\])?$/,
  /^ ~ .*\brefresh( \([\d.]+s\))?$/,
  /^\s+pulumi\S*:\S+ \S+( .*)?$/,
  /^\W*pulumi:pulumi:Stack: \(/,
  /^\s*\[urn=/,
  /^(Duration: |The resources in the stack have been deleted|If you want to remove the stack)/,
];

/** Shows what the engine says, as it comes; blank lines only between others. */
function engineWindow() {
  let blank = false;
  let any = false;
  return (/** @type {string} */ line) => {
    const plain = stripVTControlCharacters(line).trimEnd();
    if (plain === "") {
      blank = any;
    } else if (!PASSING.some((pattern) => pattern.test(plain))) {
      if (blank) say("   │");
      blank = false;
      any = true;
      say(`   │ ${line.trimEnd()}`);
    }
  };
}

/** @param {[string, string, string, string][]} rows */
function showTable(rows) {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const room = (process.stdout.columns ?? 140) - widths.reduce((sum, width) => sum + width + 2, 3);
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) =>
      column < 3
        ? cell.padEnd(widths[column] ?? 0)
        : cell.length > room
          ? `${cell.slice(0, Math.max(20, room - 1))}…`
          : cell,
    );
    say(`   ${index === 0 ? bold(cells.join("  ")) : cells.join("  ")}`);
  }
}

// --- The story -----------------------------------------------------------------------------------------------------

async function main() {
  await bootstrap();
  const { binDir, version, how } = await ensurePulumi();
  say(`Pulumi CLI ${version}, ${how}`);
  const began = Date.now();

  const hub = await startHub();
  say(`A Hugging Face Hub for this demo alone: ${hub.endpoint} (it has a page for your browser)`);
  const admin = asking(hub.endpoint, hub.tokens.admin ?? "");
  const whoamiStatus = async (/** @type {string} */ token) =>
    (await asking(hub.endpoint, token)("/api/whoami-v2")).status;

  // The program is copied, so that the stack's own files are deleted with the folder.
  mkdirSync(workDir, { recursive: true });
  folder = mkdtempSync(join(workDir, `demo-${process.pid}-`));
  cpSync(join(root, "examples", "demo"), folder, { recursive: true });
  const certificateFile = join(folder, "identity-provider.pem");
  const { generate } = await import("selfsigned");
  const { cert } = await generate([{ name: "commonName", value: "idp.acme.example" }], {
    algorithm: "sha256",
  });
  writeFileSync(certificateFile, cert);

  const env = pulumiEnv({
    dir: join(folder, ".pulumi"),
    binDir,
    extra: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
  });

  /**
   * @param {string[]} args
   * @param {(line: string) => void} [onLine]
   * @returns {Promise<{ code: number | null, output: string }>}
   */
  const run = (args, onLine) =>
    new Promise((resolve, reject) => {
      const color = COLORS ? "always" : "never";
      const child = start("pulumi", [...args, "--stack", STACK, "--non-interactive", "--color", color], {
        cwd: folder,
        env,
      });
      const lines = [];
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: /** @type {import("node:stream").Readable} */ (stream) }).on(
          "line",
          (line) => {
            lines.push(line);
            onLine?.(line);
          },
        );
      }
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, output: lines.join("\n") }));
    });

  /** Runs and shows a command of the engine. @param {string} line @param {number} expected */
  const pulumi = async (line, expected = 0) => {
    const [operation = "", ...flags] = line.split(" ");
    say(`   ${bold(`$ pulumi ${line}`)}`);
    const changes = operation === "preview" ? [] : ["--yes", "--skip-preview"];
    const { code, output } = await run(
      [operation, ...flags, ...changes, "--suppress-progress"],
      engineWindow(),
    );
    if (code !== expected) throw new Problem(`pulumi ${line} ended with code ${code}, not ${expected}.`);
    return stripVTControlCharacters(output);
  };
  /** The same without showing it: for what holds a secret, or nothing of interest. @param {string[]} args */
  const quietly = async (...args) => {
    const { code, output } = await run(args);
    if (code !== 0)
      throw new Problem(`pulumi ${args.slice(0, 2).join(" ")} ended with code ${code}.\n${output}`);
    return output;
  };
  const outputs = async () => JSON.parse(await quietly("stack", "output", "--json", "--show-secrets"));

  const accounts = async () => (await admin(`/api/organizations/${ORGANIZATION}/service-accounts`)).body;
  const pipeline = async () =>
    accounts().then((all) => all.find((/** @type {any} */ { name }) => name === "pipeline"));
  const pipelineTokens = async () => {
    const account = await pipeline();
    const path = `/api/organizations/${ORGANIZATION}/service-accounts/${account?._id}`;
    return account ? ((await admin(path)).body.accessTokens ?? []) : [];
  };
  const visibilityOf = async (/** @type {string} */ id) => {
    const { body } = await admin(`/api/organizations/${ORGANIZATION}/settings/repositories?limit=1000`);
    return body.find((/** @type {any} */ repository) => repository.id === id)?.visibility;
  };
  const sso = async () => (await admin(`/api/organizations/${ORGANIZATION}/settings/sso`)).body;

  await quietly("stack", "init");
  await quietly("config", "set", "certificateFile", certificateFile);

  introduce(
    "What should be true of the organization is a program, examples/demo/index.ts. The engine makes it true.",
  );
  const before = await visibilityOf(FOUND_PUBLIC);
  await pulumi("up");
  const first = await outputs();
  see("the service account is there, with one token", (await pipelineTokens()).length === 1);
  see(
    "the Hub accepts the token's value, which the stack keeps encrypted",
    (await whoamiStatus(first.pipelineToken)) === 200,
  );
  const { provider, enabled, certificate } = await sso();
  see(
    "members sign in by SAML, with the certificate that was made for this demo",
    provider === "saml" && enabled === true && certificate.trim() === cert.trim(),
  );
  see(
    `${FOUND_PUBLIC}, which was public, is private now`,
    before === "public" && (await visibilityOf(FOUND_PUBLIC)) === "private",
  );
  see("the program knows its own role: admin", first.yourRole === "admin", first.yourRole);

  introduce("Nothing has changed since, so there is nothing to do.");
  await pulumi("preview --expect-no-changes");

  introduce(`Somebody makes ${DATASET} public by hand.`);
  const wim = asking(hub.endpoint, hub.tokens.write ?? "");
  const change = await wim(`/api/datasets/${DATASET}/settings`, "PUT", { visibility: "public" });
  see(
    `${DATASET} is public`,
    change.status === 200 && (await visibilityOf(DATASET)) === "public",
    change.body,
  );

  introduce("A preview with refresh sees it, to the property. A pipeline that runs this fails here: code 7.");
  const drift = await pulumi("preview --refresh --diff --expect-no-changes", 7);
  see(
    'the preview names the property: visibility, "private" => "public"',
    /visibility\s*: "private" => "public"/.test(drift),
  );
  see("and it only looked: the dataset is still public", (await visibilityOf(DATASET)) === "public");

  introduce("Narrowing is done without asking back.");
  await pulumi("up --refresh");
  see(`${DATASET} is private again`, (await visibilityOf(DATASET)) === "private");

  introduce("The token is renewed: somebody asks for a new generation of it.");
  await quietly("config", "set", "generation", "2");
  say(`   ${bold("$ pulumi config set generation 2")}`);
  await pulumi("up");
  const second = await outputs();
  see("there is a new value", second.pipelineToken !== first.pipelineToken);
  see("the Hub accepts the new token", (await whoamiStatus(second.pipelineToken)) === 200);
  see("and the old one still, so that nobody is cut off", (await whoamiStatus(first.pipelineToken)) === 200);

  introduce("A later run revokes the old one.");
  await pulumi("up");
  see("the Hub refuses the old token", (await whoamiStatus(first.pipelineToken)) === 401);
  see("and accepts the new one", (await whoamiStatus(second.pipelineToken)) === 200);
  see("one token is left", (await pipelineTokens()).length === 1);

  introduce("The organization's audit log has all of it. It is asked with the client alone, without Pulumi.");
  const { HubClient } = await import("pulumi-huggingface");
  const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const log = await client.auditLogs(ORGANIZATION, {
    startDate: new Date(began),
    endDate: new Date(),
    limit: 1000,
  });
  const told = log.filter(({ event }) => !event.type.includes("export")).reverse();
  showTable([
    ["time", "who", "action", "what"],
    .../** @type {[string, string, string, string][]} */ (
      told.map(({ timestamp, user, action, message }) => [
        timestamp.slice(11, 19),
        user ?? "?",
        action,
        message,
      ])
    ),
  ]);
  for (const [
    what,
    count,
    matches,
  ] of /** @type {[string, number, (entry: typeof log[number]) => boolean][]} */ ([
    ["the service account", 1, ({ event }) => event.type === "org.service_account.create"],
    ["both tokens", 2, ({ action }) => action === "token.create"],
    ["the end of the old one", 1, ({ action }) => action === "token.revoke"],
    ["single sign-on", 1, ({ event }) => event.type.startsWith("org.settings.sso")],
    [
      "the dataset that was opened by hand",
      1,
      ({ action, user, message }) =>
        action === "repo.visibility" && user === "wim-write" && message.includes(DATASET),
    ],
    [
      "the run that closed it again",
      1,
      ({ action, user, message }) =>
        action === "repo.visibility" && user === "ada-admin" && message.includes(DATASET),
    ],
  ])) {
    const found = told.filter(matches).length;
    see(`it tells of ${what}`, found >= count, `${found} entries`);
  }

  introduce("A destroy takes away what the program made, and opens nothing.");
  await pulumi("destroy");
  see("the service account is gone", (await pipeline()) === undefined);
  see("the Hub refuses its token", (await whoamiStatus(second.pipelineToken)) === 401);
  see(
    `${DATASET} is still private, and members still sign in by SAML`,
    (await visibilityOf(DATASET)) === "private" && (await sso()).enabled === true,
  );

  say(
    `\n${bold(`All ${steps} steps were seen to happen in the Hub itself, in ${duration(Date.now() - began)}.`)}`,
  );
  say(
    "Next: examples/ has a program for each task, `npm run hub` starts this Hub alone, README.md has the rest.",
  );
}

runMain(async () => {
  try {
    await main();
  } catch (error) {
    // A command that was interrupted fails, which is no news.
    if (interrupted) return new Promise(() => undefined);
    throw error;
  } finally {
    if (!interrupted) await stop();
  }
});
