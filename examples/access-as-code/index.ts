// Who may do what in an organization, from one table. Replace the rows in access.ts with your own people and resource groups.
// Administrators are not in the table, so that a mistake in it cannot lock out everyone.
//
// Needs the Team plan, and a token of an organization administrator in HF_TOKEN.
//
//   pulumi config set organization acme
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";
import { type Group, groups, people } from "./access";

const config = new pulumi.Config();
const organization = config.get("organization") ?? "acme";

const created = Object.entries<Group>(groups).map(
  ([name, { description, repositories }]) =>
    new huggingface.ResourceGroup(name, {
      organization,
      name,
      description,
      // Both lists are complete. `pulumi up` removes other members. To remove a repository that someone added, it needs a reason.
      members: Object.entries(people).flatMap(([user, person]) => {
        const role = person.groups[name as keyof typeof groups];
        return role === undefined ? [] : [{ user, role }];
      }),
      repositories: repositories.map(({ name: repo, repoType }) => ({
        repo: `${organization}/${repo}`,
        repoType: repoType ?? "model",
      })),
    }),
);

// Roles change after the resource groups, so that everyone is in the right resource groups first.
const roles = Object.entries(people).map(
  ([user, { role }]) =>
    new huggingface.MemberRole(user, { organization, user, role }, { dependsOn: created }),
);

// For the review: people who are not in the table, and people who can sign in without a second factor.
const members = pulumi.all(roles.map(({ id }) => id)).apply(() => huggingface.getMembers(organization));
export const notInTable = members.apply((all) =>
  all.filter(({ user }) => !(user in people)).map(({ user, role }) => `${user}: ${role ?? "unknown"}`),
);
export const withoutTwoFactor = members.apply((all) =>
  all.filter(({ twoFaEnabled }) => twoFaEnabled !== true).map(({ user }) => user),
);
