// Requests the listings that many reads share at the same time. Otherwise each read waits for one after another.
import { definitionOf, type Run } from "pulumi-huggingface/core";
import { type Recorded } from "./stack";

type ListedType = "model" | "dataset" | "space";

/** Fewer repositories of one owner and type are looked up one by one. */
const MANY = 10;

/** Requests the listings of each owner of many repositories. What fails is left to the reads, which report it. */
export async function prefetch(
  resources: readonly Recorded[],
  runOf: (resource: Recorded) => Run,
): Promise<void> {
  const groups = new Map<string, Recorded[]>();
  for (const each of resources) {
    if (each.type !== "RepoVisibility") continue;
    const key = `${each.provider} ${placeOf(each).join("/")}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(each);
  }
  const many = [...groups.values()]
    .filter(({ length }) => length >= MANY)
    .map(([first]) => first as Recorded);
  await Promise.all(many.map((each) => requestListings(each, runOf(each))));
}

async function requestListings(resource: Recorded, run: Run): Promise<void> {
  const [type, owner = ""] = placeOf(resource);
  await run
    .reading(definitionOf(resource.type), resource.inputs, async ({ client }) => {
      const ofType =
        type === "bucket"
          ? client.listBuckets(owner)
          : client.listReposOf(owner, { type: type as ListedType });
      await Promise.allSettled([client.listRepositories(owner), ofType]);
    })
    .catch(() => undefined);
}

/** The type and the owner in the id of a RepoVisibility. */
function placeOf({ id }: Recorded): string[] {
  return id.split("/").slice(0, 2);
}
