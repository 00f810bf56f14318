import { CONFIGURABLE_REPO_TYPES, type ConfigurableRepoType } from "pulumi-huggingface/client";
import { splitMark } from "pulumi-huggingface/core";
import { type Found } from "../found";
import { slugOf } from "../names";
import { type Asked, count, type Part, sorted } from "./part";

export async function resourceGroups({ reader, organization }: Asked): Promise<Part> {
  const groups = await reader.ask((client) => client.listResourceGroups(organization));
  const found = groups.map(({ id, name, description, autoJoin, spendLimits, users, resources }): Found => {
    const { text, mark } = splitMark(description ?? "");
    const others = resources.filter(({ type }) => !isConfigurable(type)).length;
    const joins = autoJoin?.enabled === true;
    return {
      ...{ kind: "resource-groups", type: "ResourceGroup", id: `${organization}/${id}`, subject: name },
      title: `${name} (${count(users.length, "member")}, ${count(resources.length - others, "repository", "repositories")})`,
      name: slugOf(name),
      constant: { text: name, noun: "group" },
      markedBy: mark?.owner,
      args: {
        ...{ organization, name },
        ...(text !== "" && { description: text }),
        ...(joins && { autoJoin: { role: autoJoin.role, scope: autoJoin.scope ?? "all" } }),
        ...(Object.keys(spendLimits ?? {}).length > 0 && { spendLimits }),
        ...(!joins && { members: users.map((user) => ({ user: user.name, role: user.role })) }),
        repositories: resources.flatMap(({ type, name: repo }) =>
          isConfigurable(type) && repo !== undefined
            ? [{ repo, ...(type !== "model" && { repoType: type }) }]
            : [],
        ),
      },
      comment: joins ? ["Members join automatically, so the list of members is not managed."] : [],
    };
  });
  return { found: sorted(found), leftOut: [] };
}

function isConfigurable(type: string): type is ConfigurableRepoType {
  return CONFIGURABLE_REPO_TYPES.some((each) => each === type);
}
