// The messages of RepoVisibility.
import { type Visibility } from "../../client/types";
import { type RepoAddress } from "../../model/repoAddress";
import { type View } from "../../hub/repositoryView";
import { inWords } from "../../model/words";
import { type Verdict } from "../../rules/reconcile";
import { isWider } from "../../rules/visibility";
import { type RepoVisibilityInputs, type RepoVisibilityState } from "./model";

export const MISSING =
  "the repository does not exist on the Hub, so nothing was sent. Create it, or remove this resource from the program. A repository that " +
  "later appears under this name is not widened automatically.";

export const ANOTHER =
  "this is a different repository from the one that this program last set, or an earlier run did not find it. It is narrowed if necessary. It is " +
  "widened only if you give a new reason in acknowledgePublic after this message.";

const RIGHT_TO_SEE =
  "Use credentials that can list the organization's repositories: a member's token, or one with the permission org.read.";

/** The Hub does not show exactly who can see a repository. */
export function unseen({ repo, repoType }: RepoAddress, visibilities: readonly Visibility[]): string {
  return `With these credentials, the Hub does not show whether ${repoType} ${repo} is ${inWords(visibilities)}.`;
}

/** A refresh fails because outsiders may see more than declared. */
export function unseenOpen(address: RepoAddress, view: View): string {
  return (
    `${whatIsUnseen(address, view)} It may be open to outsiders. If you accept this, declare acceptUnseen: true and run ` +
    "`pulumi up` once without --refresh."
  );
}

/** A refresh cannot see whether something changed. */
export function unseenChange(address: RepoAddress, view: View): string {
  return `${whatIsUnseen(address, view)} A change between these is not detected.`;
}

function whatIsUnseen(address: RepoAddress, { visibilities, gates = [] }: View): string {
  return [
    visibilities.length > 1 && `${unseen(address, visibilities)} ${RIGHT_TO_SEE}`,
    gates.length > 1 && `The Hub does not say whether ${address.repoType} ${address.repo} is gated.`,
  ]
    .filter(Boolean)
    .join(" ");
}

export function untoldVisibility(address: RepoAddress): string {
  return (
    `The Hub does not say whether ${address.repoType} ${address.repo} is private, neither in the repository's details nor in the organization's list. ` +
    RIGHT_TO_SEE
  );
}

export function untoldGate({ repo, repoType }: RepoAddress): string {
  return (
    `The Hub does not say whether ${repoType} ${repo} is gated, so a new gate could loosen the current one. Nothing was sent for it; ` +
    'declare gated: "manual", or leave gated out.'
  );
}

/** Why the visibility is not widened, and what to do. */
export function refusalOfVisibility(
  inputs: RepoVisibilityInputs,
  { visibilities }: View,
  { state, mayOpen }: { state: RepoVisibilityState | undefined; mayOpen: boolean },
): string {
  const { repo, visibility } = inputs;
  const now = inWords(visibilities);
  if (visibilities.length > 1 && visibilities.some((each) => !isWider(visibility, each))) {
    return `${unseen(inputs, visibilities)} It is not made ${visibility}, because that could widen it. ${RIGHT_TO_SEE}`;
  }
  if (!mayOpen) {
    return `${repo} is ${now} on the Hub, and it is not made ${visibility} without a reason: say in acknowledgePublic why outsiders may see it.`;
  }
  const last = state?.applied?.visibility;
  const history =
    last === undefined
      ? `${repo} is ${now} on the Hub, and this program did not set that: it is a different repository with the same name, or an earlier run did not find it`
      : `${repo} was made ${now} on the Hub after this program set it to ${last}`;
  const keep =
    visibilities.length === 1
      ? `Declare visibility: "${now}" to keep it`
      : "Declare its current visibility to keep it";
  return (
    `${history}. It is not made ${visibility} automatically, because someone may have narrowed it on purpose. ${keep}, or give a new reason in ` +
    "acknowledgePublic to widen it."
  );
}

/** Why the gate is not loosened, and what to do. */
export function refusalOfGate(
  inputs: RepoVisibilityInputs,
  { gates = [] }: View,
  { row }: Verdict<unknown>,
): string {
  if (row === "not seen") return untoldGate(inputs);
  return (
    `${inputs.repo} has gated: ${JSON.stringify(gates[0])} on the Hub, which this program did not set. It is not loosened to ` +
    `${JSON.stringify(inputs.gated)} automatically. Declare gated: ${JSON.stringify(gates[0])} to keep it, or give a new reason in acknowledgePublic to loosen it.`
  );
}

/** The repository to manage does not exist. */
export function noSuchRepository({ repo, repoType }: RepoAddress): string {
  return `The ${repoType} ${repo} does not exist on the Hub. RepoVisibility does not create repositories: create it, or correct repo or repoType.`;
}
