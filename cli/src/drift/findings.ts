// Which properties differ between the Hub and what the program last applied.
import {
  DRIFTED_KEY,
  type AnyDefinition,
  type AnyDriftRules,
  defaultsOf,
  definitionOf,
  driftRulesOf,
  type Finding,
  isSealed,
  type Order,
  type Properties,
  sameData,
  sameName,
  SEALED,
  withoutKeys,
} from "pulumi-huggingface/core";
import { type Found, type Observation } from "./observation";
import { type Recorded } from "./stack";

/** Something that cannot be compared. */
export interface NotCompared {
  resource: Recorded;
  /** Why, and what to do. */
  message: string;
}

/** The result of a comparison of one resource. */
export interface Compared {
  findings: Finding[];
  notCompared: NotCompared[];
}

/** What the object itself is called in a finding. */
export const OBJECT = "status";

/** The status of another object with the same name. */
export const REPLACED = "replaced";

const FORGOTTEN =
  "The values were not compared: an earlier refresh found another object with this name, and only the program still has the declared values. " +
  "Run `pulumi preview --refresh` to compare them.";

/** Arguments that are about the resource, not about the object on the Hub. */
const NOT_ON_HUB = ["owner"];

/** Compares a resource that was read with what was last applied. */
export function compare({ resource, before, found, failure }: Observation): Compared {
  if (failure !== undefined) return { findings: [], notCompared: [] };
  const definition = definitionOf(resource.type);
  const rules = driftRulesOf(resource.type);
  if (!found) return { findings: [gone("missing", rules)], notCompared: [] };
  const state = before ?? {};
  const status = statusOf(found, rules);
  // Nothing else about an object matters if it is gone.
  if (status) return { findings: [status], notCompared: [] };
  const notCompared: NotCompared[] = state["unreported"] === true ? [{ resource, message: FORGOTTEN }] : [];
  const declared = appliedArguments(resource, state);
  const onHub = argumentsIn(definition, found.inputs);
  const others = rules.findings?.(state, found.state) ?? [];
  const recorded = withoutKeys(
    recordedIn(resource),
    others.map(({ property }) => property),
  ) as Record<string, Order>;
  const inStack = argumentsIn(definition, resource.inputs);
  const stored = Object.entries(recorded).flatMap(([property, order]): Finding[] => {
    // guard: drift-stored-still
    const isStill = sameData(onHub[property], inStack[property]);
    if (!isStill) notCompared.push({ resource, message: encryptedText(property) });
    return isStill ? [{ property, applied: SEALED, onHub: onHub[property], order, isRecorded: true }] : [];
  });
  const findings = Object.keys(definition.schema.properties).flatMap((property): Finding[] => {
    const [applied, now] = [declared[property], onHub[property]];
    const isApart = NOT_ON_HUB.includes(property) || rules.apart?.includes(property) || property in recorded;
    if (isApart || same(property, applied, now)) return [];
    const isEncrypted = isSealed(applied) || isSealed(now) || rules.isUnknown?.(property, state) === true;
    if (isEncrypted) {
      // The same encrypted value is equal to itself, see above.
      // guard: drift-not-compared
      notCompared.push({ resource, message: encryptedText(property) });
      return [];
    }
    return [{ property, applied, onHub: now, order: rules.order?.(property, applied, now) ?? "different" }];
  });
  return { findings: [...replacement(found), ...stored, ...findings, ...others], notCompared };
}

/** The differences that a refresh has stored, if what was applied before is encrypted. */
function recordedIn({ outputs }: Recorded): Record<string, Order> {
  // guard: drift-stored
  return isSealed(outputs["applied"]) ? ((outputs[DRIFTED_KEY] ?? {}) as Record<string, Order>) : {};
}

function encryptedText(property: string): string {
  return `${property} differs or not: the stack has it only encrypted. Run the check with --show-secrets, and without --engine, to compare it.`;
}

/** A finding if another object has the name now, even if it has the same values. */
function replacement({ state }: Found): Finding[] {
  if (state["unreported"] !== true) return [];
  return [{ property: OBJECT, applied: "active", onHub: REPLACED, order: "different" }];
}

/** The arguments that the resource last applied. A refresh may have replaced them in the stack. */
export function appliedArguments({ type, inputs }: Recorded, state: Properties): Properties {
  const definition = definitionOf(type);
  const kept = Object.entries(driftRulesOf(type).applied?.(state) ?? {});
  // guard: drift-applied
  const applied = kept.filter(([, value]) => value !== undefined);
  return argumentsIn(definition, { ...inputs, ...Object.fromEntries(applied) });
}

function argumentsIn(definition: AnyDefinition, values: Properties): Properties {
  const defaults = defaultsOf(definition.schema);
  const all: Properties = {};
  for (const name of Object.keys(definition.schema.properties)) all[name] = values[name] ?? defaults[name];
  return all;
}

function same(property: string, applied: unknown, onHub: unknown): boolean {
  return property === "organization" ? sameName(applied, onHub) : sameData(applied, onHub);
}

/** A finding if the state says that the object, or its value, is no longer in use. */
function statusOf({ state }: Found, rules: AnyDriftRules): Finding | undefined {
  const { status, missing } = state;
  const isGone = rules.isGone?.(state) ?? ["missing", "revoked", "expired"].includes(String(status));
  if (!isGone && missing !== true) return undefined;
  return gone(typeof status === "string" ? status : "missing", rules);
}

function gone(onHub: string, rules: AnyDriftRules): Finding {
  const order = rules.order?.(OBJECT, "active", onHub);
  return { property: OBJECT, applied: "active", onHub, order: order === "tighter" ? "tighter" : "different" };
}
