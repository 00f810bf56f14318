import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, resolveEnvironment } from "../client/environment";
import { NAMESPACE } from "../model/settings";
import { underMocks } from "./mocks";
import { inProgram } from "./programError";
import { endpointOf } from "./provider";

/** What names the object on the Hub that two resources would fight over, by their type: an argument, and what tells its kind. */
const OBJECTS: Readonly<Record<string, { name: string; kind?: { argument: string; otherwise: string } }>> = {
  RepoVisibility: { name: "repo", kind: { argument: "repoType", otherwise: "model" } },
  SsoConfig: { name: "organization" },
};

// The engine's process for resources is one for each provider, so only the program sees them all. By the connection to the engine,
// because the Automation API may run several programs in one process, or one program several times.
const declared = new WeakMap<object, Map<string, string>>();

/**
 * Refuses a second resource for one object of the Hub, also with another provider.
 *
 * @returns the arguments; one that only the run knows is checked when it is known
 * @throws ConfigurationError
 */
export function declaredOnce(
  type: string,
  name: string,
  args: pulumi.Inputs,
  options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  const object = OBJECTS[type];
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  // A unit test may make one resource several times.
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
  // The Hub does not tell names by their case.
  const first = known.get(key.toLowerCase());
  if (first !== undefined) {
    throw new ConfigurationError(
      `${type} "${name}": another ${type} of this stack declares ${id} too, "${first}". Two would undo each other: keep one.`,
    );
  }
  known.set(key.toLowerCase(), name);
}

/** The address of the Hub that a resource is on; `undefined` if only the run knows it. */
function hubOf(type: string, options: pulumi.CustomResourceOptions): string | undefined {
  const token = `pulumi-nodejs:dynamic/huggingface:${type}`;
  const provider = options.provider ?? options.parent?.getProvider(token);
  const endpoint = provider
    ? endpointOf(provider)
    : (new pulumi.Config(NAMESPACE).get("endpoint") ?? resolveEnvironment().endpoint);
  return endpoint?.replace(/\/$/, "");
}
