import { type ServiceAccountInfo, type ServiceAccountToken } from "../../client";
import { type CheckFailure, LifecycleError, type PureContext } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { sameData, sameName } from "../../model/plain";
import { containsUnknown } from "../../model/unknown";
import { firstOf } from "../../model/words";
import { type Mark, splitMark } from "../../rules/mark";
import { type ServiceAccountInputs, type ServiceAccountState } from "./model";

/** Refuses what would end the account's tokens, unless the program allows it. */
export function replacementFailures(
  inputs: ServiceAccountInputs,
  previous: ServiceAccountInputs | undefined,
): CheckFailure[] {
  if (!previous || inputs.allowReplace === true) return [];
  const isSame = { organization: sameName, name: sameText, description: sameText };
  return (["organization", "name", "description"] as const)
    .filter((property) => !isSame[property](previous[property], inputs[property]))
    .filter((property) => !containsUnknown(inputs[property]))
    .map((property) => ({
      property,
      reason:
        "cannot be changed on the Hub. Another value means another account, and all tokens of this one end: " +
        "set allowReplace to true if that is meant",
    }));
}

/** No description and an empty one are the same on the Hub. */
export function sameText(left: string | undefined, right: string | undefined): boolean {
  return (left ?? "") === (right ?? "");
}

/** The description without the mark. */
export function textOf(account: ServiceAccountInfo): string {
  return splitMark(account.description ?? "").text;
}

/** What the program would say of the account as the Hub shows it. */
export function observedInputs(
  organization: string,
  account: ServiceAccountInfo,
  state: ServiceAccountInputs | undefined,
): ServiceAccountInputs {
  const declared = state ?? {
    owner: splitMark(account.description ?? "").mark?.owner ?? "",
    allowReplace: false,
    forceDestroy: false,
    recreateIfMissing: false,
  };
  // An account of ours has a description, if only for the mark: one that the Hub leaves out is not gone.
  const untold = state !== undefined && account.description === undefined;
  const asDeclared = untold || sameText(state?.description, textOf(account));
  return {
    ...declared,
    organization,
    name: account.name,
    description: asDeclared ? state?.description : textOf(account),
  };
}

/** The arguments that differ from the account, for the option `import`. */
export function differingFromHub(
  organization: string,
  account: ServiceAccountInfo,
  inputs: ServiceAccountInputs,
): Record<string, unknown> {
  const onHub = { organization, name: account.name, description: textOf(account) };
  return differingFrom(onHub, { ...inputs, description: inputs.description ?? "" });
}

export const HOW_TO_FORCE =
  "To end whatever tokens it has, set forceDestroy to true and run `pulumi up` before the destroy.";

/** @throws LifecycleError if the account holds tokens that the stack does not manage */
export function refuseToEnd(
  tokens: readonly ServiceAccountToken[],
  { name }: Pick<ServiceAccountState, "name">,
): void {
  if (tokens.length === 0) return;
  const names = tokens.map(({ displayName }) => `"${displayName}"`);
  throw new LifecycleError(
    `The service account ${name} still holds ${names.length} token(s) that this stack does not manage: ${firstOf(names)}. ` +
      `Deleting it would end them. Revoke them on the Hub first. ${HOW_TO_FORCE}`,
  );
}

/** Says why an account is not deleted that an earlier run did not find. */
export const THERE_AGAIN =
  "left as it is: it was gone from the Hub when this stack last looked, and it is there. Its tokens may be in use. Delete it on the Hub if no " +
  "one needs it.";

/** Says that a deletion had no effect. */
export function stillListed(name: string): string {
  return (
    `The Hub has accepted the deletion of the service account ${name} and still lists it, so its tokens may still be valid. Run the command ` +
    "again; if that does not help, delete the account on the Hub."
  );
}

/** @throws LifecycleError if a creation was answered with an account that this resource would not know again */
export function refuseOtherAccount(
  { _id, name, description }: ServiceAccountInfo,
  asked: { name: string; mark: Mark },
): void {
  const mark = description === undefined ? asked.mark : splitMark(description).mark;
  if (name === asked.name && sameData(mark, asked.mark)) return;
  throw new LifecycleError(
    `The Hub has created the service account ${_id} otherwise than it was asked for: with the name "${name}" and the description ` +
      `"${description ?? ""}". This stack does not manage it; delete it on the Hub.`,
  );
}

/** An account with this resource's mark, name and description that nothing holds. It is only named: someone may have kept it. */
export function reportStrays(
  accounts: readonly ServiceAccountInfo[],
  inputs: ServiceAccountInputs,
  { claims, log }: PureContext,
): void {
  // One with another name or description is the one that a replacement is about to delete, or has retained.
  const strays = accounts.filter(
    (account) =>
      splitMark(account.description ?? "").mark?.owner === inputs.owner &&
      account.name === inputs.name &&
      sameText(textOf(account), inputs.description) &&
      !claims.has(account._id),
  );
  if (strays.length === 0) return;
  log.warn(
    `found account(s) with this resource's mark that no resource is known to hold (${firstOf(strays.map(({ _id }) => _id))}): a creation ` +
      "was interrupted, a replacement is under way, or another stack with the same names of project, stack and resource has them " +
      "(huggingface:owner, set before the first `pulumi up`, tells such stacks apart). They are not touched; delete on the Hub what no one needs.",
  );
}
