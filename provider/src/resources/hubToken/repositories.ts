// Access is given to ids of repositories, never to names: anyone can create a new repository under the name of a deleted one.
import { isNotFound } from "../../client/errors";
import { type RepoInfo } from "../../client/types";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { ANOTHER } from "../../rules/permissions";
import { parseRepoReference } from "../../rules/repoReference";

/** The ids of the declared repository names. */
export interface Resolution {
  /** The id of each name. */
  resolved: Record<string, string>;
  /**
   * What is kept until the update succeeds. A name that now leads to another repository gives no access, and the ids of dropped names are
   * kept.
   */
  kept: Record<string, string>;
  /** Why a name could not be resolved that was never resolved before. */
  failure?: Error;
}

/**
 * Finds the ids of repositories.
 *
 * @param known - the ids of names that were resolved before; see the model
 * @param successor - given for a new token, to look up known names too; `isNew` means that a person has just asked for it
 */
export async function resolveRepos(
  repos: readonly string[] | undefined,
  context: LifecycleContext,
  known: Readonly<Record<string, string>> = {},
  successor?: { isNew: boolean },
): Promise<Resolution> {
  const names = repos ?? [];
  const before = knownAs(names, known);
  const written = new Set(names.map(normalName));
  // guard: dropped-names
  const dropped = Object.entries(known).filter(([name]) => !written.has(normalName(name)));
  const resolution: Resolution = { resolved: {}, kept: Object.fromEntries(dropped) };
  const found = await Promise.allSettled(names.map((repo) => idOf(repo, before[repo], successor, context)));
  for (const [index, repo] of names.entries()) {
    const each = found[index] as PromiseSettledResult<string | undefined>;
    if (each.status === "rejected") resolution.failure ??= each.reason as Error;
    const was = before[repo];
    const repoId = each.status === "fulfilled" ? each.value : was;
    if (repoId === undefined) continue;
    resolution.resolved[repo] = repoId;
    // guard: known-until-issued
    resolution.kept[repo] = was === undefined || was === repoId ? repoId : ANOTHER;
  }
  return resolution;
}

/** The known ids, by the names as the program writes them now. */
export function knownAs(
  names: readonly string[] = [],
  known: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const ids = new Map(Object.entries(known).map(([name, repoId]) => [normalName(name), repoId]));
  return Object.fromEntries(
    names.flatMap((name) => {
      const repoId = ids.get(normalName(name));
      return repoId === undefined ? [] : [[name, repoId]];
    }),
  );
}

/** Normalizes a name: the Hub ignores case, and the type of a model is optional. */
function normalName(reference: string): string {
  const parsed = parseRepoReference(reference);
  return "repoId" in parsed ? reference : `${parsed.repoType} ${parsed.repo}`.toLowerCase();
}

/** The id of a name; `undefined` if the reference is already an id. */
async function idOf(
  reference: string,
  known: string | undefined,
  successor: { isNew: boolean } | undefined,
  { client, log }: LifecycleContext,
): Promise<string | undefined> {
  const parsed = parseRepoReference(reference);
  if ("repoId" in parsed) return undefined;
  if (known !== undefined && !successor) return known;
  const { repo, repoType } = parsed;
  let info: RepoInfo;
  try {
    info = await client.getRepo(repo, repoType);
  } catch (error) {
    if (known !== undefined && isNotFound(error)) return known;
    throw error;
  }
  // guard: moved-repository
  if (info.id.toLowerCase() !== repo.toLowerCase()) {
    const moved = `The ${repoType} ${repo} was moved to ${info.id} on the Hub.`;
    if (known === undefined) {
      throw new LifecycleError(
        `${moved} Use that name or the repository's id in repos; the token gets no access to it until then.`,
      );
    }
    log.warn(`${moved} Use that name in repos. The new token gets access to the same repository as before.`);
    return known;
  }
  const repoId = idFrom(info);
  if (known === undefined || repoId === known) return repoId;
  const other = `the ${repoType} ${repo} is a different repository from the one that this token was first given: its id is ${repoId}`;
  const before = known === ANOTHER ? "" : `, and was ${known}`;
  // guard: ids-not-names
  if (!successor?.isNew) {
    log.warn(
      `${other}${before}. The new token gets no access to it. If you trust it, give rotationTriggers a new value; otherwise remove it from repos.`,
    );
    return ANOTHER;
  }
  log.warn(`${other}${before}. The new token gets access to it, because rotationTriggers has a new value.`);
  return repoId;
}

function idFrom({ _id, id }: RepoInfo): string {
  if (_id !== undefined) return _id;
  throw new LifecycleError(
    `The Hub did not return the id of ${id}, which a token needs. Use the id in repos: 24 hexadecimal digits.`,
  );
}
