// The drift check with direct reads, compared with the reads of the engine, over many changes by hand.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Drift, type DriftReport } from "../../cli/src/drift/report";
import { memberKey } from "../../local-hub/src/store/members";
import {
  account,
  ACME,
  actorNamed,
  type DriftObject,
  GLOBEX,
  group,
  groupMember,
  type Known,
  member,
  organization,
  ownToken,
  PIPELINE,
  repoGroup,
  repository,
  setting,
  sso,
  ssoCredential,
  token,
} from "../support/driftObjects";
import { createProject, type Project, type Step } from "../support/engine";
import { type Hub, startHub } from "../support/hub";

const SEED = Number(process.env["DRIFT_SEED"] ?? 20261127);
const ROUNDS = Number(process.env["DRIFT_ROUNDS"] ?? 10);
const COPIES = Number(process.env["DRIFT_COPIES"] ?? 8);
const CLI = join(__dirname, "../../cli/bin/pulumi-huggingface.js");

const PROGRAM = `
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const huggingface = require("pulumi-huggingface");
for (const { type, name, args, secret = [] } of JSON.parse(readFileSync("declared.json", "utf8"))) {
  const entries = Object.entries(args).map(([key, value]) => [key, secret.includes(key) ? pulumi.secret(value) : value]);
  new huggingface[type](name, Object.fromEntries(entries));
}
`;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Objects of all kinds, several of most. */
function allObjects(): DriftObject[] {
  const groupIds = ["65aa00000000000000000001", "65aa00000000000000000002"] as const;
  const accountId = (index: number): string => `65bb0000000000000000000${index % 10}`;
  return [
    organization("all", ACME, { mode: "enforce", widest: "internal" }),
    organization("others", GLOBEX, { mode: "report" }),
    sso("sso"),
    ssoCredential("credential"),
    ...numbers(COPIES).flatMap((n) => [
      repository("model", `plain-${n}`),
      repository("model", `gated-${n}`, { visibility: "internal", gated: "manual" }),
      repository("model", `open-${n}`, { visibility: "public", gated: "auto" }),
      repository("model", `ungated-${n}`, { visibility: "public", gated: false }),
      repository("dataset", `plain-${n}`),
      repository("dataset", `gated-${n}`, { visibility: "public", gated: "auto" }),
      repository("space", `plain-${n}`),
      repository("space", `protected-${n}`, { visibility: "protected" }),
      repository("bucket", `plain-${n}`),
      repository("bucket", `open-${n}`, { visibility: "public" }),
      account(`robot-${n}`),
      token(`reader-${n}`, { permissions: ["org.read"] }, { accountId: accountId(n) }),
      token(
        `granted-${n}`,
        { permissions: ["org.read", "repo.write"], repoPermissions: ["repo.content.read"] },
        { accountId: accountId(n + 1) },
      ),
      token(
        `caller-${n}`,
        {
          permissions: ["inference.endpoints.infer.write"],
          endpointPatterns: ["acme/one", "acme/two"],
          rotateEveryDays: 30,
          overlapHours: 1,
          rotationTriggers: { why: "a reason" },
        },
        { accountId: accountId(n + 2) },
      ),
      ownToken(`own-${n}`, n % 2 === 0 ? "read" : "write"),
      setting("secret", `space-a-${n}`),
      setting("secret", `space-c-${n}`, "a reason"),
      setting("variable", `space-b-${n}`),
      setting("variable", `space-d-${n}`, "a reason"),
      group(`lab-${n}`, false),
      group(`hall-${n}`, true),
      member(`mia-${n}`, "read"),
      member(`noa-${n}`, "write", { acknowledgeOverwrite: "a reason" }),
      groupMember(`max-${n}`, groupIds[0]),
      repoGroup("model", `filed-${n}`, groupIds),
      repoGroup("space", `filed-${n}`, groupIds),
    ]),
  ];
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const only = (left: readonly string[], right: readonly string[], name: string): string[] =>
  left.filter((each) => !right.includes(each)).map((each) => `only ${name}: ${each}`);

describe(`drift check (DRIFT_SEED=${SEED})`, function () {
  this.timeout(240_000);
  let hub: Hub;
  let project: Project;
  const objects = allObjects();
  const random = randomFrom(SEED);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

  before(async () => {
    hub = await startHub();
    const administrator = { organization: GLOBEX, user: PIPELINE, role: "admin" } as const;
    hub.store.tables.memberships.put(memberKey(GLOBEX, PIPELINE), administrator);
    for (const each of objects) each.begin(hub.store, actorNamed(PIPELINE));
    project = await createProject({
      name: "drift",
      program: {
        "index.js": PROGRAM,
        "declared.json": JSON.stringify(
          objects.map(({ type, name, args, secret }) => ({ type, name, args, secret })),
        ),
      },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    await project.up({ parallel: 32 });
  });

  after(async () => {
    await project?.dispose();
    await hub?.close();
  });

  /** Runs the command, and checks that it only reads. */
  async function drift(...options: string[]): Promise<DriftReport> {
    const before = { state: await stateFile(), hub: contents(), requests: hub.store.requests.length };
    const { stdout, code } = await new Promise<{ stdout: string; code: unknown }>((resolve) => {
      const args = [CLI, "drift", "--format", "json", "--stack", project.stack, ...options];
      execFile(
        process.execPath,
        args,
        { cwd: project.dir, env: project.env, maxBuffer: 2 ** 28 },
        (error, stdout, stderr) => resolve({ stdout: stdout || stderr, code: error?.code ?? 0 }),
      );
    });
    const asked = hub.store.requests.slice(before.requests);
    assert.deepEqual(
      asked.filter(({ method }) => method !== "GET"),
      [],
    );
    assert.equal(await stateFile(), before.state);
    assert.equal(contents(), before.hub);
    let report: DriftReport;
    try {
      report = JSON.parse(stdout) as DriftReport;
    } catch {
      throw new Error(`exit code ${String(code)}: ${stdout}`);
    }
    return report;
  }

  function stateFile(): Promise<string> {
    const file = `.pulumi/backend/.pulumi/stacks/${project.name}/${project.stack}.json`;
    return readFile(join(project.dir, file), "utf8");
  }

  /** Everything on the Hub except the audit log, because each export adds an event. */
  function contents(): string {
    // Each request changes the time of the last use of its token.
    return [...hub.store.snapshot()]
      .filter(([table]) => table !== "auditEvents")
      .map((each) =>
        JSON.stringify(each, (key, value: unknown) => (key === "lastUsedAt" ? undefined : value)),
      )
      .join("\n");
  }

  async function known(): Promise<Map<string, Known>> {
    const { deployment } = await project.state({ showSecrets: true });
    return new Map(
      (deployment.resources ?? [])
        .filter(({ type }) => type.includes("dynamic/huggingface:"))
        .map(({ urn, id = "", outputs = {} }) => [urn.slice(urn.indexOf("huggingface:")), { id, outputs }]),
    );
  }

  /** Changes a random half of the objects by hand. */
  function change(stored: ReadonlyMap<string, Known>): number {
    let changes = 0;
    for (const { type, name, hand, ends } of objects) {
      const own = stored.get(`huggingface:${type}::${name}`);
      if (random() < 0.5 || !own) continue;
      for (let times = random() < 0.3 ? 2 : 1; times > 0; times--) {
        pick(ends && random() < 0.06 ? ends : hand)(
          hub.store,
          actorNamed(pick(["eve", "wim-write", "a-deleted-person"])),
          own,
        );
        changes += 1;
      }
    }
    return changes;
  }

  const essence = ({ urn, property, category, up, applied, onHub, why, events }: Drift): string =>
    JSON.stringify([
      urn.slice(urn.indexOf("huggingface:")),
      ...[property, category, up, applied, onHub, why ?? ""],
      events.map(({ id }) => id),
    ]);

  /** Checks that both reports agree about everything that both could compare. */
  function compared(direct: DriftReport, engine: DriftReport): void {
    const unknown = new Set(
      [...direct.notCompared, ...engine.notCompared].map(
        ({ urn, message }) => `${urn} ${message.split(" ")[0] ?? ""}`,
      ),
    );
    assert.ok(unknown.size <= 20, `${unknown.size} properties were not compared`);
    const undecided = new Set(
      [...direct.drifts, ...engine.drifts].flatMap(({ urn, property, up }) =>
        up === "unknown" ? [`${urn} ${property}`] : [],
      ),
    );
    assert.ok(undecided.size <= 10, `${undecided.size} decisions are not known`);
    const [one, other] = [direct, engine].map((report) => [
      ...report.drifts
        .filter(
          ({ urn, property }) => !unknown.has(`${urn} ${property}`) && !undecided.has(`${urn} ${property}`),
        )
        .map(essence),
      ...report.failures.map(({ urn, message }) => `could not be read: ${urn} ${message}`),
      ...report.due.map(({ urn }) => `due: ${urn}`),
    ]) as [string[], string[]];
    const differences = [...only(one, other, "direct"), ...only(other, one, "engine")].sort();
    if (differences.length > 0) assert.fail(differences.slice(0, 20).join("\n"));
    assert.equal(one.length, other.length);
  }

  /** Checks that the engine plans what the report foretells. */
  async function foretold({ drifts }: DriftReport): Promise<void> {
    const { events, diagnostics } = await project.preview({ refresh: true, parallel: 32 });
    const planned = events.flatMap(({ resourcePreEvent: event }) =>
      event ? [(event as { metadata: Pick<Step, "op" | "urn"> }).metadata] : [],
    );
    const plans = new Map(planned.filter(({ op }) => op !== "refresh").map(({ op, urn }) => [urn, op]));
    const warnings = diagnostics
      .map(({ message }) => message)
      .filter((each) => each.includes("will refuse this"));
    const isRight = ({ up, onHub, why = "" }: Drift, plan: string): boolean => {
      if (onHub === "replaced") return plan === "update";
      if (up === "refuses") return plan === "update" && warnings.some((each) => each.includes(why));
      if (up === "reverts") return plan === "update";
      return up === "leaves" ? plan === "same" : up === "unknown";
    };
    const wrong = drifts
      // A violation that stays changes the argument of this resource in the stack.
      .filter((each) => each.type !== "OrganizationVisibility" || each.up !== "leaves")
      .filter((each) => !isRight(each, plans.get(each.urn) ?? "none"))
      .map((each) => `${plans.get(each.urn) ?? "none"}: ${essence(each)}`);
    const explained = new Set(drifts.map(({ urn }) => urn));
    const others = [...plans].filter(
      // The child of a token changes with the token.
      ([urn, plan]) => plan !== "same" && !explained.has(urn) && !urn.includes("HubTokenPredecessors"),
    );
    wrong.push(...others.map(([urn, plan]) => `${plan}, and no drift: ${urn}`));
    if (wrong.length > 0) assert.fail(wrong.slice(0, 20).join("\n"));
  }

  it("finds nothing after an up", async () => {
    const [direct, engine] = [await drift(), await drift("--engine")];
    compared(direct, engine);
    assert.deepEqual(
      direct.drifts.filter(({ type }) => type !== "OrganizationVisibility"),
      [],
    );
    assert.equal(direct.resources, engine.resources);
  });

  it("finds the same with direct reads and by the engine", async () => {
    const stored = await known();
    let [changes, findings] = [0, 0];
    for (let round = 1; round <= ROUNDS; round++) {
      changes += change(stored);
      const direct = await drift();
      const engine = await drift("--engine");
      compared(direct, engine);
      findings += direct.drifts.length;
      if (round > 1 && round < ROUNDS) continue;
      const open = await drift("--show-secrets");
      compared(open, engine);
      assert.deepEqual(open.notCompared, []);
      await foretold(open);
    }
    // Otherwise the changes by hand would have no effect.
    assert.ok(findings > changes, `${changes} changes by hand, ${findings} findings`);
  });

  it("reports against what was applied, also after a refresh", async () => {
    const lines = ({ drifts }: DriftReport): string[] =>
      drifts
        // The state does not keep the applied names of tokens and resource groups.
        .filter(({ property }) => property !== "name" && property !== "description")
        .map(({ urn, property, category, applied, onHub, events }) =>
          JSON.stringify([
            urn.slice(urn.indexOf("huggingface:")),
            property,
            category,
            applied,
            onHub,
            events[0]?.id,
          ]),
        )
        .sort();
    const first = await drift("--show-secrets");
    await project.refresh({ parallel: 32 });
    const report = await drift("--show-secrets");
    // A violation is left out while the RepoVisibility of the same repository reports it.
    const repeated = new Set(
      first.drifts.filter(({ type }) => type === "RepoVisibility").map(({ id }) => `repository ${id}`),
    );
    const [before = [], after = []] = [first, report].map((each) =>
      lines({ ...each, drifts: each.drifts.filter(({ property }) => !repeated.has(property)) }),
    );
    assert.deepEqual(only(after, before, "after"), []);
    // The stack no longer has what the program declares about an object that another one has replaced.
    const forgotten = report.notCompared.map(({ urn }) => urn.slice(urn.indexOf("huggingface:")));
    const lost = only(before, after, "before").filter(
      (line) => !forgotten.some((urn) => line.includes(`"${urn}"`)),
    );
    assert.deepEqual(lost, []);

    // Without the secrets, the check names the same properties, or says that it could not compare them.
    const sealed = await drift();
    const named = new Set(
      [...sealed.drifts, ...sealed.notCompared].map(({ urn, ...each }) =>
        "property" in each ? `${urn} ${each.property}` : urn,
      ),
    );
    const missed = report.drifts.filter(
      ({ urn, property }) =>
        !["name", "description"].includes(property) && !named.has(`${urn} ${property}`) && !named.has(urn),
    );
    assert.deepEqual(
      missed.map(({ urn, property }) => `${urn.slice(urn.indexOf("huggingface:"))} ${property}`),
      [],
    );
  });
});
