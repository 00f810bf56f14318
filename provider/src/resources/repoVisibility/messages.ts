// What a RepoVisibility says to the person at the terminal.
import { type Verdict } from "../../rules/reconcile";
import { isWider } from "../../rules/visibility";
import { type Visibility } from "../../client/types";
import { type RepoAddress, type RepoVisibilityInputs, type RepoVisibilityState } from "./model";
import { type View } from "./view";

export const MISSING =
  "the repository is not on the Hub. Nothing is sent: create it, or take this resource out of the program. One of this name that " +
  "appears later is not widened automatically.";

export const ANOTHER =
  "this is another repository than the one that the program last set, or it was missing since. It is made narrower if it has to be. It is " +
  "made wider only for a reason in acknowledgePublic that is given after this message.";

/** After the refusal of a creation, of which nothing is kept. */
export const NOT_REMEMBERED =
  "Another resource of this stack has managed it. Name that one in the option `aliases`, or first declare what the Hub holds.";

const RIGHT_TO_SEE =
  "Use credentials that may list the organization's repositories: a member's, or the permission org.read.";

/** That the Hub does not show exactly who sees a repository. */
export function unseen({ repo, repoType }: RepoAddress, visibilities: readonly Visibility[]): string {
  return `The Hub does not show these credentials whether ${repoType} ${repo} is ${inWords(visibilities)}.`;
}

/** Why a refresh fails that cannot rule out that outsiders see more than they may. */
export function unseenOpen(address: RepoAddress, view: View): string {
  return (
    `${whatIsUnseen(address, view)} It may be open to outsiders. If you accept that this is not seen, declare acceptUnseen: true and run ` +
    "`pulumi up` once without --refresh."
  );
}

/** What a refresh says that cannot tell whether something differs. */
export function unseenChange(address: RepoAddress, view: View): string {
  return `${whatIsUnseen(address, view)} A change between these is not noticed.`;
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
    `The Hub does not say whether ${address.repoType} ${address.repo} is private: neither the repository nor a listing of the organization's tells. ` +
    RIGHT_TO_SEE
  );
}

export function untoldGate({ repo, repoType }: RepoAddress): string {
  return (
    `The Hub does not say whether ${repoType} ${repo} is gated, so another gate could undo what was set there. Nothing is loosened; ` +
    'declare gated: "manual", or leave gated out.'
  );
}

/** "private, internal or protected". */
export function inWords(values: readonly string[]): string {
  return values.length < 2 ? values.join() : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

/** Why the visibility is not made wider, and what would mean yes. */
export function refusalOfVisibility(
  inputs: RepoVisibilityInputs,
  { visibilities }: View,
  { state, mayOpen }: { state: RepoVisibilityState | undefined; mayOpen: boolean },
): string {
  const { repo, visibility } = inputs;
  const now = inWords(visibilities);
  if (visibilities.length > 1 && visibilities.some((each) => !isWider(visibility, each))) {
    return `${unseen(inputs, visibilities)} It is not made ${visibility}, because that could make it wider. ${RIGHT_TO_SEE}`;
  }
  if (!mayOpen) {
    return `${repo} is ${now} on the Hub, and it is not made ${visibility} without a reason: say in acknowledgePublic why outsiders may see it.`;
  }
  const last = state?.applied?.visibility;
  const history =
    last === undefined
      ? `${repo} is ${now} on the Hub, and this program has not set that: it is another repository of the same name, or was missing since`
      : `${repo} was made ${now} on the Hub since it was last ${last} by this program`;
  const keep =
    visibilities.length === 1
      ? `Declare visibility: "${now}" to keep it so`
      : "Declare what it is to keep it so";
  return (
    `${history}. It is not made ${visibility} automatically: someone may have had a reason. ${keep}, or give a new reason in ` +
    "acknowledgePublic to widen it."
  );
}

/** Why the gate is not loosened, and what would mean yes. */
export function refusalOfGate(
  inputs: RepoVisibilityInputs,
  { gates = [] }: View,
  { row }: Verdict<unknown>,
): string {
  if (row === "not seen") return untoldGate(inputs);
  return (
    `Access to ${inputs.repo} is gated: ${JSON.stringify(gates[0])} on the Hub, which this program has not set, and it is not loosened to ` +
    `${JSON.stringify(inputs.gated)} automatically. Declare what it is now, or give a new reason in acknowledgePublic.`
  );
}

/** That nothing can be managed. */
export function noSuchRepository({ repo, repoType }: RepoAddress): string {
  return `There is no ${repoType} ${repo} on the Hub. RepoVisibility sets who sees a repository and does not create one: create it, or correct repo or repoType.`;
}
