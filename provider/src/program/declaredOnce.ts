import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError, resolveEnvironment } from "../client/environment";
import { NAMESPACE } from "../model/settings";
import { underMocks } from "./mocks";
import { inProgram } from "./programError";
import { endpointOf } from "./provider";

/** How the arguments of a type name its object on the Hub. */
interface ObjectName {
  /** The arguments that name the object, in the order of its id. */
  arguments: readonly string[];
  /** An argument that belongs to the name, and its value if it is absent. */
  kind?: { argument: string; otherwise: string };
  /** The part of the name that is case-sensitive. */
  caseSensitive?: string;
  /** Types with the same family manage the same objects. Default: only this type. */
  family?: string;
}

/** A key of a Space is a secret or a variable, not both. */
const SPACE_SETTING: ObjectName = {
  arguments: ["space", "key"],
  caseSensitive: "key",
  family: "SpaceSetting",
};

/** All types that may manage an object only once. */
const OBJECTS: Readonly<Record<string, ObjectName>> = {
  MemberRole: { arguments: ["organization", "user"] },
  OrganizationVisibility: { arguments: ["organization"] },
  RepoResourceGroup: { arguments: ["repo"], kind: { argument: "repoType", otherwise: "model" } },
  RepoVisibility: { arguments: ["repo"], kind: { argument: "repoType", otherwise: "model" } },
  ResourceGroupMember: { arguments: ["organization", "groupId", "user"] },
  SpaceSecret: SPACE_SETTING,
  SpaceVariable: SPACE_SETTING,
  SsoConfig: { arguments: ["organization"] },
};

// Each provider has a process of its own, so only the program sees all resources. The key is the connection to the engine, because the
// Automation API may run several programs in one process.
const declared = new WeakMap<object, Map<string, { type: string; name: string }>>();

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
  const { kind } = object;
  const names = [...(kind ? [kind.argument] : []), ...object.arguments];
  const check = (values: readonly unknown[]): void => {
    const parts = names.map((each, i) => values[i] ?? (each === kind?.argument ? kind.otherwise : undefined));
    if (!parts.every((part) => typeof part === "string")) return;
    // Most names on the Hub are not case-sensitive.
    const key = parts.map((part, i) => (names[i] === object.caseSensitive ? part : part.toLowerCase()));
    const id = (kind ? parts.slice(1) : parts).join("/");
    refuseSecond(monitor, {
      type,
      name,
      id,
      key: [hub.toLowerCase(), object.family ?? type, ...key].join(" "),
    });
  };
  const values: unknown[] = names.map((each) => args[each] as unknown);
  const isKnown = (value: unknown): boolean => value === undefined || typeof value === "string";
  // An unknown argument is replaced by its checked value, so that the others stay known in a preview.
  const checked = names.find((each) => !isKnown(args[each]));
  if (checked === undefined) {
    check(values);
    return args;
  }
  const value = pulumi.all(values).apply((known) => {
    inProgram(() => check(known));
    return known[names.indexOf(checked)];
  });
  return { ...args, [checked]: value };
}

function refuseSecond(
  monitor: object,
  { type, name, id, key }: { type: string; name: string; id: string; key: string },
): void {
  const known = declared.get(monitor) ?? new Map<string, { type: string; name: string }>();
  declared.set(monitor, known);
  const first = known.get(key);
  if (first !== undefined) {
    const why = first.type === type ? "They would revert each other." : "It cannot be both.";
    throw new ConfigurationError(
      `${type} "${name}": the ${first.type} "${first.name}" of this stack already manages ${id}. ${why} Keep one of the two.`,
    );
  }
  known.set(key, { type, name });
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
