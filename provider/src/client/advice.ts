// What to do after a refusal, if the endpoint explains it better than the status alone.
import { type Advice } from "./refusal";

export const ownTokensAdvice: Advice = ({ status }) => {
  if (status === 404) {
    return "This Hub does not offer the API for a user's own tokens (huggingface.co does not). Use a token of a service account.";
  }
  return status === 409
    ? "A token with this name already exists. Revoke it or choose another name."
    : undefined;
};

export const accountsAdvice: Advice = ({ status }) =>
  status === 402 ? "Service accounts need the Enterprise plan." : undefined;

export const exemptionAdvice: Advice = ({ status }) =>
  status === 402
    ? "skipNetworkSecurity needs the Enterprise Plus plan, and service accounts the Enterprise plan."
    : undefined;

export const ssoAdvice: Advice = ({ status, code }) => {
  if (status !== 404) return undefined;
  return code === "SsoNotConfigured"
    ? "The organization has no single sign-on yet."
    : "The organization does not exist, this token may not see it, or this Hub does not offer the API for the whole configuration (huggingface.co does not). On such a Hub, set up single sign-on in the organization's settings and replace its credential with SsoCredential (PUT …/settings/sso/credentials).";
};

export const repoAdvice: Advice = ({ status }) =>
  status === 401 || status === 404
    ? "There is no such repository of this type, or this token may not see it. Check the name, the type and the token."
    : undefined;

export const groupsAdvice: Advice = ({ status }) =>
  status === 402
    ? "Resource groups need the Team plan, and their spending limits the Enterprise plan."
    : undefined;

export const groupUsersAdvice: Advice = (answer) =>
  answer.status === 403
    ? "Only an administrator of the organization or of the resource group may change its members. If the identity provider manages the resource group (SCIM), change the members there. A person must be a member of the organization, and can be added only once."
    : groupsAdvice(answer);

export const readRepoGroupAdvice: Advice = (answer) =>
  answer.status === 404
    ? "The repository is not in a resource group; or there is no such repository of this type, or this token may not see it."
    : repoAdvice(answer);

export const moveRepoAdvice: Advice = (answer) =>
  answer.status === 404
    ? "There is no such repository of this type or no such resource group in its organization, or this token may not see it. Check the name, the type, the id and the token."
    : (groupsAdvice(answer) ?? repoAdvice(answer));

export const memberAdvice: Advice = ({ status }) => {
  if (status === 402) return "Changing a member's role needs a paid plan.";
  return status === 404
    ? "The user is not a member of the organization, or this token may not see the organization. The Hub's API cannot add members: invite the user first."
    : undefined;
};
