// What several resources ask about a repository: whether it exists, and which one it is.
import { type AuthoredRepo, type HubClient, type RepoInfo } from "../client";
import { statusOf } from "../client/errors";
import { LifecycleError } from "../model/definition";
import { sameName } from "../model/plain";
import { type RepoAddress } from "../model/repoAddress";
import { secondOf } from "../rules/moment";
import { isGoneFromFullView } from "./absence";

/** The Hub redirects the declared name to another repository, which the program does not declare. */
export class MovedError extends LifecycleError {
  /**
   * @param repository - the type and the declared name, such as "model acme/llm"
   * @param argument - the argument with the name
   */
  constructor(repository: string, argument: string, target: string) {
    super(
      `${repository} was moved to ${target} on the Hub. Declare ${argument}: ${JSON.stringify(target)}, or remove this resource from the program; ` +
        "nothing was changed.",
    );
  }
}

/** The identity of a repository: its id, or the creation time of a bucket, which has no id. */
export function identityOfRepo(
  { repoType }: RepoAddress,
  { _id, createdAt }: Pick<AuthoredRepo, "_id" | "createdAt">,
): string | undefined {
  // guard: second-of-a-bucket
  return _id ?? (repoType === "bucket" ? createdAt && secondOf(createdAt) : undefined);
}

/** The repository in a listing that the reads of a refresh share; `undefined` if the listing does not show it. */
export async function listedRepo(
  client: HubClient,
  { repo, repoType }: RepoAddress,
): Promise<AuthoredRepo | undefined> {
  const [namespace, search] = [namespaceOf(repo), nameOf(repo)];
  const listing = await ifAllowed(() =>
    repoType === "bucket"
      ? client.listBuckets(namespace, { search })
      : client.listReposOf(namespace, { type: repoType, search }),
  );
  return listing?.find(({ id }) => sameName(id, repo));
}

/**
 * The repository itself; `undefined` if it certainly does not exist.
 *
 * @throws MovedError if the name leads to another repository
 */
export async function existingRepo(client: HubClient, address: RepoAddress): Promise<RepoInfo | undefined> {
  const { repo, repoType } = address;
  const info = await client.getRepo(repo, repoType).catch(async (error: unknown) => {
    if (!(await isGoneFromFullView(error, client, namespaceOf(repo)))) throw error;
  });
  if (info && !sameName(info.id, repo)) throw new MovedError(`${repoType} ${repo}`, "repo", info.id);
  return info ?? undefined;
}

/** `undefined` if these credentials, or the organization's plan, do not allow it. */
export async function ifAllowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if ([402, 403, 404].includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

export function namespaceOf(repo: string): string {
  return repo.split("/")[0] as string;
}

export function nameOf(repo: string): string {
  return repo.slice(namespaceOf(repo).length + 1);
}
