// Routes of the local Hub that no client and no test calls, or not for each type of repository.
import { type Hub } from "../support/hub";
import { expectStatus } from "../local-hub/ask";
import { ORGANIZATION, REPOS } from "./clientCalls";

/** Calls these routes; throws if one of them refuses. */
export async function callOtherRoutes(hub: Hub): Promise<void> {
  const groups = `/api/organizations/${ORGANIZATION}/resource-groups`;
  const body = { name: "Contract" };
  const made = await expectStatus<{ id: string }>(200, hub, "POST", groups, { body });
  await expectStatus(200, hub, "GET", groups);
  for (const [type, repo] of Object.entries(REPOS)) {
    const path = `/api/${type}s/${repo}/resource-group`;
    await expectStatus(200, hub, "POST", path, { body: { resourceGroupId: made.body.id } });
    await expectStatus(200, hub, "GET", path);
    await expectStatus(200, hub, "POST", path, { body: { resourceGroupId: null } });
  }
  await expectStatus(200, hub, "DELETE", `${groups}/${made.body.id}`);
}
