import { type ServiceAccountInfo, type ServiceAccountToken } from "pulumi-huggingface/client";
import { splitMark } from "pulumi-huggingface/core";
import { type Arguments, type Found, type LeftOut } from "../found";
import { slugOf } from "../names";
import { forEach } from "../reader";
import { type Asked, listed, type Part, sorted } from "./part";

export async function tokens({ reader, organization }: Asked): Promise<Part> {
  const accounts = await reader.ask((client) => client.listServiceAccounts(organization));
  const leftOut: LeftOut[] = [];
  const lists = await forEach(accounts, async (account) => {
    const details = await reader.ask((client) => client.getServiceAccount(organization, account._id));
    if (!details.accessTokens) {
      const why = "the Hub does not list its tokens to this token";
      leftOut.push({ kind: "tokens", title: `tokens of ${account.name}`, why });
    }
    return (details.accessTokens ?? []).map((token) => ({ account, token }));
  });
  const issued = lists.flat();
  const names = issued.some(({ token }) => token.repoIds?.length)
    ? await namesById({ reader, organization })
    : NO_NAMES;
  const found = issued.map(({ account, token }) => tokenOf(organization, account, token, names));
  return { found: sorted(found), leftOut };
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** The names of the organization's repositories in the form of a token's argument, by the Hub's ids. */
async function namesById(asked: Asked): Promise<ReadonlyMap<string, string>> {
  const types = ["model", "dataset", "space"] as const;
  const lists = await forEach(types, (type) => listed(asked, type));
  const prefixes = ["", "datasets/", "spaces/"];
  return new Map(
    lists.flatMap((list, at) =>
      list.flatMap(({ _id, id }) =>
        _id === undefined ? [] : [[_id, `${prefixes[at] ?? ""}${id}`] as const],
      ),
    ),
  );
}

function tokenOf(
  organization: string,
  account: ServiceAccountInfo,
  token: ServiceAccountToken,
  names: ReadonlyMap<string, string>,
): Found {
  const { text, mark } = splitMark(token.displayName);
  const {
    permissions = [],
    repoPermissions = [],
    repoIds = [],
    endpointPatterns = [],
    skipNetworkSecurity,
  } = token;
  return {
    ...{ kind: "tokens", type: "HubToken", id: `${organization}/${account._id}/${token._id}` },
    subject: `${account.name}/${text}`,
    title: `${text} of ${account.name}`,
    name: [slugOf(account.name), slugOf(text)].filter(Boolean).join("-"),
    constant: { text: `${account.name} ${text}`, noun: "token" },
    markedBy: mark?.owner,
    args: {
      ...{ organization, serviceAccount: account._id, name: text, permissions: [...permissions].sort() },
      ...(repoIds.length > 0 && { repos: repoIds.map((id) => names.get(id) ?? id).sort() }),
      ...(repoPermissions.length > 0 && { repoPermissions: [...repoPermissions].sort() }),
      ...(endpointPatterns.length > 0 && { endpointPatterns: [...endpointPatterns].sort() }),
      ...(skipNetworkSecurity === true && { skipNetworkSecurity }),
    },
  };
}

export async function ownTokens({ reader }: Asked): Promise<Part> {
  const kind = "own-tokens";
  const { auth } = await reader.ask((client) => client.whoami());
  const own = auth?.accessToken?.displayName;
  const leftOut: LeftOut[] = [];
  const all = await reader.ask((client) => client.listTokens());
  const found = all.flatMap(({ name: hubName, role, expiresAt }): Found[] => {
    if (hubName === own) {
      leftOut.push({ kind, title: hubName, why: "this run uses it" });
      return [];
    }
    const { text, mark } = splitMark(hubName);
    const args: Arguments = { name: text, role, ...(expiresAt && { expiresAt }) };
    return [
      {
        ...{ kind, type: "HubToken", id: `user/${hubName}`, subject: text, title: `${text} (${role})` },
        name: ["user", slugOf(text)].filter(Boolean).join("-"),
        constant: { text: `user ${text}`, noun: "token" },
        ...{ markedBy: mark?.owner, args },
      },
    ];
  });
  return { found: sorted(found), leftOut };
}
