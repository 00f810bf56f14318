// An organization with many objects and hostile names, as the command `adopt` may find it.
import { type LocalHubOptions } from "huggingface-local-hub";
import { HubClient } from "../../provider/src/client";
import { makeCertificate } from "./certificate";
import { type Hub } from "./hub";

/** Names that are code, comments, quotation marks or nothing that a reader can see. */
export const HOSTILE = [
  "`${process.exit(1)}`",
  '"); process.exit(1); ("',
  "*/ process.exit(1) /*",
  "// ' \\ \" \\u0022",
  "class",
  "__proto__",
  "constructor",
  "データ パイプライン",
  "e\u0301te\u0301",
  "right\u202eleft",
  "line\u2028separator",
  "🤖🤖",
  "-",
  "1st",
  "CI",
  "ci",
] as const;

/** How many objects an organization has. */
export interface Size {
  repositories: number;
  groups: number;
  tokens: number;
}

/** The contents that the Hub starts with. */
export async function largeSeed({
  repositories,
}: Pick<Size, "repositories">): Promise<NonNullable<LocalHubOptions["seed"]>> {
  const { certificate } = await makeCertificate();
  const types = ["model", "model", "dataset", "space", "bucket"] as const;
  return {
    organizations: [
      {
        name: "initech",
        plan: "enterprise",
        members: [
          { user: "ada", role: "admin" },
          { user: "ben", role: "write" },
          { user: "cleo", role: "contributor" },
          { user: "dan-1.x_y", role: "read" },
          { user: "eve", role: "no_access" },
        ],
      },
    ],
    repositories: Array.from({ length: repositories }, (_, index) => {
      const type = types[index % types.length] as (typeof types)[number];
      const isPublic = index % 7 === 0;
      const isGated = isPublic && index % 2 === 1 && (type === "model" || type === "dataset");
      return {
        repo: `initech/${type === "bucket" ? "data" : "Repo"}-${index}`,
        type,
        visibility: isPublic
          ? ("public" as const)
          : type === "space" && index % 3 === 0
            ? "protected"
            : "private",
        ...(isGated && { gated: "manual" as const }),
      };
    }),
    sso: [
      {
        organization: "initech",
        provider: "saml",
        enabled: true,
        ssoUrl: "https://login.initech.example/saml?tenant=1&x='\"",
        certificate,
      },
    ],
  };
}

/** Adds what a seed cannot describe. Returns the client of an administrator. */
export async function fillOrganization(hub: Hub, { groups, tokens }: Size): Promise<HubClient> {
  const token = hub.createToken("ada", { name: "setup", role: "admin" }).value;
  const client = new HubClient({ endpoint: hub.endpoint, token });
  const repositories = hub.store.repositoriesOf
    .all("initech")
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const nameOf = (index: number): string => HOSTILE[index] ?? `Group ${index}`;
  for (let index = 0; index < groups; index++) {
    const repository = repositories[index * 3];
    const joins = index % 5 === 4;
    const { id } = await client.createResourceGroup("initech", {
      name: nameOf(index),
      description: index % 2 === 0 ? `${HOSTILE[index % HOSTILE.length] ?? ""}\nsecond line` : undefined,
      ...(joins
        ? { autoJoin: { role: "read", scope: "read_plus" } }
        : { users: [{ user: "ben", role: "write" }] }),
      ...(repository && {
        repos: [{ name: `initech/${repository.name}`, type: repository.type as "model" }],
      }),
    });
    if (index % 8 === 0)
      await client.updateResourceGroup("initech", id, { spendLimits: { total: 5000, jobs: 0 } });
  }
  const repoIds = repositories.filter(({ type }) => type === "model" || type === "space").map(({ id }) => id);
  for (let index = 0; index < tokens / 3; index++) {
    const { _id } = await client.createServiceAccount("initech", {
      name: HOSTILE[index] ?? `Pipeline ${index}`,
      ...(index % 2 === 0 && { description: `Build ${HOSTILE[index % HOSTILE.length] ?? ""}` }),
    });
    for (const which of [0, 1, 2]) {
      await client.createServiceAccountToken("initech", _id, {
        displayName: which === 0 ? (HOSTILE[index] ?? "deploy") : `token ${which}`,
        permissions: which === 1 ? ["repo.write", "repo.content.read"] : ["repo.content.read"],
        ...(which === 2 && { repoIds: repoIds.slice(index, index + 3), repoPermissions: ["repo.write"] }),
        ...(which === 1 && { endpointPatterns: ["team-a/*"] }),
      });
    }
  }
  const [one, other] = repositories
    .filter(({ type }) => type === "space")
    .map(({ name }) => `initech/${name}`);
  for (const [space, key, value] of [
    [one, "MODEL", "initech/Repo-1"],
    [one, "GREETING", HOSTILE.join("\n")],
    [other, "model", "other"],
  ] as const) {
    if (space) await client.setSpaceVariable(space, { key, value, description: HOSTILE[2] });
  }
  if (one)
    await client.setSpaceSecret(one, { key: "API_KEY", value: "a-secret-value", description: HOSTILE[0] });
  return client;
}
