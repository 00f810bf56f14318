// The programs to compare. All are plain JavaScript, so that no figure includes a compiler, and all declare the
// contents of fleet.json.

/** The resources that a program declares. */
export interface Fleet {
  organization: string;
  repositories: number;
  /** The number of service accounts, and of tokens for each. */
  accounts: number;
  tokensPerAccount: number;
  sso: boolean;
  /** The number of members of the organization, for a resource group with all of them. */
  members?: number;
  /** Also declare `gated`, which no listing contains: each read needs its own request. */
  gated?: boolean;
  /** Prefix of the repositories' names. Default "fleet". */
  prefix?: string;
}

/** The repository at this position. */
export function repositoryName(fleet: Pick<Fleet, "organization" | "prefix">, index: number): string {
  return `${fleet.organization}/${fleet.prefix ?? "fleet"}-${String(index).padStart(5, "0")}`;
}

/**
 * The number of dynamic resources that our program creates for a fleet: each token has a child that ends its
 * predecessors.
 */
export function resourceCount({ repositories, accounts, tokensPerAccount, sso }: Fleet): number {
  return repositories + accounts + 2 * accounts * tokensPerAccount + (sso ? 1 : 0);
}

const NAMES = `
const fleet = require("./fleet.json");
const repoName = (i) => \`\${fleet.organization}/\${fleet.prefix ?? "fleet"}-\${String(i).padStart(5, "0")}\`;
const count = (n) => Array.from({ length: n }, (_, i) => i);
`;

/** This library. */
export const OURS = `"use strict";
const huggingface = require("pulumi-huggingface");
${NAMES}
const { organization } = fleet;
for (const i of count(fleet.repositories)) {
  new huggingface.RepoVisibility(\`repo-\${i}\`, { repo: repoName(i), visibility: "private", ...(fleet.gated && { gated: false }) });
}
for (const a of count(fleet.accounts)) {
  const account = new huggingface.ServiceAccount(\`account-\${a}\`, { organization, name: \`pipeline \${a}\` });
  for (const t of count(fleet.tokensPerAccount)) {
    new huggingface.HubToken(\`token-\${a}-\${t}\`, {
      organization,
      serviceAccount: account.accountId,
      name: \`token \${t}\`,
      permissions: ["repo.content.read"],
    });
  }
}
if (fleet.sso) {
  new huggingface.SsoConfig("sso", {
    organization,
    provider: "oidc",
    enabled: false,
    ssoUrl: "https://id.example.com",
    clientId: "hub",
    clientSecret: "a secret of the measurements",
    adopt: true,
  });
}
`;

/** A program without resources. */
export const EMPTY = `"use strict";
require("@pulumi/pulumi");
`;

/** One resource of this library for all repositories of an organization. */
export const ORGANIZATION = `"use strict";
const huggingface = require("pulumi-huggingface");
const { organization } = require("./fleet.json");
new huggingface.OrganizationVisibility("all", { organization, widest: "private" });
`;

/** One resource group with all members of an organization. */
export const GROUP = `"use strict";
const huggingface = require("pulumi-huggingface");
const { organization, members } = require("./fleet.json");
new huggingface.ResourceGroup("everyone", {
  organization,
  name: "everyone",
  members: Array.from({ length: members }, (_, i) => ({ user: \`member-\${String(i).padStart(4, "0")}\`, role: "read" })),
});
`;

/** A minimal dynamic resource: it sends no requests and does nothing. */
export const FLOOR = `"use strict";
const pulumi = require("@pulumi/pulumi");
${NAMES}
const provider = { create: async (inputs) => ({ id: "nothing", outs: inputs }) };
class Nothing extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(provider, name, props, opts);
  }
}
for (const i of count(fleet.resources)) new Nothing(\`repo-\${i}\`, { repo: repoName(i), visibility: "private" });
`;

/**
 * A provider like the one in Pulumi's documentation of dynamic providers: an object with the methods, captured by
 * value, and one request with axios for each resource and step.
 */
