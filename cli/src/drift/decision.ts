// What `pulumi up --refresh` would do about a difference, by the same decision as in a preview.
import {
  changedProperties,
  definitionOf,
  driftRulesOf,
  type Finding,
  messageOf,
  type Properties,
  type Run,
} from "pulumi-huggingface/core";
import { appliedArguments } from "./findings";
import { type Found, type Observation } from "./observation";

/** What `pulumi up --refresh` would do about a finding. */
export interface Decision {
  /**
   * `reverts`: it sends the applied value again. `refuses`: it sends nothing for this property and fails. `leaves`: it sends nothing.
   * `unknown`: it cannot be known without the engine.
   */
  up: "reverts" | "refuses" | "leaves" | "unknown";
  /** Why, and what to do. */
  why?: string | undefined;
}

/** What an update would do about the resource as a whole. */
interface Foretold {
  changes: boolean;
  refusal: string | undefined;
  warnings: string[];
  failure?: string;
}

/** Foretells what an update does about each finding of a resource. */
export function decisionsOf(observation: Observation, run: Run): (finding: Finding) => Decision {
  const { found, resource, before } = observation;
  if (!found)
    return () => ({
      up: "leaves",
      why: "It no longer exists on the Hub, so the resource would be created again.",
    });
  const foretold = foretell(found, appliedArguments(resource, before ?? {}), observation, run);
  const rules = driftRulesOf(resource.type);
  return (finding) => {
    const why = rules.leaves?.(finding, found.state);
    return why === undefined ? decisionFor(finding, foretold) : { up: "leaves", why };
  };
}

function decisionFor({ order }: Finding, { changes, refusal, warnings, failure }: Foretold): Decision {
  if (failure !== undefined) return { up: "unknown", why: failure };
  // What is looser is tightened even if the rest is refused.
  if (refusal !== undefined && order !== "looser") return { up: "refuses", why: refusal };
  if (changes) return { up: "reverts" };
  return { up: "leaves", why: warnings.join(" ") || undefined };
}

function foretell(found: Found, declared: Properties, { resource }: Observation, run: Run): Foretold {
  const definition = definitionOf(resource.type);
  const warnings: string[] = [];
  const context = run.pureContext(definition, declared);
  context.log = { info: () => undefined, warn: (message) => warnings.push(message) };
  const { state } = found;
  try {
    const changed = changedProperties(definition, state, declared);
    const result = definition.diff?.(state, declared, changed, context) ?? {
      changes: changed.length > 0,
      refusal: undefined,
    };
    return { changes: result.changes, refusal: result.refusal, warnings };
  } catch (error) {
    return { changes: false, refusal: undefined, warnings, failure: messageOf(error) };
  }
}

/** What is due by the clock, which is not drift. */
export function dueOf({ resource, found }: Observation, run: Run): string | undefined {
  if (!found) return undefined;
  return driftRulesOf(resource.type).due?.(
    found.state,
    run.pureContext(definitionOf(resource.type), found.inputs),
  );
}
