// Which value a secret may have, although the Hub shows only when it was set.
import { type HubValue } from "../../rules/managedValue";
import { type SpaceSecretState } from "./model";

/** What is kept of a secret that was sent without a response, and what the Hub may have then. */
export const SENT = "sent without a response";

/** What the Hub shows of a secret. */
interface Shown {
  updatedAt?: string;
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
  if (!info) return { value: null, outputs: { setAt: kept?.setAt } };
  const { updatedAt } = info;
  const isSameSpace = kept && !kept.gone && (kept.identity ?? identity) === identity;
  if (isSameSpace && kept.applied !== undefined && isUnchanged(updatedAt, kept)) {
    return { value: kept.applied, outputs: { setAt: kept.setAt ?? updatedAt } };
  }
  // The response of the last write was lost, and the secret was set since then. It is sent again.
  if (isSameSpace && kept.tried !== undefined) return { value: kept.tried, outputs: { setAt: updatedAt } };
  const value = `set at ${updatedAt ?? "an unknown time"}`;
  return { value, outputs: kept ? { status: "changed", setAt: kept.setAt } : { setAt: undefined } };
}

function isUnchanged(updatedAt: string | undefined, { setAt, seen, applied }: SpaceSecretState): boolean {
  // guard: secret-changed
  if (updatedAt !== undefined && setAt !== undefined) return Date.parse(updatedAt) === Date.parse(setAt);
  // Without times, only a secret that was missing at the last look is known to be changed.
  return seen === undefined || seen.value === applied;
}
