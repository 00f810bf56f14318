// Checks of the arguments about resource groups and roles, before anything is sent.
import { invalidArgument, wholeNumber } from "./arguments";
import { lengthOf } from "./limits";
import { nameSegment } from "./paths";
import {
  type AutoJoin,
  type GroupMembership,
  ORG_ROLES,
  type OrgRole,
  type ResourceGroupUpdate,
  SPEND_LIMITS,
  type SpendLimit,
} from "./types";

const MAX_NAME_LENGTH = 200;
const MAX_DESCRIPTION_LENGTH = 500;

/** @throws HubError with the code `invalid_argument` */
export function checkGroup({ name, description, spendLimits = {} }: ResourceGroupUpdate): void {
  if (name !== undefined && (typeof name !== "string" || name === "" || lengthOf(name) > MAX_NAME_LENGTH)) {
    invalidArgument(`The resource group's name must have 1 to ${MAX_NAME_LENGTH} characters.`);
  }
  if (
    description !== undefined &&
    (typeof description !== "string" || lengthOf(description) > MAX_DESCRIPTION_LENGTH)
  ) {
    invalidArgument(
      `The resource group's description must have at most ${MAX_DESCRIPTION_LENGTH} characters.`,
    );
  }
  for (const [key, limit] of Object.entries(spendLimits)) {
    if (!SPEND_LIMITS.includes(key as SpendLimit)) {
      invalidArgument(`The keys of spendLimits are ${SPEND_LIMITS.join(", ")}.`);
    }
    if (limit !== null && limit !== undefined) {
      wholeNumber(`spendLimits.${key}`, limit, 0, Number.MAX_SAFE_INTEGER);
    }
  }
}

/** @throws HubError with the code `invalid_argument` */
export function checkUsers(users: readonly GroupMembership[]): void {
  for (const { user, role } of users) {
    nameSegment("The user", user);
    checkRole(role);
  }
}

/** @throws HubError with the code `invalid_argument` */
export function checkRole(role: OrgRole): OrgRole {
  return ORG_ROLES.includes(role) ? role : invalidArgument(`role must be one of ${ORG_ROLES.join(", ")}.`);
}

/**
 * The form in which the Hub expects an enabled autoJoin.
 *
 * @throws HubError with the code `invalid_argument`
 */
export function enabledAutoJoin({ role, scope }: AutoJoin): object {
  if (scope !== undefined && scope !== "all" && scope !== "read_plus") {
    return invalidArgument("autoJoin.scope must be all or read_plus.");
  }
  return { enabled: true, role: checkRole(role), scope };
}
