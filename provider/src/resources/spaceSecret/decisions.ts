// Which value a secret may have, although the Hub shows only when it was set.
import { type HubValue } from "../../rules/managedValue";
import { type SpaceSecretState } from "./model";

/** What is kept of a secret that was sent without a response, and what the Hub may have then. */
export const SENT = "sent without a response";

/** What the Hub shows of a secret. */
interface Shown {
  updatedAt?: string;
  description?: string;
}

/**
 * The value that the Hub has, as far as the state knows it: the hash that was applied, or a text that equals no hash.
 *
 * @param info - absent if the Space has no such secret
 * @param identity - the Hub's id of the Space
 */
export function valueSeen(
  info: Shown | undefined,
  identity: string | undefined,
  kept: SpaceSecretState | undefined,
): Pick<HubValue, "value" | "outputs"> {
  const set = { setAt: kept?.setAt, setDescription: kept?.setDescription };
  if (!info) return { value: null, outputs: set };
  const { updatedAt } = info;
  const isSameSpace = kept && !kept.gone && (kept.identity ?? identity) === identity;
  if (isSameSpace && kept.applied !== undefined && isUnchanged(info, kept)) {
    return { value: kept.applied, outputs: { ...set, setAt: kept.setAt ?? updatedAt } };
  }
  // The response of the last write was lost, and the secret was set since then. It is sent again.
  if (isSameSpace && kept.tried !== undefined)
    return { value: kept.tried, outputs: { ...set, setAt: updatedAt } };
  const value = `set at ${updatedAt ?? "an unknown time"}`;
  // A lookup has set nothing, so nothing can have changed.
  const isManaged = kept?.applied !== undefined || kept?.tried !== undefined || kept?.setAt !== undefined;
  return { value, outputs: { ...set, ...(isManaged && { status: "changed" }) } };
}

function isUnchanged(
  { updatedAt, description = "" }: Shown,
  { setAt, setDescription, seen, applied }: SpaceSecretState,
): boolean {
  // guard: secret-changed
  if (updatedAt !== undefined && setAt !== undefined) return Date.parse(updatedAt) === Date.parse(setAt);
  // Without times, a secret is known to be changed if its description is, or if it was missing at the last look.
  // guard: secret-described
  const isDescribed = setDescription === undefined || setDescription === description;
  return isDescribed && (seen === undefined || seen.value === applied);
}
