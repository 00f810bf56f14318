import { badRequest, conflict } from "../errors.js";
import { type Answer, type Call, ok } from "../route.js";
import { type CdnRegion, type RepoType, type Visibility } from "../store/records.js";
import * as repositories from "../store/repositories.js";
import { repoName } from "../store/repositories.js";
import { addSpaceSettings, type NewSpaceSetting } from "../store/space-settings.js";
import { requireCreation, requirePlan, requirePrincipal } from "./access.js";
import { checkName, ownNamespace, type RepoParams, resolveVisibility } from "./repositories.js";
import { webAddress } from "./repository-answers.js";

/** The settings of a new repository that have an effect here. The others are only validated. */
interface Creation {
  visibility?: Visibility;
  private?: boolean | null;
  resourceGroupId?: string | null;
  region?: "us" | "eu";
  license?: string;
  sdk?: string;
  hardware?: string;
  secrets?: NewSpaceSetting[];
  variables?: NewSpaceSetting[];
}

export interface NewRepositoryBody extends Creation {
  name: string;
  organization?: string | null;
  type?: RepoType;
}

export interface NewBucketBody extends Creation {
  cdn?: CdnRegion[];
}

export function createRepository(call: Call<unknown, unknown, NewRepositoryBody>): Answer {
  const { store, body } = call;
  const { name, organization, type = "model", ...creation } = body;
  const onGpu = creation.hardware === "zero-a10g" || creation.hardware === "zerogpu";
  if (onGpu && creation.sdk !== "gradio") throw badRequest("hardware: this hardware requires the Gradio SDK");
  return create(call, type, store.canonicalName(organization ?? ownNamespace(call)), name, creation);
}

export function createBucket(call: Call<RepoParams, unknown, NewBucketBody>): Answer {
  const { params, body } = call;
  return create(call, "bucket", params.namespace, params.repo, body);
}

function create(
  call: Call,
  type: RepoType,
  namespace: string,
  name: string,
  creation: Creation & { cdn?: CdnRegion[] },
): Answer {
  const { store, origin } = call;
  const principal = requirePrincipal(call);
  const groupId = creation.resourceGroupId?.toLowerCase();
  requireCreation(call, { type, namespace, resourceGroupId: groupId });
  checkName("name", name);
  const visibility = resolveVisibility(call, type, namespace, creation) ?? "public";
  const resourceGroupId = groupOf(call, namespace, groupId);
  const present = store.repository(`${namespace}/${name}`, type);
  if (present) {
    // With `exist_ok`, official clients read the address from here.
    throw conflict(`You already created this ${type} repo`, {
      url: webAddress(origin, present),
      ...(type === "bucket" && { id: present.id }),
    });
  }
  const { license, region, sdk, cdn, secrets = [], variables = [] } = creation;
  const shared = variables.findIndex(({ key }) => secrets.some((secret) => secret.key === key));
  if (shared >= 0) throw badRequest(`variables.${shared}.key: a secret has this key`);
  const settings: repositories.NewRepository = {
    type,
    namespace,
    name,
    visibility,
    author: principal.kind === "user" ? principal.user.name : principal.account.user,
    // The Hub shows the license as a tag, and the region too if it is not the default one.
    tags: [...(license ? [`license:${license}`] : []), ...(region === "eu" ? ["region:eu"] : [])],
    sdk,
    ...(type === "bucket" && { cdnRegions: cdn ?? [] }),
    resourceGroupId,
  };
  const repo = store.transact(() => {
    const made = repositories.createRepository(store, settings, call.actor);
    addSpaceSettings(store, made, "secret", secrets, call.actor);
    addSpaceSettings(store, made, "variable", variables, call.actor);
    return made;
  });
  return ok({ url: webAddress(origin, repo), name: repoName(repo), id: repo.id });
}

function groupOf(call: Call, namespace: string, id: string | undefined): string | undefined {
  const { store } = call;
  if (id === undefined) return undefined;
  const organization = store.organizations.get(namespace);
  if (!organization || store.resourceGroups.get(id)?.organization !== namespace) {
    throw badRequest("resourceGroupId: no resource group of this organization has this id");
  }
  requirePlan(organization, "team");
  return id;
}
