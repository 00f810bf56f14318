import { Command } from "commander";
import { connect, type ConnectionOptions, withConnection } from "../connection";
import { print, shown, type Terminal } from "../terminal";

/** `whoami`: whose token is used. */
export function whoamiCommand(terminal: Terminal): Command {
  const command = new Command("whoami").description("print whose token is used, and where it comes from");
  return withConnection(command).action(async (options: ConnectionOptions) => {
    const { client, tokenSource } = connect(options, terminal);
    const { name, type } = await client.whoami();
    await print(
      terminal,
      `${shown(name)} (${type}) at ${client.endpoint}, with ${tokenSource ?? "no token"}`,
    );
  });
}
