import { type ServiceAccountInfo, type ServiceAccountToken } from "../../client";
import { type CheckFailure, LifecycleError, type PureContext } from "../../model/definition";
import { differingFrom } from "../../model/diff";
import { sameData, sameName } from "../../model/plain";
import { containsUnknown } from "../../model/unknown";
import { firstOf } from "../../model/words";
import { type Mark, splitMark } from "../../rules/mark";
import { type ServiceAccountInputs, type ServiceAccountState } from "./model";

/** Refuses changes that replace the account and revoke its tokens, unless the program allows them. */
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
        "cannot be changed on the Hub. A new value replaces the account and revokes all its tokens: " +
        "set allowReplace to true to allow that",
    }));
}

/** Whether two descriptions are the same. A missing and an empty description are the same on the Hub. */
export function sameText(left: string | undefined, right: string | undefined): boolean {
  return (left ?? "") === (right ?? "");
}

/** The description without the mark. */
export function textOf(account: ServiceAccountInfo): string {
  return splitMark(account.description ?? "").text;
}

/** The arguments that describe the account as the Hub shows it. */
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
  // A managed account always has a description, because of its mark. If the Hub omits it, it is unchanged.
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
  "To delete the account with all its tokens, set forceDestroy to true and run `pulumi up` before the destroy.";

/** @throws LifecycleError if the account has tokens that the stack does not manage */
export function refuseToEnd(
  tokens: readonly ServiceAccountToken[],
  { name }: Pick<ServiceAccountState, "name">,
): void {
  if (tokens.length === 0) return;
  const names = tokens.map(({ displayName }) => `"${displayName}"`);
  throw new LifecycleError(
    `The service account ${name} still has ${names.length} token(s) that this stack does not manage: ${firstOf(names)}. ` +
      `Deleting it would revoke them. Revoke them on the Hub first. ${HOW_TO_FORCE}`,
  );
}

/** Why an account is not deleted that an earlier run did not find. */
export const THERE_AGAIN =
  "left unchanged: the last run did not find the account on the Hub, but it exists now, and its tokens may be in use. If no one needs it, " +
  "delete it on the Hub.";

/** A deletion had no effect. */
export function stillListed(name: string): string {
  return (
    `The Hub accepted the deletion of the service account ${name} but still lists it, so its tokens may still be valid. Run the same command ` +
    "again; if that does not help, delete the account on the Hub."
  );
}

/** @throws LifecycleError if the created account differs from the request, so that this resource would not recognize it later */
export function refuseOtherAccount(
  { _id, name, description }: ServiceAccountInfo,
  asked: { name: string; mark: Mark },
): void {
  const mark = description === undefined ? asked.mark : splitMark(description).mark;
  if (name === asked.name && sameData(mark, asked.mark)) return;
  throw new LifecycleError(
    `The Hub created the service account ${_id} with other values than requested: the name "${name}" and the description ` +
      `"${description ?? ""}". This stack does not manage it; delete it on the Hub.`,
  );
}

/** Reports accounts with this resource's mark, name and description that no resource manages. Someone may need them, so they stay. */
export function reportStrays(
  accounts: readonly ServiceAccountInfo[],
  inputs: ServiceAccountInputs,
  { claims, log }: PureContext,
): void {
  // An account with another name or description is being replaced, or was retained by a replacement.
  const strays = accounts.filter(
    (account) =>
      splitMark(account.description ?? "").mark?.owner === inputs.owner &&
      account.name === inputs.name &&
      sameText(textOf(account), inputs.description) &&
      !claims.has(account._id),
  );
  if (strays.length === 0) return;
  log.warn(
    `found account(s) with this resource's mark that are not in the state: ${firstOf(strays.map(({ _id }) => _id))}. They were not changed. ` +
      "An interrupted creation may have left them, a replacement may be in progress, or another stack with the same names may manage them " +
      "(see huggingface:owner). If no one needs them, delete them on the Hub.",
  );
}
