import { type ResourceDefinition } from "../../provider/src/model/definition";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility";
import { serviceAccountDefinition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";

/** A definition whose arguments and state may be any data, as before any check. */
export type AnyDefinition = ResourceDefinition<object, object>;

/** Each resource of the provider. */
export const definitions = [
  hubTokenDefinition,
  hubTokenPredecessorsDefinition,
  repoVisibilityDefinition,
  serviceAccountDefinition,
  ssoConfigDefinition,
  ssoCredentialDefinition,
] as unknown as AnyDefinition[];
