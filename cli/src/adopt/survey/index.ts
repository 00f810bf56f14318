// Lists what an organization has.
import { type Survey } from "../found";
import { type Kind } from "../kinds";
import { type Reader } from "../reader";
import { members } from "./members";
import { type Asked, isAboutToken, type Part } from "./part";
import { organizationVisibility, repositories } from "./repositories";
import { resourceGroups } from "./resourceGroups";
import { serviceAccounts } from "./serviceAccounts";
import { spaces } from "./spaces";
import { sso } from "./sso";
import { ownTokens, tokens } from "./tokens";

const PARTS: Record<Kind, (asked: Asked) => Promise<Part>> = {
  repositories,
  "resource-groups": resourceGroups,
  members,
  "service-accounts": serviceAccounts,
  tokens,
  "own-tokens": ownTokens,
  sso,
  spaces,
  "organization-visibility": organizationVisibility,
};

/**
 * Lists the objects of these kinds. A kind that the Hub does not show is reported in the result.
 *
 * @param progress - called with each kind before it is read
 */
export async function survey(
  reader: Reader,
  organization: string,
  kinds: readonly Kind[],
  progress: (kind: Kind) => void,
): Promise<Survey> {
  const result: Survey = { found: [], leftOut: [], hidden: [] };
  for (const kind of kinds) {
    progress(kind);
    try {
      const { found, leftOut } = await PARTS[kind]({ reader, organization });
      result.found.push(...found);
      result.leftOut.push(...leftOut);
    } catch (error) {
      if (isAboutToken(error)) throw error;
      result.hidden.push({ kind, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return result;
}

/** The name as the Hub writes it, because ids contain it. */
export async function canonicalName(reader: Reader, organization: string): Promise<string> {
  const { orgs } = await reader.ask((client) => client.whoami());
  return orgs.find(({ name }) => name.toLowerCase() === organization.toLowerCase())?.name ?? organization;
}
