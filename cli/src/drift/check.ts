// A drift check: read, compare, ask the audit log, decide.
import { driftRulesOf, type Finding, type Properties, type Run } from "pulumi-huggingface/core";
import { type Answer, authorsOf, type Question } from "./authors";
import { decisionsOf, dueOf } from "./decision";
import { compare } from "./findings";
import { type Observation } from "./observation";
import { prepare } from "./prepare";
import { checkedOf, type Drift, driftOf, type DriftReport, remarkOf, sorted } from "./report";
import { type Recorded, type Stack } from "./stack";

/** How a check reads from the Hub, and what it tells meanwhile. */
export interface CheckOptions {
  observe: (resources: readonly Recorded[]) => Promise<Observation[]>;
  runOf: (resource: Recorded) => Run;
  /** The command that runs `pulumi up` on this stack. */
  command: string;
  /** Called for each entry of an audit log that is read. */
  onEntry: () => void;
}

interface Difference {
  observation: Observation;
  finding: Finding;
}

/** Compares everything in a stack with the Hub. It changes nothing. */
export async function checkDrift(
  { resources, updatedAt }: Stack,
  { observe, runOf, command, onEntry }: CheckOptions,
): Promise<DriftReport> {
  prepare(resources, runOf);
  const observations = await observe(resources);
  const compared = observations.map((observation) => ({ observation, ...compare(observation) }));
  const differences = withoutRepetitions(
    compared.flatMap(({ observation, findings }) => findings.map((finding) => ({ observation, finding }))),
  );
  const answers = await ask(differences, { updatedAt, runOf, onEntry });
  const decide = decider(runOf);
  const drifts = differences.map(({ observation, finding }, index): Drift =>
    driftOf(observation.resource, finding, answers[index] as Answer, decide(observation, finding), command),
  );
  return {
    checkedAt: new Date().toISOString(),
    resources: resources.length,
    checked: resources.map(checkedOf),
    drifts: sorted(drifts),
    due: observations.flatMap((each) => {
      const due = dueOf(each, runOf(each.resource));
      return due === undefined ? [] : [remarkOf(each.resource, due)];
    }),
    notCompared: compared.flatMap(({ notCompared }) =>
      notCompared.map(({ resource, message }) => remarkOf(resource, message)),
    ),
    failures: observations.flatMap(({ resource, failure }) =>
      failure === undefined ? [] : [remarkOf(resource, failure)],
    ),
  };
}

/** Leaves out the violations of an OrganizationVisibility that a RepoVisibility of the stack also finds. */
function withoutRepetitions(differences: readonly Difference[]): Difference[] {
  const found = new Set(
    differences.map(
      ({ observation: { resource }, finding }) => `${finding.property} ${resource.type} ${resource.id}`,
    ),
  );
  // The id of a RepoVisibility is the same address as in the property of a violation.
  return differences.filter(({ observation: { resource }, finding: { property } }) => {
    const [, repo] = /^repository (.+)$/.exec(property) ?? [];
    const isViolation = resource.type === "OrganizationVisibility" && repo !== undefined;
    return !isViolation || !found.has(`visibility RepoVisibility ${repo}`);
  });
}

/** One decision for each resource. */
function decider(runOf: CheckOptions["runOf"]) {
  const known = new Map<Observation, ReturnType<typeof decisionsOf>>();
  return (observation: Observation, finding: Finding) => {
    const decision = known.get(observation) ?? decisionsOf(observation, runOf(observation.resource));
    known.set(observation, decision);
    return decision(finding);
  };
}

async function ask(
  differences: readonly Difference[],
  { updatedAt, runOf, onEntry }: Pick<CheckOptions, "runOf" | "onEntry"> & { updatedAt: string | undefined },
): Promise<Answer[]> {
  const runs = new Map<string, Run>();
  const questions = differences.map(({ observation, finding }): Question => {
    const { resource, found, before } = observation;
    const rules = driftRulesOf(resource.type);
    const state = found?.state ?? before ?? resource.outputs;
    // Only organizations have an audit log. A user's own token belongs to none.
    const organization = rules.organization?.(state) ?? textIn(state, "organization") ?? "";
    runs.set(organization, runs.get(organization) ?? runOf(resource));
    return {
      organization,
      patterns: organization === "" ? [] : (rules.events?.(finding, state) ?? []),
      ...periodOf(observation, finding, updatedAt),
    };
  });
  return authorsOf(questions, (organization) => (runs.get(organization) as Run).client, onEntry);
}

/** When the change can have happened. */
function periodOf(
  { resource, before }: Observation,
  { since, property }: Finding,
  updatedAt: string | undefined,
): Pick<Question, "since" | "onlyLast"> {
  const { inputs, outputs, created, modified } = resource;
  const applied = since ?? textIn(outputs, "appliedAt") ?? textIn(outputs, "checkedAt");
  if (applied !== undefined) return { since: applied };
  const recorded = before ? compare({ resource, before, found: { inputs, state: before } }).findings : [];
  // A refresh has recorded the change, so it is older. An event of the program itself would be older still.
  // guard: drift-recorded
  if (recorded.some((each) => each.property === property)) return { since: created, onlyLast: true };
  return { since: modified ?? updatedAt };
}

function textIn(values: Properties, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
