// The import file: what the option `import` would store for each object, so that no refresh is necessary.
import {
  definitionOf,
  ENDPOINT_KEY,
  handlerText,
  IMPORT_KEY,
  LifecycleError,
  ownerOf,
  PROVIDER_KEY,
  type Properties,
  writtenState,
} from "pulumi-huggingface/core";
import { type Arguments, type Found } from "./found";
import { type Reader } from "./reader";

/** One resource in the file for `pulumi import --file`. */
export interface ImportEntry {
  type: string;
  /** The name in this file; two types may have resources of the same name. */
  name: string;
  /** The name of the resource. */
  logicalName: string;
  id: string;
  /** The name of another entry. */
  parent?: string;
  inputs: Properties;
  outputs: Properties;
}

/** Whose resources these will be. */
export interface Stack {
  project: string;
  stack: string;
}

/** The form of a secret value in the file. Pulumi encrypts it in the state. */
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/**
 * Reads an object and returns its entries in the import file. It runs the same code as the option `import`.
 *
 * @param args - what the program declares
 * @throws Error that says why the object cannot be imported
 */
export async function entriesOf(
  reader: Reader,
  { type, id, markedBy }: Found,
  { name, args, stack }: { name: string; args: Arguments; stack: Stack },
): Promise<ImportEntry[]> {
  const handler = reader.handler(type);
  const isOwned = "owner" in definitionOf(type).schema.properties;
  const owner = markedBy ?? ownerOf(stack.project, stack.stack, type, name);
  const declared = { ...args, ...(isOwned && { owner }), [IMPORT_KEY]: id };
  const { inputs, failures } = await handler.check({}, declared);
  if (failures.length > 0) throw new LifecycleError(failures.map(({ reason }) => reason).join("; "));
  const { outs } = await handler.create(inputs);
  const { [IMPORT_KEY]: _option, ...stored } = inputs;
  const entry = entryOf(type, name, { id, inputs: stored, outs });
  return type === "HubToken" ? [entry, await childOf(reader, name, entry.name, outs)] : [entry];
}

/** The child that each token creates. Without it, the first preview would show a creation. */
async function childOf(
  reader: Reader,
  name: string,
  parent: string,
  token: Properties,
): Promise<ImportEntry> {
  const type = "HubTokenPredecessors";
  const definition = definitionOf(type);
  const { organization, serviceAccount, tokenId, status, predecessors, overlapHours, idleMinutes, owner } =
    token;
  const declared = {
    organization,
    serviceAccount,
    tokenId,
    status,
    predecessors,
    overlapHours,
    idleMinutes,
    owner,
  };
  const { inputs, failures } = await reader.handler(type).check({}, declared);
  if (failures.length > 0) throw new LifecycleError(failures.map(({ reason }) => reason).join("; "));
  // Its creation only reads, and this way it shares the Hub's answers.
  const made: { id: string; state: object } = await reader.run.reading(definition, inputs, (context) =>
    definition.create(inputs, context),
  );
  const outs = { ...writtenState(definition, made.state), [ENDPOINT_KEY]: reader.run.endpoint };
  return { ...entryOf(type, name, { id: made.id, inputs, outs }), parent };
}

function entryOf(
  type: string,
  name: string,
  { id, inputs, outs }: { id: string; inputs: Properties; outs: Properties },
): ImportEntry {
  const { secrets } = definitionOf(type);
  const hidden = (values: Properties): Properties =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [
          key,
          secrets.includes(key) ? { ...SECRET, plaintext: JSON.stringify(value) } : value,
        ]),
    );
  const code = { [PROVIDER_KEY]: handlerText(type) };
  return {
    type: `pulumi-nodejs:dynamic/huggingface:${type}`,
    name: `${type} ${name}`,
    logicalName: name,
    id,
    inputs: { ...hidden(inputs), ...code },
    outputs: { ...hidden(outs), ...code },
  };
}
