// Who may do what in an organization, from one table. Replace the rows in access.ts with your own people and groups.
// Administrators are not in the table, so that a mistake in it cannot lock out everyone.
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
      // Both lists are complete: everyone and everything else is taken out, or reported.
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

// After the groups, so that no one has a role in the organization without the groups that go with it.
const roles = Object.entries(people).map(
  ([user, { role }]) =>
    new huggingface.MemberRole(user, { organization, user, role }, { dependsOn: created }),
);

// What the table does not say: people who are not in it, and people who can sign in without a second factor.
const members = pulumi.all(roles.map(({ id }) => id)).apply(() => huggingface.getMembers(organization));
export const notInTable = members.apply((all) =>
  all.filter(({ user }) => !(user in people)).map(({ user, role }) => `${user}: ${role ?? "unknown"}`),
);
export const withoutTwoFactor = members.apply((all) =>
  all.filter(({ twoFaEnabled }) => twoFaEnabled !== true).map(({ user }) => user),
);