export const TEXTBOOK = `"use strict";
const pulumi = require("@pulumi/pulumi");
const axios = require("axios");
${NAMES}
const hub = () => ({
  url: process.env.HF_ENDPOINT,
  options: { headers: { Authorization: "Bearer " + process.env.HF_TOKEN } },
});
const repoProvider = {
  async create(inputs) {
    const { url, options } = hub();
    await axios.put(\`\${url}/api/models/\${inputs.repo}/settings\`, { private: inputs.private }, options);
    return { id: inputs.repo, outs: inputs };
  },
  async diff(id, olds, news) {
    return { changes: olds.private !== news.private, replaces: olds.repo !== news.repo ? ["repo"] : [] };
  },
  async read(id, props) {
    const { url, options } = hub();
    const { data } = await axios.get(\`\${url}/api/models/\${id}\`, options);
    return { id, props: { ...props, private: data.private } };
  },
  async update(id, olds, news) {
    const { url, options } = hub();
    await axios.put(\`\${url}/api/models/\${news.repo}/settings\`, { private: news.private }, options);
    return { outs: news };
  },
  async delete() {},
};
class Repo extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(repoProvider, name, props, opts);
  }
}
const accountProvider = {
  async create(inputs) {
    const { url, options } = hub();
    const { data } = await axios.post(\`\${url}/api/organizations/\${inputs.organization}/service-accounts\`, { name: inputs.name }, options);
    return { id: data._id, outs: { ...inputs, accountId: data._id } };
  },
  async diff(id, olds, news) {
    return { changes: olds.name !== news.name };
  },
  async read(id, props) {
    const { url, options } = hub();
    const { data } = await axios.get(\`\${url}/api/organizations/\${props.organization}/service-accounts/\${id}\`, options);
    return { id, props: { ...props, name: data.name } };
  },
  async delete(id, props) {
    const { url, options } = hub();
    await axios.delete(\`\${url}/api/organizations/\${props.organization}/service-accounts/\${id}\`, options);
  },
};
class Account extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(accountProvider, name, { ...props, accountId: undefined }, opts);
  }
}
const tokenProvider = {
  async create(inputs) {
    const { url, options } = hub();
    const { data } = await axios.post(
      \`\${url}/api/organizations/\${inputs.organization}/service-accounts/\${inputs.account}/tokens\`,
      { displayName: inputs.name, permissions: inputs.permissions },
      options,
    );
    return { id: data.tokenInfo._id, outs: { ...inputs, token: data.token } };
  },
  async diff(id, olds, news) {
    return { changes: olds.name !== news.name };
  },
  async read(id, props) {
    const { url, options } = hub();
    const { data } = await axios.get(\`\${url}/api/organizations/\${props.organization}/service-accounts/\${props.account}\`, options);
    const found = data.accessTokens.find((token) => token._id === id);
    return found ? { id, props: { ...props, name: found.displayName } } : {};
  },
  async delete(id, props) {
    const { url, options } = hub();
    await axios.delete(\`\${url}/api/organizations/\${props.organization}/service-accounts/\${props.account}/tokens/\${id}\`, options);
  },
};
class Token extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(tokenProvider, name, { ...props, token: undefined }, { ...opts, additionalSecretOutputs: ["token"] });
  }
}
const ssoProvider = {
  async create(inputs) {
    const { url, options } = hub();
    const { organization, ...settings } = inputs;
    delete settings.__provider;
    await axios.put(\`\${url}/api/organizations/\${organization}/settings/sso\`, settings, options);
    return { id: organization, outs: inputs };
  },
  async diff(id, olds, news) {
    return { changes: olds.ssoUrl !== news.ssoUrl };
  },
  async read(id, props) {
    const { url, options } = hub();
    const { data } = await axios.get(\`\${url}/api/organizations/\${id}/settings/sso\`, options);
    return { id, props: { ...props, ssoUrl: data.ssoUrl } };
  },
  async delete() {},
};
class Sso extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(ssoProvider, name, props, opts);
  }
}
const { organization } = fleet;
for (const i of count(fleet.repositories)) new Repo(\`repo-\${i}\`, { repo: repoName(i), private: true });
for (const a of count(fleet.accounts)) {
  const account = new Account(\`account-\${a}\`, { organization, name: \`textbook \${a}\` });
  for (const t of count(fleet.tokensPerAccount)) {
    new Token(\`token-\${a}-\${t}\`, {
      organization,
      account: account.accountId,
      name: \`token \${t}\`,
      permissions: ["repo.content.read"],
    });
  }
}
if (fleet.sso) {
  new Sso("sso", {
    organization,
    provider: "oidc",
    enabled: false,
    ssoUrl: "https://id.example.com",
    clientId: "hub",
    clientSecret: pulumi.secret("a secret of the measurements"),
  });
}
`;

/** The same work with the Hub's official Python client, in its fastest form: eight requests at a time. */
export const PYTHON_REPOSITORIES = `
import sys, time
from concurrent.futures import ThreadPoolExecutor
from huggingface_hub import HfApi

task, first, *names = sys.argv[1:]
api = HfApi()
begin = time.perf_counter()
if task == "read":
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: api.model_info(name).private, names))
    assert all(found), "a repository is not private"
elif task == "list":
    found = {repo.id: repo for repo in api.list_user_repos(namespace=first)}
    assert all(found[name].visibility == "private" for name in names), "a repository is not private"
else:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: api.update_repo_settings(name, private=True), names))
print(time.perf_counter() - begin)
`;
