// What an engine has, does and tells.
import { type LawHub } from "./hub";

export type Properties = Record<string, unknown>;

/** A resource as a program declares it. */
export interface Declared {
  type: string;
  name: string;
  args: Properties;
  /** Names that it had before. */
  aliases?: string[];
  retainOnDelete?: boolean;
  /** Which of the program's providers it has; each is a process of its own. Default: the first. */
  provider?: number;
  /** Outputs of another resource that are arguments of this one, under the same names. */
  from?: { type: string; name: string; takes: readonly string[] };
}

/** A resource as a stack has it. */
export interface Kept {
  /** The same for as long as the stack has it, under whatever name. */
  uid: number;
  type: string;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Whether its last step failed, and left something to store. */
  unfinished?: boolean;
  /** Whether its successor is there and only its deletion is left. */
  doomed?: boolean;
  retainOnDelete?: boolean;
  /** The provider that it was last declared with. */
  provider?: number;
}

/** A stack and what it holds. */
export interface Stack {
  name: string;
  kept: Kept[];
}

/** How an operation is run. */
export interface Options {
  preview?: boolean;
  refresh?: boolean;
  /** Names of resources to replace. */
  replace?: readonly string[];
  /** Names that `--target` names; default all. */
  target?: readonly string[];
  /** Whether other resources go on after one has failed, as those do that run at the same time. */
  othersGoOn?: boolean;
}

export type Method = "check" | "diff" | "create" | "read" | "update" | "delete";

/** One call of the handler. */
export interface Step {
  method: Method;
  /** The provider whose process is called. */
  provider: number;
  stack: string;
  type: string;
  name: string;
  preview: boolean;
  /** Whether it belongs to the refresh half. */
  refreshing: boolean;
  /** What the program declares; absent if it does not. */
  declared?: Declared;
  /** What the stack has before. */
  old?: Kept;
  /** Whether it makes the successor in a replacement. */
  replaces?: boolean;
  /** What the creation will be known by. */
  uid?: number;
}

/** What came of a call. */
export interface Outcome {
  /** Why it failed. */
  error?: Error;
  /** Whether the error says what to store. */
  stored: boolean;
  dead: boolean;
  result?: unknown;
}

/** Whoever watches an engine. */
export interface Watcher {
  begin(step: Step): void;
  end(step: Step, outcome: Outcome): void;
  say(severity: "info" | "warning", message: string): void;
}

/** What became of an operation. */
export interface Ended {
  failed: boolean;
  dead: boolean;
  /** What a preview shows, or what was done, by the name of the resource. */
  plan: Map<string, "same" | "create" | "update" | "replace" | "delete" | "refused">;
}

/** What plays the operations of a history. */
export interface Engine {
  operation(
    stack: Stack,
    program: readonly Declared[],
    options: Options,
    watcher: Watcher,
    hub: LawHub,
  ): EngineOperation;
  /** `pulumi state move`, beside what the two stacks are told to hold. */
  move(from: Stack, to: Stack, kept: Kept): Promise<void>;
}

/** One operation, to be run in one of these ways. */
export interface EngineOperation {
  up(): Promise<Ended>;
  refresh(): Promise<Ended>;
  destroy(): Promise<Ended>;
}
