// What the calls of the contract test are about, and the ids that earlier calls of a client have returned.
import { type HubClient } from "../../provider/src/client";
import { type ConfigurableRepoType } from "../../provider/src/client/types";

/** A call of one method. */
export interface ClientCall {
  method: keyof HubClient;
  /** The operation that it sends, as `document.ts` names it. */
  operation: string;
  run(client: HubClient): Promise<unknown>;
}

/** The organization in all calls. */
export const ORGANIZATION = "acme";

/** A member of the organization who is not the owner of the token. */
export const MEMBER = "cora-contributor";

/** A repository of each type whose settings can be changed. */
export const REPOS: Record<ConfigurableRepoType, string> = {
  model: "acme/llm-private",
  dataset: "acme/telemetry",
  space: "acme/labeling",
  bucket: "acme/checkpoints",
};

/** A repository of the type without settings. */
export const KERNEL = "acme/attention";

/** Ids that earlier calls of a client have returned. Before that, any id does for a server that accepts all ids. */
class Made {
  account = "6650000000000000000000aa";
  token = "6650000000000000000000bb";
  memberToken = "6650000000000000000000cc";
  group = "6650000000000000000000dd";
  ownToken = "contract";
}

const madeBy = new WeakMap<HubClient, Made>();

export function madeWith(client: HubClient): Made {
  const made = madeBy.get(client) ?? new Made();
  madeBy.set(client, made);
  return made;
}
