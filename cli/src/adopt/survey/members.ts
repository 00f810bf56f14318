import { type Found, type LeftOut } from "../found";
import { plainName } from "../names";
import { type Asked, type Part, sorted } from "./part";

export async function members({ reader, organization }: Asked): Promise<Part> {
  const kind = "members";
  const leftOut: LeftOut[] = [];
  const all = await reader.ask((client) => client.listMembers(organization));
  const found = all.flatMap(({ user, role, type = "user" }): Found[] => {
    if (type !== "user" || role === undefined) {
      const why =
        type === "user"
          ? "the Hub does not show the role to this token"
          : `it is an account of the type ${type}`;
      leftOut.push({ kind, title: user, why });
      return [];
    }
    return [
      {
        ...{ kind, type: "MemberRole", id: `${organization}/${user}`, subject: user },
        title: `${user} (${role})`,
        name: plainName(user),
        args: { organization, user, role },
      },
    ];
  });
  return { found: sorted(found), leftOut };
}
