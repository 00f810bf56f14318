import { type ConfigurableRepoType, type OrgRole } from "pulumi-huggingface";

/** A resource group: only its members get access to its repositories, with the role that they have in it. */
export interface Group {
  description: string;
  repositories: { name: string; repoType?: ConfigurableRepoType }[];
}

export const groups = {
  research: {
    description: "Models before they are released",
    repositories: [{ name: "llm" }, { name: "speech-base" }, { name: "evaluation", repoType: "dataset" }],
  },
  support: {
    description: "Data of customers",
    repositories: [{ name: "customer-tickets", repoType: "dataset" }],
  },
} satisfies Record<string, Group>;

/** A person: the role in the organization, and the roles in resource groups. */
export interface Person {
  role: OrgRole;
  groups: Partial<Record<keyof typeof groups, OrgRole>>;
}

/**
 * The table for your access review: one line for each person. If someone gets more rights on the Hub, `pulumi up --refresh`
 * removes them again. If someone loses rights on the Hub, `pulumi up` restores them only with a new reason in the argument
 * `acknowledgeOverwrite` of the resource.
 */
export const people: Record<string, Person> = {
  "wim-write": { role: "write", groups: { research: "admin", support: "read" } },
  "cora-contributor": { role: "contributor", groups: { research: "write" } },
  "rex-read": { role: "read", groups: { support: "write" } },
};
