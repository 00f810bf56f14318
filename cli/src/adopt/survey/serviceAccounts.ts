import { splitMark } from "pulumi-huggingface/core";
import { type Found } from "../found";
import { slugOf } from "../names";
import { type Asked, type Part, sorted } from "./part";

export async function serviceAccounts({ reader, organization }: Asked): Promise<Part> {
  const accounts = await reader.ask((client) => client.listServiceAccounts(organization));
  const found = accounts.map(({ _id, name, description }): Found => {
    const { text, mark } = splitMark(description ?? "");
    return {
      ...{ kind: "service-accounts", type: "ServiceAccount", id: `${organization}/${_id}`, subject: name },
      title: name,
      name: slugOf(name),
      constant: { text: name, noun: "account" },
      markedBy: mark?.owner,
      args: { organization, name, ...(text !== "" && { description: text }) },
    };
  });
  return { found: sorted(found), leftOut: [] };
}
