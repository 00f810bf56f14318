// What the secrets and the variables of a Space have in common.
import { createHash } from "node:crypto";
import { filled } from "../client/shape";
import { type CheckFailure } from "../model/definition";
import { partsOfId } from "../model/objectId";
import { acknowledgeOverwriteSchema, repoSchema } from "../model/schemas";
import { known } from "../model/unknown";
import { type Facet, unordered } from "./reconcile";

/** A Space has these two kinds of environment variables. A key is one or the other. */
export type SettingKind = "secret" | "variable";

/** The Space and the key of a setting. */
export interface SettingAddress {
  space: string;
  key: string;
}

const KEY = "[a-zA-Z][_a-zA-Z0-9]*";

/** The arguments of a setting, without its value. */
export const settingFields = {
  space: {
    schema: { ...repoSchema, description: '"namespace/name" of the Space, such as "acme/demo"' },
    required: true,
    replaces: true,
    stored: filled,
  },
  key: {
    schema: {
      type: "string",
      maxLength: 200,
      pattern: `^${KEY}$`,
      description: "the name of an environment variable: a letter, followed by letters, digits and _",
    },
    required: true,
    replaces: true,
    stored: filled,
  },
  description: { schema: { type: "string", maxLength: 500, description: "at most 500 characters" } },
  acknowledgeOverwrite: { schema: acknowledgeOverwriteSchema },
} as const;

/** What is encrypted in the state in addition to a secret value, because it contains the value or a hash of it. */
export const SECRET_MEMORY = ["applied", "tried", "seen", "heard"] as const;

/** The value of a setting, as a facet of the rule. `null`: the Space does not have the key. */
export const SETTING: Facet<string | null> = unordered((left, right) => left === right);

/** The id of a setting: `namespace/name/KEY`. */
export function settingId({ space, key }: SettingAddress): string {
  return `${space}/${key}`;
}

/** The parts of `namespace/name/KEY`. */
export function parseSettingId(id: string): SettingAddress {
  return partsOfId(id, {
    pattern: new RegExp(`^(?<space>[^/]+/[^/]+)/(?<key>${KEY})$`),
    of: "a secret or variable of a Space",
    form: "namespace/name/KEY, such as acme/demo/API_KEY",
  }) as unknown as SettingAddress;
}

/** Names a setting within a run, which does not distinguish upper and lower case. Keys do. */
export function settingObject({ space, key }: Partial<SettingAddress>): string | undefined {
  const [name, exactly] = [known(space), known(key)];
  if (name === undefined || exactly === undefined) return undefined;
  // guard: key-in-another-case
  return `${name}/${Buffer.from(exactly).toString("hex")}`;
}

/** The form in which values of secrets are compared and kept, encrypted. */
export function secretHash(value: string): string {
  return createHash("sha256").update(`SpaceSecret ${value}`).digest("hex");
}

/** Refuses a token of the Hub in a variable, which everyone who may see the Space can read. */
export function tokenFailures(value: unknown): CheckFailure[] {
  // guard: token-in-variable
  if (typeof value !== "string" || !/hf_\w{20,}/.test(value)) return [];
  return [
    {
      property: "",
      reason:
        "value: contains a token of the Hub, and everyone who may see the Space can read its variables. Use a SpaceSecret. If the token was " +
        "published, revoke it.",
    },
  ];
}
