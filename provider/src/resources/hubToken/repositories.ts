// Access is given to the ids of repositories, never to names: anyone may create another repository under a name that was deleted.
import { isNotFound } from "../../client/errors";
import { type RepoInfo } from "../../client/types";
import { type LifecycleContext, LifecycleError } from "../../model/definition";
import { ANOTHER } from "../../rules/permissions";
import { parseRepoReference } from "../../rules/repoReference";

/** What the names of repositories stand for. */
export interface Resolution {
  /** The id of each name. */
  resolved: Record<string, string>;
  /**
   * What is kept until the update succeeds: a name that leads to another repository than before gives no access to it, and a name that the
   * program has dropped stays known.
   */
  kept: Record<string, string>;
  /** Why a name that was never resolved could not be. */
  failure?: Error;
}

/**
 * Finds the ids of repositories.
 *
 * @param known - the ids that names were found to have before; see the model
 * @param successor - asks for known names too, for a new token; `fresh` says that a person has just asked for it
 */
export async function resolveRepos(
  repos: readonly string[] | undefined,
  context: LifecycleContext,
  known: Readonly<Record<string, string>> = {},
  successor?: { fresh: boolean },
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

/** Known ids by the names as the program writes them now. */
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

/** The Hub does not tell names by their case, and a model may be named with its type. */
function normalName(reference: string): string {
  const parsed = parseRepoReference(reference);
  return "repoId" in parsed ? reference : `${parsed.repoType} ${parsed.repo}`.toLowerCase();
}

/** The id of a name; `undefined` for what is an id already. */
async function idOf(
  reference: string,
  known: string | undefined,
  successor: { fresh: boolean } | undefined,
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
        `${moved} Give that name in repos, or the repository's id; the token gets no access to it.`,
      );
    }
    log.warn(
      `${moved} Give that name in repos. The token gets access to the repository that it was first given.`,
    );
    return known;
  }
  const repoId = idFrom(info);
  if (known === undefined || repoId === known) return repoId;
  const other = `the ${repoType} ${repo} is another repository than the one that this token was first given: its id is ${repoId}`;
  const before = known === ANOTHER ? "" : `, and was ${known}`;
  // guard: ids-not-names
  if (!successor?.fresh) {
    log.warn(
      `${other}${before}. The new token gets no access to it. If you trust it, change rotationTriggers; otherwise take it out of repos.`,
    );
    return ANOTHER;
  }
  log.warn(`${other}${before}. The new token gets access to it, because rotationTriggers has a new value.`);
  return repoId;
}

function idFrom({ _id, id }: RepoInfo): string {
  if (_id !== undefined) return _id;
  throw new LifecycleError(
    `The Hub does not say the id of ${id}, which a token needs. Give the id itself in repos: 24 hexadecimal digits.`,
  );
}
