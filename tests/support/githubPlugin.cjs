// Plays Pulumi's provider for GitHub, which needs GitHub: one kind of resource, whose values it keeps in the file GITHUB_SECRETS.
const { readFileSync, writeFileSync } = require("node:fs");
const { main } = require("@pulumi/pulumi/provider");

/** The key by which the engine marks a secret on its way. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

const plain = (value) => (value?.[SIGNATURE] === undefined ? value : value.value);

/** Sets a secret, as the API of a repository does, or deletes it. */
function set({ repository, secretName }, value) {
  const secrets = JSON.parse(readFileSync(process.env.GITHUB_SECRETS, "utf8"));
  writeFileSync(
    process.env.GITHUB_SECRETS,
    JSON.stringify({ ...secrets, [`${repository}/${secretName}`]: value }),
  );
}

main(
  {
    version: require("@pulumi/github/package.json").version,
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
