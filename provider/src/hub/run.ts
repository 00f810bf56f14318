import { randomBytes } from "node:crypto";
import { type HubClient } from "../client";
import { systemClock } from "../client/clock";
import { HubClock } from "../client/hubClock";
import { type LifecycleContext, type PureContext, type ResourceDefinition } from "../model/definition";
import { canonical, sameData } from "../model/plain";
import {
  NAMESPACE,
  parseSettings,
  type ProviderSettings,
  refuseOtherHub,
  resolveCredentials,
  SETTING_KEYS,
} from "../model/settings";
import { isUnknown } from "../model/unknown";
import { WRONG_CLOCK } from "../rules/clocks";
import { clientOf, type Say } from "./clientOf";
import { type SharedReads, sharedReads } from "./sharedReads";

/** The same as the client's default. */
const DEFAULT_TIMEOUT_SECONDS = 30;
/** The most bytes of a document that an identity provider publishes. */
const MAX_DOCUMENT = 1024 * 1024;
const MINUTE = 60_000;

type Former = Pick<LifecycleContext, "former" | "formerOf">;

type Named = Pick<ResourceDefinition<never, never>, "type"> & { label(inputs: object): string };

/** The knowledge of one process, which serves one operation of the engine for all resources with one set of credentials. */
export class Run {
  readonly #say: Say;
  readonly #connect: typeof clientOf;
  readonly #claims = new Set<string>();
  readonly #reported: PureContext["reported"] = new Map();
  readonly #declaredBy = new Map<string, string>();
  readonly #objects = new Set<string>();
  readonly #uncreated = new Set<string>();
  readonly #awaited = new Map<string, Map<string, boolean>>();
  readonly #met = new Map<string, object>();
  readonly #arguments = new Set<string>();
  readonly #hubs = new Set<string>();
  #configured: Record<string, string | undefined> | undefined;
  #settings: ProviderSettings | undefined;
  #hubClock = new HubClock(systemClock);
  #saidClock = false;
  #client: HubClient | undefined;
  #reads: SharedReads | undefined;

  /**
   * @param say - prints a message at the terminal
   * @param connect - creates the client
   */
  constructor(say: Say, connect: typeof clientOf = clientOf) {
    this.#say = say;
    this.#connect = connect;
  }

