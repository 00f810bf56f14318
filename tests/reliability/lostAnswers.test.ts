// Creations and rotations whose answer is lost, within one call and over interrupted runs.
import assert from "node:assert/strict";
import { HubClient } from "../../provider/src/client";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { splitMark } from "../../provider/src/rules/mark";
import { lifecycleContext, randomHex } from "../support/context";
import {
  type DeadEnds,
  faultNamed,
  FaultyWay,
  startDeadEnds,
  startFaultProxy,
  type FaultProxy,
} from "../support/faultProxy";
import { type Hub, startHub } from "../support/hub";
import { anyDefinition, type Declaration, Stack } from "../support/stack";

const OWNER = "0123abcd";
const HISTORIES = process.env["RELIABILITY"] === "full" ? 1000 : 60;

const LOST = "reset after the Hub carried out the request, before the answer";
const CUTS = [
  LOST,
  "reset before the Hub gets the request",
  "connection refused",
  "reset in the middle of the answer",
];

describe("lost answers", function () {
  this.timeout(1_800_000);
  let hub: Hub;
  let proxy: FaultProxy;
  let ends: DeadEnds;
  let account: string;
  let byHand: HubClient;
  let wave = "1";
  /** Whether the program asks to revoke strays that were never used. */
  let revokeStrays = false;
  /** The next operation's connection to the Hub, if it should have faults. */
  let bad: FaultyWay | undefined;

  before(async () => {
    ends = await startDeadEnds();
  });
  after(() => ends.close());
  beforeEach(async () => {
    hub = await startHub();
    proxy = await startFaultProxy(hub.endpoint);
    byHand = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
    await fresh();
  });
  afterEach(async () => {
    byHand.close();
    await proxy.close();
    await hub.close();
  });

  async function fresh(): Promise<Stack> {
    account = (await byHand.createServiceAccount("acme", { name: "ci" }))._id;
    wave = "1";
    revokeStrays = false;
    bad = undefined;
    const settings = () => ({
      ...{ organization: "acme", serviceAccount: account, owner: OWNER },
      ...{ overlapHours: 0, idleMinutes: 0, revokeStrays },
    });
    const program: Declaration[] = [
      {
        name: "token",
        definition: anyDefinition(hubTokenDefinition),
        args: () => ({ ...settings(), name: "ci", permissions: ["org.read"], rotationTriggers: { wave } }),
      },
      {
        name: "predecessors",
        definition: anyDefinition(hubTokenPredecessorsDefinition),
        args(outputs) {
          const { tokenId, predecessors } = outputs("token");
          return { ...settings(), tokenId, predecessors };
        },
      },
    ];
    return new Stack(program, () => {
      const client = new HubClient(
        { endpoint: proxy.endpoint, token: hub.tokens.admin, maxRetries: 0, timeoutSeconds: 20 },
        bad && { transport: bad },
      );
      return lifecycleContext(client, { now: new Date(), randomHex });
    });
  }

  /** Runs one operation whose n-th request meets a fault, or all from the n-th on. */
  async function under<T>(fault: string, at: number, lasting: boolean, work: () => Promise<T>): Promise<T> {
    bad = new FaultyWay(ends, { fault: faultNamed(fault), at, lasting });
    try {
      return await work();
    } finally {
      bad.close();
      bad = undefined;
    }
  }

  const live = () => hub.store.tokensOf(account);
  const ours = () => live().filter(({ displayName }) => splitMark(displayName).mark?.owner === OWNER);
  const current = (stack: Stack) => stack.outputs("token")["tokenId"] as string;
  /** The tokens that the last operation reported as strays, in a single line. */
  const reported = (stack: Stack) => {
    const lines = stack.said.filter(({ message }) => message.includes("this resource's mark"));
    assert.ok(lines.length <= 1, lines.map(({ message }) => message).join("\n"));
    for (const { severity } of lines) assert.equal(severity, "warning");
    return ours().filter(({ displayName }) => lines.some(({ message }) => message.includes(displayName)));
  };
  const idsOf = (tokens: { id: string }[]) => tokens.map(({ id }) => id).sort();

  it("finds a lost token by its exact name within one call, and revokes it before it issues another", async () => {
    const stack = await fresh();
    const from = hub.store.requests.length;
    const { errors } = await under(LOST, 0, false, () => stack.up());
    assert.deepEqual(errors, []);
    const asked = hub.store.requests
      .slice(from)
      .map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);
    const lost = hub.store.tokensOf(account, { deleted: true }).find(({ deletedAt }) => deletedAt);
    assert.deepEqual(asked.slice(0, 5), [
      "POST tokens",
      `GET ${account}`,
      `DELETE ${lost?.id}`,
      `GET ${account}`,
      "POST tokens",
    ]);
    assert.deepEqual(
      ours().map(({ id }) => id),
      [current(stack)],
    );
  });

  for (const revokes of [false, true]) {
    it(`reports a lost token after a crash ${revokes ? "once, and revokes it in the second run with revokeStrays" : "in each run"}`, async () => {
      const stack = await fresh();
      revokeStrays = revokes;
      // The answer is lost and the connection stays broken, so the run cannot look for the token or revoke it.
      const { errors } = await under(LOST, 0, true, () => stack.up());
      const [lost] = ours();
      assert.ok(lost);
      assert.ok(errors[0]?.error.message.includes(lost.displayName), errors[0]?.error.message);
      assert.equal(stack.kept.size, 0);

      for (let run = 1; run <= 3; run++) {
        assert.deepEqual((await stack.up({ refresh: run === 2 })).errors, []);
        const isLeft = run === 1 || !revokes;
        assert.deepEqual(idsOf(reported(stack)), isLeft ? [lost.id] : [], `run ${run}`);
        assert.deepEqual(idsOf(ours()), [current(stack), ...(isLeft ? [lost.id] : [])].sort());
      }
    });
  }

  for (const first of ["an up", "a refresh"]) {
    it(`reports a used stray in each run and never revokes it, if ${first} sees it first`, async () => {
      const stack = await fresh();
      revokeStrays = true;
      await under(LOST, 0, true, () => stack.up());
      const [lost] = ours();
      await stack.up();
      hub.store.markTokenUsed(lost!.id, new Date());
      for (let run = 0; run < 3; run++) {
        await stack.up({ refresh: (run % 2 === 0) === (first === "a refresh") });
        assert.deepEqual(idsOf(reported(stack)), [lost!.id]);
        assert.ok(live().some(({ id }) => id === lost!.id));
      }
    });
  }

  for (const fault of CUTS) {
    it(`keeps a live token in the state if a rotation is interrupted at any point by "${fault}"`, async () => {
      let points = 0;
      for (let at = 0; ; at++) {
        const stack = await fresh();
        await stack.up();
        wave = "2";
        bad = new FaultyWay(ends, { fault: faultNamed(fault), at, lasting: true });
        const { errors } = await stack.up();
        const { hits } = bad;
        bad.close();
        bad = undefined;
        const known = hub.store.findToken(stack.outputs("token")["token"] as string)?.token.id;
        assert.equal(known, current(stack), `interrupted at request ${at + 1}`);
        for (let run = 0; run < 3; run++)
          assert.deepEqual((await stack.up({ refresh: run === 0 })).errors, []);
        assert.deepEqual(idsOf(ours()), [current(stack), ...idsOf(reported(stack))].sort());
        if (hits === 0) {
          assert.deepEqual(errors, []);
          break;
        }
        points += 1;
      }
      assert.ok(points >= 3, `${points} points`);
    });
  }

  it(`never revokes a used or foreign token in ${HISTORIES} random histories, reports the rest, and leaves one own token with revokeStrays`, async () => {
    for (let history = 0; history < HISTORIES; history++) {
      const stack = await fresh();
      revokeStrays = history % 2 === 0;
      const untouchable = new Set<string>();
      const past: string[] = [];
      const plant = async (displayName: string) =>
        untouchable.add(
          (await byHand.createServiceAccountToken("acme", account, { displayName })).tokenInfo._id,
        );
      const holds = () => {
        const ids = new Set(live().map(({ id }) => id));
        for (const id of untouchable)
          assert.ok(ids.has(id), `revoked a used or foreign token: ${past.join(", ")}`);
        if (!stack.kept.has("token")) return;
        assert.equal(
          hub.store.findToken(stack.outputs("token")["token"] as string)?.token.id,
          current(stack),
          past.join(", "),
        );
      };
      const known = () => {
        const ids = new Set<string>();
        if (stack.kept.has("token")) ids.add(current(stack));
        for (const [name, list] of [
          ["token", "predecessors"],
          ["predecessors", "predecessors"],
          ["predecessors", "pending"],
        ] as const) {
          const entries = stack.kept.get(name)?.state[list] as { tokenId: string }[] | undefined;
          for (const { tokenId } of entries ?? []) ids.add(tokenId);
        }
        return ids;
      };
      await plant("made by hand");
      await plant(`ci [deadbeef-0001]`);
      for (let step = 0; step < 10; step++) {
        const dice = Math.random();
        if (dice < 0.5) {
          const fault = CUTS[Math.floor(Math.random() * CUTS.length)]!;
          const at = Math.floor(Math.random() * 6);
          const refresh = Math.random() < 0.5;
          past.push(`${refresh ? "up --refresh" : "up"} interrupted at request ${at + 1} by ${fault}`);
          await under(fault, at, Math.random() < 0.7, () => stack.up({ refresh }));
        } else if (dice < 0.65) {
          past.push("a rotation is due");
          wave = String(Number(wave) + 1);
        } else if (dice < 0.8) {
          const stray = ours().find(({ id }) => !known().has(id));
          if (stray) {
            past.push("someone uses a stray");
            hub.store.markTokenUsed(stray.id, new Date());
            untouchable.add(stray.id);
          }
        } else {
          past.push("up");
          assert.deepEqual((await stack.up()).errors, [], past.join(", "));
        }
        holds();
      }
      for (let run = 0; run < 3; run++) {
        assert.deepEqual((await stack.up({ refresh: run !== 1 })).errors, []);
        holds();
      }
      assert.deepEqual((await stack.up({ refresh: true })).steps, [], past.join(", "));
      const strays = idsOf(reported(stack));
      assert.deepEqual(idsOf(ours()), [current(stack), ...strays].sort(), past.join(", "));
      if (revokeStrays)
        assert.ok(
          strays.every((id) => untouchable.has(id)),
          past.join(", "),
        );
    }
  });
});
