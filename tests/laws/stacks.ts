// How an engine finds and stores resources.
import { createHash } from "node:crypto";
import { definitionOf } from "../../provider/src/resources/registry";
import { type Declared, type Kept, type Properties, type Stack } from "./steps";

export function findOld({ kept }: Stack, { type, name, aliases = [] }: Declared): Kept | undefined {
  return [name, ...aliases]
    .map((each) => kept.find((old) => old.type === type && old.name === each && !old.doomed))
    .find(Boolean);
}

/** The inputs with the owner's mark, which the resource's class adds. */
export function newInputs(stack: Stack, { type, name, args }: Declared): Properties {
  const { schema, followsOwner } = definitionOf(type);
  const isOwned = "owner" in schema.properties && !followsOwner;
  const owner = createHash("sha256").update(`${stack.name} ${type} ${name}`).digest("hex").slice(0, 8);
  return { ...(isOwned && { owner }), ...args, __provider: "code" };
}

/** The values after the engine's wire format and its state file. */
export function wire(values: Properties): Properties {
  return JSON.parse(JSON.stringify(values)) as Properties;
}

export function copy(stack: Stack): Stack {
  return { name: stack.name, kept: stack.kept.map((kept) => ({ ...kept })) };
}
