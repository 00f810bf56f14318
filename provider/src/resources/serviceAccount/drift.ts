import { objectKey } from "../../hub/auditEvents";
import { type DriftRules } from "../../model/drift";
import { type ServiceAccountState } from "./model";

export const serviceAccountDrift: DriftRules<ServiceAccountState> = {
  events: (_finding, { accountId }) => [
    { about: [objectKey.account(accountId)], types: ["org.service_account.delete"] },
  ],
};
