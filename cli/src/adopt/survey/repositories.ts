import {
  type AuthoredRepo,
  CONFIGURABLE_REPO_TYPES,
  type ConfigurableRepoType,
} from "pulumi-huggingface/client";
import { doubtAbout } from "pulumi-huggingface/core";
import { type Found, type LeftOut } from "../found";
import { plainName } from "../names";
import { forEach } from "../reader";
import { type Asked, count, endsSurvey, listed, type Part, sorted } from "./part";

export async function repositories(asked: Asked): Promise<Part> {
  const all = await asked.reader.ask((client) => client.listRepositories(asked.organization));
  const types = CONFIGURABLE_REPO_TYPES.filter((type) => all.some((each) => each.type === type));
  const gates = await gatesOf(asked, types);
  // The two lists can differ, because they are two requests.
  await forEach(all, async ({ id, type }) => {
    if (gates.has(`${type} ${id}`) || (type !== "model" && type !== "dataset")) return;
    try {
      gates.set(`${type} ${id}`, (await asked.reader.ask((client) => client.getRepo(id, type))).gated);
    } catch (error) {
      if (endsSurvey(error)) throw error;
      // The import asks again, and leaves the repository out with the reason.
    }
  });
  const kind = "repositories";
  const leftOut: LeftOut[] = [];
  const found = all.flatMap(({ id: repo, type, visibility }): Found[] => {
    const repoType = CONFIGURABLE_REPO_TYPES.find((each) => each === type);
    if (!repoType) {
      leftOut.push({
        kind,
        title: `${type} ${repo}`,
        why: `the Hub's API cannot change the settings of a ${type}`,
      });
      return [];
    }
    const gated = gates.get(`${repoType} ${repo}`);
    const isGated = gated === "auto" || gated === "manual";
    return [
      {
        ...{ kind, type: "RepoVisibility", id: `${repoType}/${repo}`, subject: repo },
        title: `${repoType} ${repo} (${visibility}${isGated ? `, gated: ${gated}` : ""})`,
        name: `${repoType}-${plainName(repo.split("/")[1] ?? "")}`,
        args: {
          repo,
          ...(repoType !== "model" && { repoType }),
          visibility,
          // A repository that is not gated needs no declaration, which would cost a request in each refresh.
          ...(isGated && { gated }),
        },
        isOpen: visibility === "public" || visibility === "protected",
      },
    ];
  });
  return { found: sorted(found), leftOut };
}

/** The gates of models and datasets. */
async function gatesOf(
  asked: Asked,
  types: readonly ConfigurableRepoType[],
): Promise<Map<string, AuthoredRepo["gated"]>> {
  const lists = await forEach(types, (type) => listed(asked, type));
  return new Map(
    lists.flatMap((list, at) => list.map(({ id, gated }) => [`${types[at] ?? ""} ${id}`, gated])),
  );
}

export async function organizationVisibility({ reader, organization }: Asked): Promise<Part> {
  const doubt = doubtAbout(await reader.ask((client) => client.whoami()), organization);
  if (doubt) throw new Error(`It needs the token of an administrator who sees everything, but ${doubt}.`);
  const all = await reader.ask((client) => client.listRepositories(organization));
  const wider = all.filter(({ visibility }) => visibility !== "private");
  const found: Found = {
    ...{ kind: "organization-visibility", type: "OrganizationVisibility", id: `${organization}/visibility` },
    ...{ subject: "organization-visibility", name: "visibility", by: "creation" },
    title: `private, with ${count(wider.length, "exception")}`,
    args: {
      organization,
      exceptions: sorted(wider.map((each) => ({ ...each, title: `${each.type} ${each.id}` }))).map(
        ({ id, type, visibility }) => ({ repo: id, repoType: type, visibility }),
      ),
    },
    isOpen: wider.length > 0,
    comment: [
      "It is not an object on the Hub. The first `pulumi up` creates it in the state, and only reads.",
    ],
  };
  return { found: [found], leftOut: [] };
}
