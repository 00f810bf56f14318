// npm run demo: a day in the life of an organization's security, on the real Pulumi engine and a Hub of its own.
//
// The program that the engine runs is examples/demo/index.ts. After each step the Hub itself is asked whether it
// happened; the demo ends with code 0 only if every step did. Nothing outside this folder is touched, and what was
// started is ended, also after Ctrl-C.
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

async function demo() {
  await bootstrap();
  const { binDir, version, how } = await ensurePulumi();
  say(`Pulumi CLI ${version}, ${how}`);
  const began = new Date();

  const hub = await startHub();
  say(`A Hugging Face Hub for this demo alone: ${hub.endpoint} (it has a page for your browser)`);
  const { sso, serviceAccount, tokensOf, visibilityOf, statusFor, makePublic } = questionsTo(
    hub,
    ORGANIZATION,
  );
  const { certificate, pulumi, configure, outputs } = await createStack({ binDir, hub });

  introduce(
    "What should be true of the organization is a program, examples/demo/index.ts. The engine makes it true.",
  );
  const before = await visibilityOf(FOUND_PUBLIC);
  await pulumi("up");
  const first = await outputs();
  see("the service account is there, with one token", (await tokensOf("pipeline")).length === 1);
  see(
    "the Hub accepts the token's value, which the stack keeps encrypted",
    (await statusFor(first.pipelineToken)) === 200,
  );
  const signIn = await sso();
  see(
    "members sign in by SAML, with the certificate that was made for this demo",
    signIn.provider === "saml" && signIn.enabled && signIn.certificate.trim() === certificate.trim(),
  );
  see(
    `${FOUND_PUBLIC}, which was public, is private now`,
    before === "public" && (await visibilityOf(FOUND_PUBLIC)) === "private",
  );
  see("the program knows its own role: admin", first.yourRole === "admin", first.yourRole);

  introduce("Nothing has changed since, so there is nothing to do.");
  await pulumi("preview --expect-no-changes");

  introduce(`Somebody makes ${DATASET} public by hand.`);
  const { body } = await makePublic(DATASET);
  see(`${DATASET} is public`, (await visibilityOf(DATASET)) === "public", body);

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
  await configure("generation", "2");
  await pulumi("up");
  const second = await outputs();
  see("there is a new value", second.pipelineToken !== first.pipelineToken);
  see("the Hub accepts the new token", (await statusFor(second.pipelineToken)) === 200);
  see("and the old one still, so that nobody is cut off", (await statusFor(first.pipelineToken)) === 200);

  introduce("A later run revokes the old one.");
  await pulumi("up");
  see("the Hub refuses the old token", (await statusFor(first.pipelineToken)) === 401);
  see("and accepts the new one", (await statusFor(second.pipelineToken)) === 200);
  see("one token is left", (await tokensOf("pipeline")).length === 1);

  introduce("The organization's audit log has all of it. It is asked with the client alone, without Pulumi.");
  const { HubClient } = await import("pulumi-huggingface");
  const client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  const period = { startDate: began, endDate: new Date(), limit: 1000 };
  const log = (await client.auditLogs(ORGANIZATION, period))
    .filter(({ event }) => !event.type.includes("export"))
    .reverse();
  showTable([
    ["time", "who", "action", "what"],
    ...log.map(({ timestamp, user, action, message }) => [
      timestamp.slice(11, 19),
      user ?? "?",
      action,
      message,
    ]),
  ]);
  /** @param {string} what @param {number} count @param {(entry: typeof log[number]) => boolean} isAbout */
  const tells = (what, count, isAbout) => {
    const found = log.filter(isAbout).length;
    see(`it tells of ${what}`, found >= count, `${found} entries`);
  };
  const visibilityBy = (/** @type {string} */ name) => (/** @type {typeof log[number]} */ entry) =>
    entry.action === "repo.visibility" && entry.user === name && entry.message.includes(DATASET);
  tells("the service account", 1, ({ event }) => event.type === "org.service_account.create");
  tells("both tokens", 2, ({ action }) => action === "token.create");
  tells("the end of the old one", 1, ({ action }) => action === "token.revoke");
  tells("single sign-on", 1, ({ event }) => event.type.startsWith("org.settings.sso"));
  tells("the dataset that was opened by hand", 1, visibilityBy("wim-write"));
  tells("the run that closed it again", 1, visibilityBy("ada-admin"));

  introduce("A destroy takes away what the program made, and opens nothing.");
  await pulumi("destroy");
  see("the service account is gone", (await serviceAccount("pipeline")) === undefined);
  see("the Hub refuses its token", (await statusFor(second.pipelineToken)) === 401);
  see(
    `${DATASET} is still private, and members still sign in by SAML`,
    (await visibilityOf(DATASET)) === "private" && (await sso()).enabled === true,
  );

  const time = duration(Date.now() - began.getTime());
  say(`\n${bold(`All ${stepCount()} steps were seen to happen in the Hub itself, in ${time}.`)}`);
  say(
    "Next: examples/ has a program for each task, `npm run hub` starts this Hub alone, README.md has the rest.",
  );
}

runMain(() => withCleanUp(demo));
