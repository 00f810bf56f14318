import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, resolveEnvironment } from "../client/environment";
import { NAMESPACE } from "../model/settings";
import { underMocks } from "./mocks";
import { inProgram } from "./programError";
import { endpointOf } from "./provider";

/** For each type that may manage an object only once: the argument that names the object, and the argument with its kind. */
const OBJECTS: Readonly<Record<string, { name: string; kind?: { argument: string; otherwise: string } }>> = {
  OrganizationVisibility: { name: "organization" },
  RepoVisibility: { name: "repo", kind: { argument: "repoType", otherwise: "model" } },
  SsoConfig: { name: "organization" },
};

// Each provider has a process of its own, so only the program sees all resources. The key is the connection to the engine, because the
// Automation API may run several programs in one process.
const declared = new WeakMap<object, Map<string, string>>();

/**
 * Refuses a second resource for the same object on the Hub, also with another provider.
 *
 * @returns the arguments; an argument that is an output is checked when its value is known
 * @throws ConfigurationError if the program already declares the object
 */
export function declaredOnce(
  type: string,
  name: string,
  args: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  const object = OBJECTS[type];
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  // A unit test may create the same resource several times.
  if (!object || !monitor || underMocks()) return args;
  const hub = hubOf(type, options);
  if (hub === undefined) return args;
  const check = (id: unknown, kind: unknown = object.kind?.otherwise): void => {
    if (typeof id === "string")
      refuseSecond(monitor, { type, name, id, key: `${hub} ${type} ${String(kind)}/${id}` });
  };
  const id: unknown = args[object.name];
  const kind: unknown = object.kind && args[object.kind.argument];
  if (typeof id === "string" && (kind === undefined || typeof kind === "string")) {
    check(id, kind);
    return args;
  }
  const checked = pulumi.all([id, kind]).apply(([knownId, knownKind]) => {
    inProgram(() => check(knownId, knownKind));
    return knownId;
  });
  return id === undefined ? args : { ...args, [object.name]: checked };
}

function refuseSecond(
  monitor: object,
  { type, name, id, key }: { type: string; name: string; id: string; key: string },
): void {
  const known = declared.get(monitor) ?? new Map<string, string>();
  declared.set(monitor, known);
  // Names on the Hub are not case-sensitive.
  const first = known.get(key.toLowerCase());
  if (first !== undefined) {
    throw new ConfigurationError(
      `${type} "${name}": the ${type} "${first}" of this stack already manages ${id}. They would revert each other. Keep one of the two.`,
    );
  }
  known.set(key.toLowerCase(), name);
}

/** The address of the Hub that a resource is on; `undefined` if it is not known before the run. */
function hubOf(type: string, options: pulumi.CustomResourceOptions): string | undefined {
  const token = `pulumi-nodejs:dynamic/huggingface:${type}`;
  const provider = options.provider ?? options.parent?.getProvider(token);
  const endpoint = provider
    ? endpointOf(provider)
    : (new pulumi.Config(NAMESPACE).get("endpoint") ?? resolveEnvironment().endpoint);
  return endpoint?.replace(/\/$/, "");
}
