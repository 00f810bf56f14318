// The program of the stacks: declares the resources of a history one after another.
import { type Declared } from "../engine";

export const PROGRAM = `
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const huggingface = require("pulumi-huggingface");

module.exports = (async () => {
  const second = new huggingface.Provider("second", { tokenEnv: "HF_TOKEN", endpoint: process.env.HF_ENDPOINT, maxRetries: 0 });
  for (const { type, name, args, isOfSecond, ...options } of JSON.parse(readFileSync("declared." + pulumi.getStack() + ".json", "utf8"))) {
    const resource = new huggingface[type](name, args, isOfSecond ? { ...options, provider: second } : options);
    // Each resource, with the child that a token registers, ends before the next begins. A failed one may never end.
    await resource.urn.promise().catch(() => undefined);
    await pulumi.runtime.waitForRPCs();
  }
})();
`;

/** The content of the program's file. The child of a token is declared by the token's class. */
export function declaredFile(program: readonly Declared[]): string {
  const own = program.filter(({ from }) => from === undefined);
  return JSON.stringify(
    own.map(({ type, name, args, aliases = [], retainOnDelete = false, provider = 0 }) => ({
      type,
      name,
      args,
      aliases: aliases.map((alias) => ({ name: alias })),
      retainOnDelete,
      isOfSecond: provider === 1,
    })),
  );
}

const CHILD = "HubTokenPredecessors";

/** The type and name that the histories use. On the engine, a child has its parent's name. */
export function resourceOf(urn: string): { type: string; name: string } {
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.slice(types.lastIndexOf(":") + 1);
  return { type, name: type === CHILD ? `${name} predecessors` : name };
}

/** The provider that a resource of the state has. */
export const providerOf = (reference: string | undefined): number =>
  reference?.includes("::second::") ? 1 : 0;
