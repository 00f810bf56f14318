"use strict";
// Reads what a drift check of repositories and tokens has to read from the Hub, and nothing else.
const { HubClient } = require("pulumi-huggingface/client");

async function main() {
  const client = new HubClient();
  const organization = process.argv[2];
  const tokens = async () => {
    const accounts = await client.listServiceAccounts(organization);
    await Promise.all(accounts.map(({ _id }) => client.getServiceAccount(organization, _id)));
  };
  await Promise.all([client.listRepositories(organization), client.listReposOf(organization), tokens()]);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
