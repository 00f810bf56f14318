import { type Kind } from "./kinds";
import { type Selectable } from "./selection";

/** Arguments of a resource as plain data. */
export type Arguments = Record<string, unknown>;

/** An object of the Hub that can be adopted. */
export interface Found extends Selectable {
  /** The resource type, such as `RepoVisibility`. */
  type: string;
  /** The id for an import. */
  id: string;
  /** The object in a list. Text from the Hub, not yet safe to print. */
  title: string;
  /** The wanted name of the resource. */
  name: string;
  /** The wanted name of the exported constant, if there is one. */
  constant?: { text: string; noun: string };
  args: Arguments;
  /** Whether outsiders can see the object, so that the program has to say why. */
  isOpen?: boolean;
  /** The owner in the mark of another resource. */
  markedBy?: string | undefined;
  /** The argument whose value the Hub does not show, so that the program has to read it from the configuration. */
  unknown?: string;
  /** How the first `pulumi up` takes over the object. Default: it is in the import file. */
  by?: "option import" | "creation" | "overwriting";
  /** What a person should know about it, in the program. */
  comment?: readonly string[];
}

/** What is not adopted, and why. */
export interface LeftOut {
  kind: Kind;
  /** Text from the Hub, not yet safe to print. */
  title: string;
  why: string;
}

/** What an organization has. */
export interface Survey {
  found: Found[];
  leftOut: LeftOut[];
  /** Kinds that the Hub did not show, and why. */
  hidden: { kind: Kind; why: string }[];
  /** Why the token may not see all objects of the other kinds. */
  doubt?: string | undefined;
}
