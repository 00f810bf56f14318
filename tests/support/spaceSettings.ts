// What people do to the settings of a Space on the Hub.
import { HubClient } from "../../provider/src/client";
import { type Hub } from "./hub";

export const SPACE = "acme/demo-space";

/** The administrator, by hand. */
export class ByHand {
  readonly client: HubClient;

  constructor(private readonly hub: Hub) {
    this.client = new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin });
  }

  async moveSpace(from: string, to: string): Promise<void> {
    await this.#send("POST", "/api/repos/move", { fromRepo: from, toRepo: to, type: "space" });
  }

  async deleteSpace(space = SPACE): Promise<void> {
    const [organization, name] = space.split("/");
    await this.#send("DELETE", "/api/repos/delete", { type: "space", name, organization });
  }

  async createSpace(space = SPACE): Promise<void> {
    const [organization, name] = space.split("/");
    await this.#send("POST", "/api/repos/create", { type: "space", name, organization, sdk: "static" });
  }

  async #send(method: string, path: string, body: object): Promise<void> {
    const headers = { authorization: `Bearer ${this.hub.tokens.admin}`, "content-type": "application/json" };
    const answer = await fetch(this.hub.endpoint + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
}

/** A setting in the Hub's store. */
export function settingIn(
  hub: Hub,
  key: string,
  space = SPACE,
): { kind: string; value?: string; description?: string } | undefined {
  const id = hub.store.repository(space, "space")?.id ?? "";
  const setting = hub.store.spaceSettings.get(`${id}/${key}`);
  if (!setting) return undefined;
  const { kind, value, description } = setting;
  return {
    kind,
    ...(value !== undefined && { value }),
    ...(description !== undefined && { description }),
  };
}
