import { type RepoType, type Visibility } from "../../client/types";
import { repoPatterns } from "../../hub/auditEvents";
import { BEFORE_ALL } from "../../hub/outsideChange";
import { type DriftRules } from "../../model/drift";
import { orderOf } from "../../rules/reconcile";
import { isDeclaredWider, VISIBILITY } from "../../rules/visibility";
import { type OrganizationVisibilityState, parseId } from "./model";

/** The property of a violation begins with this word, and the repository follows. */
const VIOLATION = "repository";

const ONLY_REPORTS =
  'The mode is "report", so the repository stays as it is. Narrow it on the Hub, add it to exceptions with a reason, or set mode to "enforce".';

const CANNOT_NARROW =
  "This resource cannot narrow the repository: the Hub's API has no setting for its type or visibility, or a RepoVisibility declares it. " +
  "Narrow it on the Hub, or add it to exceptions with a reason.";

export const organizationVisibilityDrift: DriftRules<OrganizationVisibilityState> = {
  address: (id) => ({ organization: parseId(id) }),

  // In a refresh, the argument `widest` shows the widest violation. Here, each violation is a finding of its own.
  apart: ["widest"],

  findings(before, { violations }) {
    const known = new Set(before.violations.map(({ repo, repoType }) => `${repoType}/${repo}`));
    return violations.map(({ repo, repoType, visibility, allowed }) => ({
      property: `${VIOLATION} ${repoType}/${repo}`,
      applied: allowed,
      onHub: visibility,
      order: orderOf(VISIBILITY, allowed, visibility),
      // An earlier run has already seen it, so the change is older than that run.
      ...(known.has(`${repoType}/${repo}`) && { since: BEFORE_ALL }),
    }));
  },

  leaves({ property, applied }, { mode, onlyReported = [] }, { declaredBy }) {
    if (mode === "report") return ONLY_REPORTS;
    // A refresh of the engine does not know what the program declares.
    const isDeclared = isDeclaredWider(declaredBy, addressIn(property), applied as Visibility);
    return isDeclared || onlyReported.includes(textIn(property).toLowerCase()) ? CANNOT_NARROW : undefined;
  },

  events({ property, onHub }) {
    const address = addressIn(property);
    return [
      ...repoPatterns(address, { types: ["repo.visibility"], visibility: onHub as string }),
      ...repoPatterns(address, { types: ["repo.create", "repo.move"] }),
    ];
  },
};

/** `type/namespace/name` in the property of a violation. */
function textIn(property: string): string {
  return property.slice(VIOLATION.length + 1);
}

function addressIn(property: string): { repo: string; repoType: RepoType } {
  const [repoType, ...name] = textIn(property).split("/");
  return { repo: name.join("/"), repoType: repoType as RepoType };
}
