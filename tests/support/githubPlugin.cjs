// Stands in for Pulumi's provider for GitHub, which needs GitHub. It has one kind of resource, and stores the values
// in the file GITHUB_SECRETS.
const { readFileSync, writeFileSync } = require("node:fs");
const { main } = require("@pulumi/pulumi/provider");

/** The key with which the engine marks a secret on the wire. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

const plain = (value) => (value?.[SIGNATURE] === undefined ? value : value.value);

/** Sets a secret, as a repository's API does, or deletes it. */
function set({ repository, secretName }, value) {
  const secrets = JSON.parse(readFileSync(process.env.GITHUB_SECRETS, "utf8"));
  writeFileSync(
    process.env.GITHUB_SECRETS,
    JSON.stringify({ ...secrets, [`${repository}/${secretName}`]: value }),
  );
}

main(
  {
    diff: async (_id, _urn, olds, news) => ({ changes: plain(olds.value) !== plain(news.value) }),
    create: async (_urn, inputs) => {
      set(inputs, plain(inputs.value));
      return { id: `${inputs.repository}:${inputs.secretName}`, outs: inputs };
    },
    update: async (_id, _urn, _olds, news) => {
      set(news, plain(news.value));
      return { outs: news };
    },
    delete: async (_id, _urn, props) => set(props, undefined),
  },
  process.argv.slice(2),
);
