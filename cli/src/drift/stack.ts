// What a stack has recorded about its resources, from `pulumi stack export`. This does not start the engine.
import {
  ConfigurationError,
  isResourceType,
  LOOKUP_KEY,
  type Properties,
  type ResourceType,
  SEALED,
} from "pulumi-huggingface/core";

/** A resource as the last operation of the engine left it. Encrypted values are `SEALED`. */
export interface Recorded {
  urn: string;
  /** The name in the program. */
  name: string;
  type: ResourceType;
  id: string;
  inputs: Properties;
  /** The names of the inputs that are secrets in the stack, also if they are decrypted. */
  secrets: readonly string[];
  outputs: Properties;
  /** The URN of the provider. */
  provider: string;
  /** When the engine created the resource in the stack. ISO 8601. */
  created: string | undefined;
  /** When the engine last changed the resource in the stack, also in a refresh. ISO 8601. */
  modified: string | undefined;
  /** The file and the line of the program, if the engine recorded it. */
  source: { file: string; line: number } | undefined;
}

/** The settings of a provider in the stack, by their keys in the stack's configuration. */
export interface RecordedProvider {
  name: string;
  settings: Properties;
}

/** A stack without what other packages manage. */
export interface Stack {
  resources: Recorded[];
  /** By URN. */
  providers: Map<string, RecordedProvider>;
  /** When the stack was last changed. ISO 8601. */
  updatedAt: string | undefined;
}

const TYPE = /^pulumi-nodejs:dynamic\/huggingface:(\w+)$/;

/** The key that marks an encrypted value in a deployment, and its value. */
const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";

/** How the engine masks a secret in its events. */
const MASK = "[secret]";

interface Exported {
  urn: string;
  type: string;
  id?: string;
  delete?: boolean;
  external?: boolean;
  provider?: string;
  inputs?: Properties;
  outputs?: Properties;
  created?: string;
  modified?: string;
  sourcePosition?: string;
}

/** Reads the result of `pulumi stack export`. */
export function readStack(text: string): Stack {
  const { resources = [], manifest } = deploymentIn(text);
  const providers = new Map(
    resources
      .filter(({ type }) => type === "pulumi:providers:pulumi-nodejs")
      .map(({ urn, inputs }) => [urn, { name: nameIn(urn), settings: opened(inputs ?? {}) as Properties }]),
  );
  return {
    resources: resources.flatMap((each) => recorded(each) ?? []),
    providers,
    updatedAt: manifest?.time,
  };
}

function recorded(resource: Exported): Recorded | undefined {
  const type = TYPE.exec(resource.type)?.[1];
  const { urn, id, provider, created, modified, sourcePosition } = resource;
  // A resource that is only looked up declares nothing, and the engine still has to delete a replaced one.
  const isOurs =
    resource.delete !== true && resource.external !== true && resource.outputs?.[LOOKUP_KEY] !== true;
  if (type === undefined || id === undefined || !isOurs) return undefined;
  if (!isResourceType(type)) {
    throw new ConfigurationError(
      `The stack has a resource of the type ${type}, which this release does not know. Install the release of pulumi-huggingface-cli that ` +
        "belongs to the release of pulumi-huggingface in the program.",
    );
  }
  return {
    ...{ urn, type, id, created, modified },
    name: nameIn(urn),
    inputs: opened(resource.inputs ?? {}) as Properties,
    secrets: secretsIn(resource.inputs ?? {}),
    outputs: opened(resource.outputs ?? {}) as Properties,
    // The reference ends with the id of the provider.
    provider: (provider ?? "").split("::").slice(0, -1).join("::"),
    source: sourceIn(sourcePosition),
  };
}

/** Replaces each encrypted value by `SEALED`, or by its value if it is decrypted. */
export function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? value : value.map(opened);
  if (typeof value !== "object" || value === null) return value === MASK ? SEALED : value;
  const { [SECRET_KEY]: mark, plaintext } = value as Properties;
  if (mark === SECRET_MARK) {
    return typeof plaintext === "string" && plaintext !== MASK ? (JSON.parse(plaintext) as unknown) : SEALED;
  }
  // Most objects have no secret, and a stack has thousands of them.
  const entries = Object.entries(value).map(([key, each]) => [key, opened(each)] as const);
  const isUnchanged = entries.every(([key, each]) => each === (value as Properties)[key]);
  return isUnchanged ? value : Object.fromEntries(entries);
}

function secretsIn(inputs: Properties): string[] {
  const isObject = (name: string): boolean => typeof inputs[name] === "object";
  return Object.keys(inputs).filter(
    (name) => isObject(name) && JSON.stringify(inputs[name]).includes(SECRET_MARK),
  );
}

function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function sourceIn(position: string | undefined): Recorded["source"] {
  const [, file, line] = /^project:\/\/\/(.+)#(\d+)(?:,\d+)?$/.exec(position ?? "") ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}

function deploymentIn(text: string): { resources?: Exported[]; manifest?: { time?: string } } {
  let exported: { version?: unknown; deployment?: object | null } | null | undefined;
  try {
    exported = JSON.parse(text) as typeof exported;
  } catch {
    exported = undefined;
  }
  if (typeof exported !== "object" || exported === null) {
    throw new ConfigurationError(
      "`pulumi stack export` printed something other than a stack. Run it yourself to see why.",
    );
  }
  if (exported.version !== 3) {
    throw new ConfigurationError(
      `The stack was exported in version ${String(exported.version)} of the format, and this release reads version 3. Use a Pulumi CLI of major version 3.`,
    );
  }
  return exported.deployment ?? {};
}
