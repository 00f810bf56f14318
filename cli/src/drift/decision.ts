// What `pulumi up --refresh` would do about a difference, by the same decision as in a preview.
import {
  changedProperties,
  definitionOf,
  driftRulesOf,
  type Finding,
  messageOf,
  type Properties,
  type PureContext,
  type Run,
  UNFINISHED_KEY,
} from "pulumi-huggingface/core";
import { appliedArguments, REPLACED } from "./findings";
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
  const declared = appliedArguments(resource, before ?? {});
  const context = run.pureContext(definitionOf(resource.type), declared);
  const foretold = foretell(found, declared, observation, context);
  const rules = driftRulesOf(resource.type);
  const isUnknown = Object.keys(declared).some((property) => rules.isUnknown?.(property, before ?? {}));
  return (finding) => {
    const why = rules.leaves?.(finding, found.state, context);
    if (why !== undefined) return { up: "leaves", why };
    if (finding.isRecorded)
      return finding.order === "looser" ? { up: "reverts" } : { up: "unknown", why: ENCRYPTED };
    // What is looser is tightened, whatever the encrypted part says.
    return isUnknown && finding.order !== "looser"
      ? { up: "unknown", why: ENCRYPTED }
      : decisionFor(finding, foretold);
  };
}

const ENCRYPTED = "It depends on a part of the state that is encrypted. Add --show-secrets to know it.";

const TAKES_OVER = "It is another object with the same name. An update takes it over and loosens nothing.";

function decisionFor({ order, onHub }: Finding, { changes, refusal, warnings, failure }: Foretold): Decision {
  if (failure !== undefined) return { up: "unknown", why: failure };
  // What is looser is tightened even if the rest is refused.
  if (refusal !== undefined && order !== "looser") return { up: "refuses", why: refusal };
  if (onHub === REPLACED) return { up: "leaves", why: TAKES_OVER };
  if (changes) return { up: "reverts" };
  return { up: "leaves", why: warnings.join(" ") || undefined };
}

function foretell(
  found: Found,
  declared: Properties,
  { resource }: Observation,
  context: PureContext,
): Foretold {
  const definition = definitionOf(resource.type);
  const warnings: string[] = [];
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

/** What is due for a resource, which is not drift: an unfinished update, or something that is due by the clock. */
export function dueOf({ resource, found }: Observation, run: Run): string | undefined {
  if (resource.outputs[UNFINISHED_KEY] === true) {
    return "the last update did not finish. Run `pulumi up` or `pulumi refresh` to finish it";
  }
  if (!found) return undefined;
  return driftRulesOf(resource.type).due?.(
    found.state,
    run.pureContext(definitionOf(resource.type), found.inputs),
  );
}
