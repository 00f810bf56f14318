import { Command } from "commander";
import { type WhoAmI } from "pulumi-huggingface/client";
import { HubClock, type RateLimit, systemClock } from "pulumi-huggingface/core";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { type Check, CHECKS, type Patient } from "../doctor/checks";
import { accountFacts, credentialFacts, type Fact, factLines } from "../doctor/facts";
import { LimitObserver } from "../doctor/observer";
import { restrictionAdvice, type Rights, rightsIn, type Verdict } from "../doctor/rights";
import { clearProgress, columns, print, progress, shown, type Terminal } from "../terminal";

/** `doctor`: what works with the credential, without changing anything. */
export function doctorCommand(terminal: Terminal): Command {
  const command = new Command("doctor")
    .description(
      "check the credential, the clock and the rate limit, and list what works with this credential",
    )
    .summary("check the credential, and list what works with it")
    .argument(
      "[org]",
      "name of the organization; default: yours, if you have only one; if you have several, only your role in each is shown",
    );
  return withConnection(command)
    .addHelpText("after", HELP)
    .action((organization: string | undefined, options: ConnectionOptions) =>
      doctor(terminal, organization, options),
    );
}

const HELP = `
It only reads, and never prints the token. The state of each resource and
function of pulumi-huggingface is one of these:
  works     it works with this credential
  fails     it does not work with this credential
  unknown   only a change would show whether it works, or the Hub did not answer
  absent    this Hub does not offer it, or it is not set up yet

Exit codes: 0 nothing fails; 1 something fails, the Hub did not answer, the
clock is wrong, the organization restricts the token, or an error.

Examples:
  pulumi-huggingface doctor acme
  pulumi-huggingface doctor acme --token-env ACME_HF_TOKEN`;

async function doctor(
  terminal: Terminal,
  named: string | undefined,
  options: ConnectionOptions,
): Promise<void> {
  const observer = new LimitObserver();
  const hubClock = new HubClock(systemClock);
  const { client, tokenSource } = connect(options, terminal, process.env, { transport: observer, hubClock });
  await print(terminal, factLines(terminal, [["Hub", client.endpoint]]));
  if (tokenSource === undefined) await print(terminal, factLines(terminal, [["Credential", "none"]]));
  const me = await client.whoami();
  await print(terminal, factLines(terminal, [...credentialFacts(tokenSource, me), ...accountFacts(me)]));

  const only = me.orgs.length === 1 ? me.orgs[0]?.name : undefined;
  const organization = named ?? only;
  const shownRights = (named === undefined ? me.orgs.map(({ name }) => name) : [named]).map((name) =>
    rightsIn(name, me),
  );
  const found: [Check, Verdict][] = [];
  if (organization !== undefined) {
    const rights = rightsIn(organization, me);
    found.push(...(await examine(terminal, { client, rights, me })));
  }
  const { offset, isKnown } = hubClock;
  await print(
    terminal,
    factLines(terminal, [
      ["Clock", clockInWords(isKnown, offset)],
      ...limitFacts(observer.limits.api, observer.limits.whoami),
      ...shownRights.flatMap(organizationFacts),
    ]),
  );
  if (organization === undefined) {
    const hint = me.orgs.length > 0 ? "Run doctor with one of them" : "Name an organization";
    await print(terminal, `\n${hint} to see which resources and functions work there.`);
  } else await print(terminal, `\n${verdictLines(terminal, found)}`);

  const isRestricted = shownRights.some(({ restrictions }) => restrictions.length > 0);
  const isWrong =
    offset !== 0 ||
    isRestricted ||
    isExpired(me) ||
    found.some(([, { state, isOutage }]) => state === "fails" || isOutage);
  if (isWrong) process.exitCode = 1;
}

async function examine(terminal: Terminal, patient: Patient): Promise<[Check, Verdict][]> {
  const found: [Check, Verdict][] = [];
  for (const [index, check] of CHECKS.entries()) {
    progress(terminal, `checking ${check.name} (${index + 1} of ${CHECKS.length})`);
    found.push([check, await check.decide(patient)]);
  }
  clearProgress(terminal);
  return found;
}

function isExpired({ auth }: WhoAmI): boolean {
  return typeof auth?.expiresAt === "string" && Date.parse(auth.expiresAt) < Date.now();
}

function clockInWords(isKnown: boolean, offsetMs: number): string {
  if (!isKnown) return "the Hub did not send its time";
  if (offsetMs === 0) return "this machine and the Hub agree";
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  return `this machine is ${seconds} s ${offsetMs > 0 ? "behind" : "ahead of"} the Hub. Rotations use the time: set this machine's clock.`;
}

function limitFacts(api: RateLimit | undefined, whoami: RateLimit | undefined): Fact[] {
  const limit = api ?? whoami;
  if (!limit) return [["Rate limit", "the Hub did not send one"]];
  const { remaining, quota, resetMs } = limit;
  return [
    [
      "Rate limit",
      `${remaining}${quota === undefined ? "" : ` of ${quota}`} requests left` +
        (resetMs === undefined ? "" : ` for the next ${Math.ceil(resetMs / 1000)} s`),
    ],
  ];
}

function organizationFacts({ organization, membership, role, restrictions }: Rights): Fact[] {
  if (!membership) return [["Organization", `${organization}: you are not a member`]];
  return [
    [
      "Organization",
      `${organization}, plan ${membership.plan ?? "free"}, your role ${role ?? membership.roleInOrg ?? "is not shown"}`,
    ],
    ["Restrictions", restrictions.map(restrictionAdvice).join(" ") || "none"],
  ];
}

function verdictLines(terminal: Terminal, found: readonly [Check, Verdict][]): string {
  const { colors } = terminal;
  const paint = { works: colors.green, fails: colors.red, unknown: colors.yellow, absent: colors.dim };
  const parts = (["resource", "function"] as const).map((kind) => {
    const rows = found
      .filter(([check]) => check.kind === kind)
      .map(([{ name, needs }, { state, advice }]) => [
        name,
        paint[state](state),
        shown(state === "works" ? `needs ${needs}` : advice),
      ]);
    return columns(terminal, [kind.toUpperCase(), "STATE", "NEEDS, OR WHAT TO DO"], rows);
  });
  const count = (state: Verdict["state"]): number =>
    found.filter(([, verdict]) => verdict.state === state).length;
  const summary = (["works", "fails", "unknown", "absent"] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${state}: ${count(state)}`);
  return [...parts, summary.join(", ")].join("\n\n");
}