  /**
   * Stores the provider's settings; errors in them fail each step later. The engine calls it once for each resource type. All types
   * share one client, because the rate limit and the credentials are the same for all.
   */
  configure(get: (key: string) => string | undefined): void {
    const settings = Object.fromEntries(SETTING_KEYS.map((key) => [key, get(`${NAMESPACE}:${key}`)]));
    if (sameData(settings, this.#configured)) return;
    this.#configured = settings;
    this.#settings = undefined;
    this.#client = undefined;
    this.#reads = undefined;
    this.#hubClock = new HubClock(systemClock);
    this.#hubs.clear();
  }

  get settings(): ProviderSettings {
    return (this.#settings ??= parseSettings((key) => this.#configured?.[key]));
  }

  /** Whether the token is stored in the state, where it can be older than the configuration. */
  get usesStoredToken(): boolean {
    try {
      return resolveCredentials(this.settings).tokenIsStored;
    } catch {
      return false;
    }
  }

  /** The client for requests of its own. It does not share answers. */
  get client(): HubClient {
    return this.#clientToUse();
  }

  /** The address of the Hub; `undefined` before the first request. */
  get endpoint(): string | undefined {
    return this.#client?.endpoint;
  }

  /** Notes the Hub of a resource in the state. */
  noteHub(endpoint: string): void {
    this.#hubs.add(endpoint);
  }

  /** @throws ConfigurationError if the token would go to another Hub than that of the state, and no one set that endpoint */
  refuseOtherHub(): void {
    refuseOtherHub(this.settings, this.#hubs);
  }

  /** Notes that the program declares these arguments. The engine checks arguments before it compares them. */
  noteArguments(type: string, inputs: object): void {
    this.#arguments.add(argumentsKey(type, inputs));
  }

  /** Whether the program declares these arguments. A refresh compares with the arguments of the last `up` instead. */
  hasArguments(type: string, inputs: object): boolean {
    return this.#arguments.has(argumentsKey(type, inputs));
  }

  /** Notes that this operation declares an object of the Hub. */
  declareObject(key: string): void {
    this.#objects.add(key);
  }

  /** Whether this operation declares the object, with any resource name. */
  declaresObject(key: string): boolean {
    return this.#objects.has(key);
  }

  /** Notes that creating a resource that declares the object failed. */
  noteUncreated(key: string): void {
    this.#uncreated.add(key);
  }

  /** Whether creating a resource that declares the object failed. */
  failedToCreate(key: string): boolean {
    return this.#uncreated.has(key);
  }

  /**
   * Notes a resource that the program declares.
   *
   * @param group - the resources that may replace each other
   * @param owner - the resource's mark
   * @param isNew - whether it is new in the stack. Only the first call counts, because a replacement looks like a creation later
   */
  declareAmong(group: string, owner: string, isNew: boolean): void {
    const members = this.#awaited.get(group) ?? new Map<string, boolean>();
    this.#awaited.set(group, members);
    if (!members.has(owner)) members.set(owner, isNew);
  }

  /** Notes that a resource of the group is created. */
  endAwaiting(group: string, owner: string): void {
    this.#awaited.get(group)?.set(owner, false);
  }

  /** Whether another resource of the group is still to be created. */
  awaitsAnother(group: string, owner: string): boolean {
    return [...(this.#awaited.get(group) ?? [])].some(([each, isAwaited]) => isAwaited && each !== owner);
  }

  /** Notes the state that a resource of this operation has of an object on the Hub, whether the program declares it or not. */
  meetObject(key: string, state: object): void {
    this.#met.set(key, state);
  }

  /** The state that a resource of this operation has of the object, if it is noted already. */
  metObject(key: string): object | undefined {
    return this.#met.get(key);
  }

  /** The context of a rule. */
  pureContext(definition: Named, inputs: object): PureContext {
    const label = `${definition.type} ${definition.label(texts(inputs))}`.trim();
    const now = (): Date => this.#now();
    const isKnown = (): boolean => this.#hubClock.isKnown;
    return {
      get now() {
        return now();
      },
      get hubTimeIsKnown() {
        return isKnown();
      },
      get runnerNow() {
        return new Date();
      },
      behaviour: { rotation: this.settings.rotation },
      claims: this.#claims,
      reported: this.#reported,
      declaredBy: this.#declaredBy,
      log: {
        info: (message) => this.#say("info", `${label}: ${message}`),
        warn: (message) => this.#say("warning", `${label}: ${message}`),
      },
    };
  }

  /** Runs a step that only reads. Reads share the Hub's answers. */
  async reading<T>(
    definition: Named,
    inputs: object,
    step: (context: LifecycleContext) => Promise<T>,
    former?: Former,
  ): Promise<T> {
    const client = this.#clientToUse();
    this.#reads ??= sharedReads(client);
    return step(this.#context(definition, inputs, this.#reads.client, former));
  }

  /**
   * Runs a step that may change the Hub. Later reads do not use answers from before its end.
   *
   * @param former - in a creation, the states that other resources of this run have of the same object
   */
  async writing<T>(
    definition: Named,
    inputs: object,
    step: (context: LifecycleContext) => Promise<T>,
    former?: Former,
  ): Promise<T> {
    const context = this.#context(definition, inputs, this.#clientToUse(), former);
    this.#reads?.clear();
    try {
      return await step(context);
    } finally {
      this.#reads?.clear();
    }
  }

  #clientToUse(): HubClient {
    this.refuseOtherHub();
    return (this.#client ??= this.#connect(this.settings, this.#say, this.#hubClock));
  }

  #context(definition: Named, inputs: object, client: HubClient, former?: Former): LifecycleContext {
    // Extended in place, because a copy would fix the time of its creation.
    return Object.assign(this.pureContext(definition, inputs), {
      client,
      ...former,
      randomHex: (length: number) => randomBytes(length).toString("hex").slice(0, length),
      fetchDocument: (url: string) => this.#fetchDocument(url),
    });
  }

  /** The time by the Hub's clock if it is known, because tokens expire by that clock. */
  #now(): Date {
    const { offset } = this.#hubClock;
    if (Math.abs(offset) > WRONG_CLOCK && !this.#saidClock) {
      this.#saidClock = true;
      this.#say(
        "warning",
        `this machine's clock is ${Math.round(Math.abs(offset) / MINUTE)} min ${offset < 0 ? "ahead of" : "behind"} the Hub's, so this run ` +
          "does not revoke predecessors or strays. The Hub's clock decides about rotations and expiries, but a preview knows only this machine's " +
          "clock. Correct the clock that is wrong.",
      );
    }
    return new Date(Date.now() + offset);
  }

  #fetchDocument(url: string): Promise<string> {
    const { fetchPublicDocument } =
      require("../client/publicDocument") as typeof import("../client/publicDocument");
    const seconds = this.settings.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    return fetchPublicDocument(url, { timeoutMs: seconds * 1000, maxBytes: MAX_DOCUMENT });
  }
}

function argumentsKey(type: string, inputs: object): string {
  return `${type} ${canonical(inputs) ?? ""}`;
}

/** The known texts among the arguments, which may be neither validated nor completely known yet. */
export function texts(inputs: object): object {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => typeof value === "string" && !isUnknown(value)),
  );
}
