// Encrypted parts of a state. Most of them repeat arguments, or are not needed for a comparison.
import {
  type AnyDefinition,
  definitionOf,
  driftRulesOf,
  fingerprint,
  isSealed,
  type LifecycleContext,
  notState,
  type Properties,
  readState,
  type ResourceType,
  SEALED,
  withoutKeys,
} from "pulumi-huggingface/core";
import { type Recorded } from "./stack";

/** Arguments with a reason that a person gives. */
const REASONS = ["acknowledgePublic", "acknowledgeOverwrite", "rotationTriggers"];

/**
 * A state of a resource in the form that its lifecycle reads, completed where it is encrypted.
 *
 * @param outputs - the outputs in the stack or in an event of the engine
 * @throws LifecycleError if it is damaged, or if an encrypted part is needed to read it
 */
export async function readableState(
  { type, id }: Pick<Recorded, "type" | "id">,
  outputs: Properties,
  context: LifecycleContext,
): Promise<Properties> {
  const definition = definitionOf(type);
  const kept = withoutKeys(outputs, notState);
  const sealed = Object.keys(definition.schema.properties).filter((name) => isSealed(kept[name]));
  const addressed = { ...kept, ...addressIn(id, definition, sealed) };
  const complete = (await driftRulesOf(type).unseal?.(addressed, context)) ?? addressed;
  const heard = withSealedReasons(complete, sealed);
  const state = readWithout(sealed, { ...complete, ...heard }, addressed, definition);
  const lost = definition.replaceOn.filter((name) => isSealed(state[name]));
  // The address of the object. A request with anything else would find nothing.
  if (lost.length > 0) throw encrypted(lost);
  return state;
}

function readWithout(
  sealed: readonly string[],
  state: Properties,
  addressed: Properties,
  definition: AnyDefinition,
): Properties {
  try {
    return readState(definition, state);
  } catch (error) {
    if (sealed.length === 0) throw error;
    // An argument with few possible values cannot be replaced by a text. Most definitions can read without it.
    const left = sealed.filter((name) => isSealed(addressed[name]));
    try {
      return readState(definition, withoutKeys(state, left));
    } catch {
      throw encrypted(left);
    }
  }
}

function encrypted(names: readonly string[]): Error {
  return new Error(
    `The stack has ${names.join(", ")} only encrypted, and it is needed to compare this resource. Add --show-secrets, or use --engine.`,
  );
}

/** Encrypted arguments that the id of the resource also says. */
function addressIn(id: string, { type, imports }: AnyDefinition, sealed: readonly string[]): Properties {
  if (sealed.length === 0) return {};
  const parts =
    typeof imports === "string" ? driftRulesOf(type as ResourceType).address?.(id) : imports.parseId(id);
  const named = typeof parts === "string" ? { organization: parts } : ((parts ?? {}) as Properties);
  return Object.fromEntries(Object.entries(named).filter(([name]) => sealed.includes(name)));
}

/** A recorded reason is not new, so it does not count as one, even if it is encrypted. */
function withSealedReasons({ heard }: Properties, sealed: readonly string[]): Properties {
  const { seen } = (heard ?? {}) as { seen?: string[] };
  if (!seen || !sealed.some((name) => REASONS.includes(name))) return {};
  return { heard: { ...(heard as object), seen: [...seen, fingerprint(SEALED)] } };
}
