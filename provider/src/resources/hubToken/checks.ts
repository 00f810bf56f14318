// Checks of a token's arguments, before anything is compared or sent. Any argument may not be known yet.
import { type CheckFailure, type PureContext } from "../../model/definition";
import { known } from "../../model/unknown";
import { dayExists, sameMoment } from "../../rules/moment";
import { DAY } from "../../rules/rotation";
import { type HubTokenInputs } from "./model";

const SERVICE_ACCOUNT_ONLY = [
  "permissions",
  "repos",
  "repoPermissions",
  "endpointPatterns",
  "skipNetworkSecurity",
] as const;
const USER_ONLY = ["role", "expiresAt"] as const;

/** The errors in the arguments. Warns if the declared expiry is near or in the past. */
export function checkFailures(
  inputs: HubTokenInputs,
  previous: HubTokenInputs | undefined,
  context: PureContext,
): CheckFailure[] {
  const inOrganization = inputs.organization !== undefined || inputs.serviceAccount !== undefined;
  return [
    ...(inOrganization ? serviceAccountFailures(inputs) : userFailures(inputs)),
    ...expiryFailures(inputs, previous, context),
  ];
}

function userFailures(inputs: HubTokenInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (/[\\/]/.test(known(inputs.name) ?? "")) {
    failures.push({
      property: "name",
      reason: "must not contain / or \\: the Hub identifies a user's own token by its name",
    });
  }
  return failures.concat(
    refuseEach(
      inputs,
      SERVICE_ACCOUNT_ONLY,
      "is only for a service account's token: give organization and serviceAccount too, or leave it out",
    ),
  );
}

function serviceAccountFailures(inputs: HubTokenInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const requires = (property: keyof HubTokenInputs, reason: string): void => {
    failures.push({ property, reason });
  };
  for (const property of ["organization", "serviceAccount"] as const) {
    if (inputs[property] !== undefined) continue;
    requires(
      property,
      "is required for a service account's token: organization and serviceAccount go together",
    );
  }
  if (inputs.permissions === undefined) {
    requires("permissions", "is required for a service account's token; permissionSets has ready-made sets");
  }
  failures.push(
    ...refuseEach(
      inputs,
      USER_ONLY,
      "is only for a user's own token; leave it out. A service account's token has permissions, and the Hub sets its expiry",
    ),
  );
  const repos = known(inputs.repos);
  if (repos?.length && inputs.repoPermissions === undefined) {
    requires("repoPermissions", "is required with repos: declare what the token may do in them");
  }
  if (known(inputs.repoPermissions)?.length && (inputs.repos === undefined || repos?.length === 0)) {
    requires("repos", "is required with repoPermissions: declare the repositories to which they apply");
  }
  return failures;
}

function refuseEach(
  inputs: HubTokenInputs,
  properties: readonly (keyof HubTokenInputs)[],
  reason: string,
): CheckFailure[] {
  return properties
    .filter((property) => inputs[property] !== undefined)
    .map((property) => ({ property, reason }));
}

function expiryFailures(
  inputs: HubTokenInputs,
  previous: HubTokenInputs | undefined,
  { now, log }: PureContext,
): CheckFailure[] {
  const expiresAt = known(inputs.expiresAt);
  if (expiresAt === undefined) return [];
  const failure = (reason: string): CheckFailure[] => [{ property: "expiresAt", reason }];
  const moment = Date.parse(expiresAt);
  if (Number.isNaN(moment) || !dayExists(expiresAt)) {
    return failure(`is not a valid date: ${expiresAt}`);
  }
  if (moment <= now.getTime()) {
    const aboutToBeSent = !sameMoment(previous?.expiresAt, expiresAt);
    if (aboutToBeSent) return failure(`is in the past (it is ${now.toISOString()} now); give a later time`);
    log.warn(`expiresAt (${expiresAt}) is in the past. Declare a later time to get a new token.`);
  } else if (
    inputs.rotateBeforeDays !== undefined &&
    moment - now.getTime() <= inputs.rotateBeforeDays * DAY
  ) {
    log.warn(
      `the token expires at ${expiresAt}. Declare a later expiresAt to get a successor; without it, a successor would expire at the same time.`,
    );
  }
  return [];
}
