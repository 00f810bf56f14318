// npm run demo: shows the main features on the real Pulumi engine and a local Hub that runs only for the demo.
//
// Pulumi runs the program examples/demo/index.ts. After each step, the demo checks the result on the Hub itself and
// exits with code 0 only if every check passes. It changes nothing outside this folder and stops all processes that
// it started, also after Ctrl-C.
import { bootstrap } from "./bootstrap.mjs";
import { questionsTo, startHub } from "./demo/hub.mjs";
import { withCleanUp } from "./demo/processes.mjs";
import { bold, introduce, say, see, showTable, stepCount } from "./demo/screen.mjs";
import { createStack } from "./demo/stack.mjs";
import { duration, runMain } from "./lib/report.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";

const ORGANIZATION = "acme";
const DATASET = "acme/customer-tickets";
const FOUND_PUBLIC = "acme/corpus";
const UNDECLARED = "acme/side-project";
/** The exit code of a drift check that finds something looser than applied. */
const EXPOSED = 3;

async function demo() {
  await bootstrap();
  const { binDir, version, how } = await ensurePulumi();
  say(`Pulumi CLI ${version}, ${how}`);
  const began = new Date();

  const hub = await startHub();
  say(`Local Hub for this demo: ${hub.endpoint} (open it in a browser to see its state)`);
  const { sso, serviceAccount, tokensOf, visibilityOf, statusFor, makePublic, createPublic } = questionsTo(
    hub,
    ORGANIZATION,
  );
  const { certificate, pulumi, cli, configure, outputs } = await createStack({ binDir, hub });

  introduce("Create the resources in examples/demo/index.ts: a token, single sign-on, private datasets.");
  const before = await visibilityOf(FOUND_PUBLIC);
  await pulumi("up");
  const first = await outputs();
  see("the service account exists and has one token", (await tokensOf("pipeline")).length === 1);
  see(
    "the Hub accepts the token (its value is encrypted in the Pulumi state)",
    (await statusFor(first.pipelineToken)) === 200,
  );
  const signIn = await sso();
  see(
    "members sign in with SAML, and the Hub has the certificate that this demo created",
    signIn.provider === "saml" && signIn.enabled && signIn.certificate.trim() === certificate.trim(),
  );
  see(
    `${FOUND_PUBLIC} was public and is now private`,
    before === "public" && (await visibilityOf(FOUND_PUBLIC)) === "private",
  );
  see("the program can read its own role: admin", first.yourRole === "admin", first.yourRole);

  introduce("Preview again: nothing has changed, so Pulumi has nothing to do.");
  await pulumi("preview --expect-no-changes");

  introduce(`Someone makes ${DATASET} public on the Hub, without Pulumi.`);
  const { body } = await makePublic(DATASET);
  see(`${DATASET} is public`, (await visibilityOf(DATASET)) === "public", body);

  introduce(
    "A preview with --refresh shows the change, and a drift check names who made it. A CI job fails here.",
  );
  const drift = await pulumi("preview --refresh --diff --expect-no-changes", 7);
  see(
    'the preview shows the changed property: visibility, "private" => "public"',
    /visibility\s*: "private" => "public"/.test(drift),
  );
  see("the preview changed nothing: the dataset is still public", (await visibilityOf(DATASET)) === "public");
  const check = await cli("drift", EXPOSED);
  see("the drift check names the user who did it: wim-write", check.includes("wim-write"));

  introduce("Update with --refresh: the dataset is private again. Restricting access needs no approval.");
  await pulumi("up --refresh");
  see(`${DATASET} is private again`, (await visibilityOf(DATASET)) === "private");

  introduce("Someone creates a public model that no program declares. The next drift check finds it.");
  const { body: created } = await createPublic(UNDECLARED);
  see(`${UNDECLARED} is public`, (await visibilityOf(UNDECLARED)) === "public", created);
  const found = await pulumi("preview --refresh --expect-no-changes", 7);
  see(`the preview names ${UNDECLARED}`, found.includes(UNDECLARED));

  introduce("Rotate the token: a new value of the setting `generation` requests a new token.");
  await configure("generation", "2");
  await pulumi("up");
  const second = await outputs();
  see("the stack has a new token", second.pipelineToken !== first.pipelineToken);
  see("the Hub accepts the new token", (await statusFor(second.pipelineToken)) === 200);
  see(
    "the Hub still accepts the old token, so running jobs can finish",
    (await statusFor(first.pipelineToken)) === 200,
  );

  introduce("The next update revokes the old token.");
  await pulumi("up");
  see("the Hub rejects the old token", (await statusFor(first.pipelineToken)) === 401);
  see("the Hub accepts the new token", (await statusFor(second.pipelineToken)) === 200);
  see("the service account has one token", (await tokensOf("pipeline")).length === 1);

  introduce("The audit log lists these changes. The demo reads it with the provider's API client.");
  const { HubClient } = await import("pulumi-huggingface");
  const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const period = { startDate: began, endDate: new Date(), limit: 1000 };
  const log = (await client.auditLogs(ORGANIZATION, period))
    .filter(({ event }) => !event.type.includes("export"))
    .reverse();
  showTable([
    ["time", "user", "action", "message"],
    ...log.map(({ timestamp, user, action, message }) => [
      timestamp.slice(11, 19),
      user ?? "?",
      action,
      message,
    ]),
  ]);
  /** @param {string} what @param {number} count @param {(entry: typeof log[number]) => boolean} isAbout */
  const lists = (what, count, isAbout) => {
    const found = log.filter(isAbout).length;
    see(`the log has ${what}`, found >= count, `${found} entries`);
  };
  const visibilityBy = (/** @type {string} */ name) => (/** @type {typeof log[number]} */ entry) =>
    entry.action === "repo.visibility" && entry.user === name && entry.message.includes(DATASET);
  lists("the new service account", 1, ({ event }) => event.type === "org.service_account.create");
  lists("both new tokens", 2, ({ action }) => action === "token.create");
  lists("the revoked token", 1, ({ action }) => action === "token.revoke");
  lists("the single sign-on settings", 1, ({ event }) => event.type.startsWith("org.settings.sso"));
  lists("the user who made the dataset public: wim-write", 1, visibilityBy("wim-write"));
  lists("the user who made it private again: ada-admin", 1, visibilityBy("ada-admin"));

  introduce("Destroy the stack. It deletes what the program created and makes nothing public.");
  await pulumi("destroy");
  see("the service account is deleted", (await serviceAccount("pipeline")) === undefined);
  see("the Hub rejects its token", (await statusFor(second.pipelineToken)) === 401);
  see(
    `${DATASET} is still private, and members still sign in with SAML`,
    (await visibilityOf(DATASET)) === "private" && (await sso()).enabled === true,
  );

  const time = duration(Date.now() - began.getTime());
  say(`\n${bold(`All ${stepCount()} steps succeeded in ${time}. Each result was checked on the Hub.`)}`);
  say("Next: try the programs in examples/, start only the local Hub with `npm run hub`, or read README.md.");
}

runMain(() => withCleanUp(demo));
