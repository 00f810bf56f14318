// Measures the drift check of a whole organization through one resource, and of a resource group with many members.
import { type Bench } from "./context";
import { ratios } from "./figures";
import { type BenchHub, startHub } from "./hub";
import { type Fleet } from "./programs";
import { seedOf } from "./refresh";
import { type BenchStack, makeStack } from "./stacks";

const LATENCY_MS = 50;
const GATE = ["preview", "--refresh", "--expect-no-changes"];

/** Goals: 5,000 repositories through `OrganizationVisibility`, and 500 members of one `ResourceGroup`. */
export async function organization(bench: Bench): Promise<void> {
  const fleet: Fleet = {
    organization: "fleet",
    repositories: bench.quick ? 100 : 5000,
    accounts: 0,
    tokensPerAccount: 0,
    sso: false,
    members: bench.quick ? 20 : 500,
  };
  const hub = await startHub({
    seed: { ...seedOf(fleet, "private"), ...peopleOf(fleet) },
    latencyMs: LATENCY_MS,
  });
  const stacks: BenchStack[] = [];
  const stackOf = async (form: Parameters<typeof makeStack>[0], of: Fleet = fleet): Promise<BenchStack> => {
    const stack = await makeStack(form, of, hub);
    stacks.push(stack);
    bench.say(`organization: filling the stack "${form}"`);
    await stack.fill();
    return stack;
  };
  try {
    await visibility(bench, hub, fleet, stackOf);
    const group = await stackOf("group");
    await hub.traffic();
    await group.pulumi(GATE);
    const { requests } = await hub.traffic();
    bench.add(`resource group of ${fleet.members} members: requests`, [requests], "", {
      relation: "<=",
      value: 3,
    });
  } finally {
    for (const stack of stacks) await stack.dispose();
    await hub.stop();
  }
}

async function visibility(
  bench: Bench,
  hub: BenchHub,
  fleet: Fleet,
  stackOf: (form: Parameters<typeof makeStack>[0], of?: Fleet) => Promise<BenchStack>,
): Promise<void> {
  const forms = {
    empty: await stackOf("empty"),
    // One resource that does nothing.
    floor: await stackOf("floor", { ...fleet, repositories: 1 }),
    organization: await stackOf("organization"),
    ours: await stackOf("ours"),
  };
  const seconds = { empty: [], floor: [], organization: [], ours: [] } as Record<
    keyof typeof forms,
    number[]
  >;
  const requests: number[] = [];
  await hub.traffic();
  for (let i = 0; i < bench.runs; i += 1) {
    // The form with one resource for each repository runs once: no goal depends on it.
    for (const form of ["empty", "floor", "organization", ...(i === 0 ? ["ours" as const] : [])] as const) {
      const result = await forms[form].pulumi(GATE);
      seconds[form].push(result.seconds);
      const traffic = await hub.traffic();
      if (form === "organization") requests.push(traffic.requests);
      bench.say(
        `organization ${i + 1}: ${form} ${result.seconds.toFixed(2)} s, ${traffic.requests} requests`,
      );
    }
  }
  const name = `drift check of ${fleet.repositories} repositories through OrganizationVisibility`;
  bench.add(`${name}: requests`, requests, "", { relation: "<=", value: 10 });
  // An empty stack starts no process for dynamic resources, so the floor shows what this library adds.
  bench.add(`${name}: time / that of an empty stack`, ratios(seconds.organization, seconds.empty), "×");
  bench.add(
    "one resource that does nothing: time / that of an empty stack",
    ratios(seconds.floor, seconds.empty),
    "×",
  );
  bench.add(
    `${name}: time / that of one resource that does nothing`,
    ratios(seconds.organization, seconds.floor),
    "×",
    {
      relation: "<=",
      value: 1.25,
    },
  );
  bench.add(
    `${name}: time / that of one resource per repository`,
    ratios(seconds.organization.slice(0, 1), seconds.ours),
    "×",
  );
  bench.add(`${name}: time`, seconds.organization, "s");
  const state = (await forms.organization.stateText()).length;
  bench.add("OrganizationVisibility: state of the whole stack", [state / 1000], "kB", {
    relation: "<=",
    value: 20,
  });
}

function peopleOf({ organization: name, members = 0 }: Fleet): object {
  const people = Array.from({ length: members }, (_, index) => ({
    user: `member-${String(index).padStart(4, "0")}`,
    role: "read",
  }));
  return {
    organizations: [{ name, plan: "enterprise", members: [{ user: "ada-admin", role: "admin" }, ...people] }],
  };
}
