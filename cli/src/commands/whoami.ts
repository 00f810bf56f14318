import { Command } from "commander";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { accountFacts, credentialFacts, type Fact, factLines } from "../doctor/facts";
import { print, type Terminal } from "../terminal";

/** `whoami`: whose token is used. */
export function whoamiCommand(terminal: Terminal): Command {
  const command = new Command("whoami").description("print whose token is used, and where it comes from");
  return withConnection(command)
    .addHelpText("after", HELP)
    .action(async (options: ConnectionOptions) => {
      const { client, tokenSource } = connect(options, terminal);
      const me = await client.whoami();
      const organizations = me.orgs.map(
        ({ name, roleInOrg }): string => `${name} (${roleInOrg ?? "unknown role"})`,
      );
      const facts: Fact[] = [
        ...accountFacts(me),
        ["Hub", client.endpoint],
        ...credentialFacts(tokenSource, me),
        ["Organizations", organizations.join(", ") || "none"],
      ];
      await print(terminal, factLines(terminal, facts));
    });
}

const HELP = `
It never prints the token.

Exit codes: 0 success; 1 error, for example if the Hub refuses the token.

Example:
  pulumi-huggingface whoami --token-env ACME_HF_TOKEN`;
