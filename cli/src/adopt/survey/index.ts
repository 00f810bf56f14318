// Lists what an organization has.
import { doubtAbout } from "pulumi-huggingface/core";
import { containsSecret } from "../../secrets";
import { type Found, type Survey } from "../found";
import { type Kind } from "../kinds";
import { type Reader } from "../reader";
import { members } from "./members";
import { type Asked, endsSurvey, type Part } from "./part";
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
 * Lists the objects of these kinds. A kind that the Hub refuses to show is reported in the result.
 *
 * @param progress - called with each kind before it is read
 */
export async function survey(
  reader: Reader,
  organization: string,
  kinds: readonly Kind[],
  progress: (kind: Kind) => void,
): Promise<Survey> {
  const doubt = doubtAbout(await reader.ask((client) => client.whoami()), organization);
  const result: Survey = { found: [], leftOut: [], hidden: [], doubt };
  for (const kind of kinds) {
    progress(kind);
    try {
      const { found, leftOut } = await PARTS[kind]({ reader, organization });
      const [open, secret] = divided(once(found), hasSecret);
      result.found.push(...open);
      result.leftOut.push(...leftOut, ...secret.map(({ title }) => ({ kind, title, why: HAS_SECRET })));
    } catch (error) {
      if (endsSurvey(error) || isUnusable(error, kind)) throw error;
      result.hidden.push({ kind, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return result;
}

const HAS_SECRET =
  "it contains a token of the Hub or a private key, which would be in the program. Remove it on the Hub, and revoke it";

function hasSecret({ title, constant, args }: Found): boolean {
  return containsSecret([title, constant?.text, JSON.stringify(args)].join(" "));
}

function divided<T>(items: readonly T[], isSecond: (item: T) => boolean): [T[], T[]] {
  return [items.filter((item) => !isSecond(item)), items.filter(isSecond)];
}

/** A page of the Hub's answer may repeat an object if another one was created or deleted since the page before. */
function once(found: readonly Found[]): Found[] {
  return [...new Map(found.map((each) => [`${each.type} ${each.id}`, each])).values()];
}

/** Kinds that huggingface.co does not offer. It may answer with a web page instead. */
const NOT_EVERYWHERE: readonly Kind[] = ["sso", "own-tokens"];

/** Whether a list exists but cannot be understood, or may be incomplete. */
function isUnusable(error: unknown, kind: Kind): boolean {
  return (error as { code?: unknown }).code === "invalid_response" && !NOT_EVERYWHERE.includes(kind);
}

/** The name as the Hub writes it, because ids contain it. */
export async function canonicalName(reader: Reader, organization: string): Promise<string> {
  const { orgs } = await reader.ask((client) => client.whoami());
  return orgs.find(({ name }) => name.toLowerCase() === organization.toLowerCase())?.name ?? organization;
}
