import { type ResourceDefinition } from "../../provider/src/model/definition";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { serviceAccountDefinition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential";

/** A definition whose arguments and state are any data at all, as they are where nobody has checked them. */
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
