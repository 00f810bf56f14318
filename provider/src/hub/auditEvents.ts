// What an event of the audit log is about. The Hub's event types and their data are an open set.
import { type AuditLogEntry, REPO_TYPES, type RepoType, VISIBILITIES } from "../client";
import { recordOf } from "../client/shape";
import { type EventPattern } from "../model/drift";

/** Names an object of the Hub in an event. Without its type, a repository is any one with this name. */
export const objectKey = {
  repo: (repo: string, repoType: RepoType | typeof ANY_TYPE) => `repo ${repoType} ${repo}`.toLowerCase(),
  user: (user: string) => `user ${user}`.toLowerCase(),
  group: (groupId: string) => `group ${groupId}`.toLowerCase(),
  account: (accountId: string) => `account ${accountId}`.toLowerCase(),
  token: (tokenId: string) => `token ${tokenId}`.toLowerCase(),
  /** Keys of a Space are case-sensitive. */
  setting: (key: string) => `setting ${key}`,
  sso: () => "sso",
};

/** The type of a repository if the event does not say it. */
const ANY_TYPE = "any";

/** All objects that an event is about. */
export function objectsOf({ event, resource, resourceType }: AuditLogEntry): string[] {
  const data = recordOf(event.data);
  const { key, keys } = data;
  const groupId = recordOf(data["resourceGroup"])["_id"];
  const accountId = recordOf(data["serviceAccount"])["_id"];
  const tokenId = recordOf(data["token"])["_id"];
  const settings = [key, ...(Array.isArray(keys) ? (keys as unknown[]) : [])].filter(isText);
  return [
    ...(isAboutRepo(event.type) && resource !== undefined ? reposIn(resource, resourceType) : []),
    ...usersIn(data).map(objectKey.user),
    ...(isText(groupId) ? [objectKey.group(groupId)] : []),
    ...(isText(accountId) ? [objectKey.account(accountId)] : []),
    ...(isText(tokenId) ? [objectKey.token(tokenId)] : []),
    ...settings.map(objectKey.setting),
    ...(resourceType === "sso" ? [objectKey.sso()] : []),
  ];
}

/** The patterns of events about a repository. An event may not say the repository's type. */
export function repoPatterns(
  { repo, repoType }: { repo: string; repoType: RepoType },
  { about = [], ...pattern }: Omit<EventPattern, "about"> & { about?: readonly string[] },
): EventPattern[] {
  return [repoType, ANY_TYPE].map((type) => ({
    ...pattern,
    about: [objectKey.repo(repo, type as RepoType), ...about],
  }));
}

/** Whether an event fits a pattern. */
export function fits({ about, types, visibility }: EventPattern, entry: AuditLogEntry): boolean {
  const { type } = entry.event;
  const isOfType = types.some(
    (each) => type === each || entry.action === each || type.startsWith(`${each}.`),
  );
  if (!isOfType) return false;
  const made = visibility === undefined ? undefined : visibilityIn(entry);
  if (made !== undefined && made !== visibility) return false;
  const objects = objectsOf(entry);
  return about.every((each) => objects.includes(each));
}

/** The visibility that an event set, if it says it. */
export function visibilityIn({ event, message }: AuditLogEntry): string | undefined {
  const { visibility, private: isPrivate } = recordOf(event.data);
  const named = VISIBILITIES.find((each) => each === visibility);
  if (named !== undefined) return named;
  if (typeof isPrivate === "boolean") return isPrivate ? "private" : "public";
  return /\bto (private|internal|protected|public)\b/.exec(message.slice(0, 2000))?.[1];
}

/** The names of the users in an event, which has one user or several. */
export function usersIn({ user, users }: Record<string, unknown>): string[] {
  const all = [user, ...(Array.isArray(users) ? (users as unknown[]) : [])];
  return all
    .map((each) => (typeof each === "object" && each !== null ? (each as { user?: unknown }).user : each))
    .filter(isText);
}

function isAboutRepo(type: string): boolean {
  return type.startsWith("repo.") || type.startsWith("spaces.");
}

/** Some events write `datasets/namespace/name`. */
function reposIn(resource: string, resourceType: string): string[] {
  const repo = resource.split("/").slice(-2).join("/");
  const type = REPO_TYPES.find((each) => each === resourceType);
  return [objectKey.repo(repo, type ?? ANY_TYPE)];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
