import { randomBytes } from "node:crypto";
import { type HubClient } from "../client";
import {
  NAMESPACE,
  parseSettings,
  type ProviderSettings,
  refuseOtherHub,
  resolveCredentials,
  SETTING_KEYS,
} from "../model/settings";
import {
  type CheckFailure,
  LifecycleError,
  type LifecycleContext,
  type Logger,
  type PureContext,
  type ResourceDefinition,
} from "../model/definition";
import { ShapeError } from "../client/shape";
import { boundProblem } from "../model/bounds";
import { changedProperties, diffOf } from "../model/diff";
import { canonical, type Properties, sameData, withoutUndefined } from "../model/plain";
import { normalise, outsizedProperties, validate } from "../model/validate";
import { printable } from "../model/printable";
import { isUnknown } from "../model/unknown";
import { ENDPOINT_KEY, IMPORT_KEY, PROVIDER_KEY } from "../model/hiddenKeys";
import { importFailures, importObject, refuseOtherId, refuseToImportAgain } from "../model/importing";
import { flushLog, logger, say } from "./log";
import { printedOnce } from "./printedOnce";
import { type SharedReads, sharedReads } from "../hub/sharedReads";

/** The methods that the engine's dynamic provider process calls, in the shapes that it uses. */
export interface EngineHandler {
  configure(request: { config: { get(key: string): string | undefined } }): void;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** Characters of an error: names that it repeats may be of any length. */
const LONGEST_MESSAGE = 3000;
const STATE_VERSION_KEY = "stateVersion";
/** As the client's own. */
const DEFAULT_TIMEOUT_SECONDS = 30;
/** Bytes of what an identity provider publishes. */
const LARGEST_DOCUMENT = 1024 * 1024;

// One process serves one set of credentials, so what `configure` brings holds for all handlers of the process.
let configured: Record<string, string | undefined> | undefined;
let client: HubClient | undefined;
let reads: SharedReads | undefined;
/** The Hubs that the resources of this run are on, as the state says. */
const places = new Set<string>();
/** What the resources of this run hold on the Hub; see PureContext. */
const claims = new Set<string>();
const declaredBy = new Map<string, string>();

// The objects that this operation declares, see `sharedObject`. The process that runs it serves one operation.
const declaredHere = new Set<string>();

// The arguments that the program of this operation has: each comparison with them comes after their check.
const checkedHere = new Set<string>();

const SILENT: Logger = { info: () => undefined, warn: () => undefined };

/** Adapts a resource's plain functions to what the engine calls. */
export function engineHandler<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
): EngineHandler {
  const properties = (values: Properties): Properties => withoutKeys(values, [PROVIDER_KEY, IMPORT_KEY]);
  const inputsOf = (values: Properties): I => properties(values) as I;

  const stateOf = (values: Properties): S => {
    const { [ENDPOINT_KEY]: place, ...outputs } = properties(values);
    if (typeof place === "string") places.add(place);
    const version = outputs[STATE_VERSION_KEY] ?? definition.stateVersion;
    if (typeof version !== "number" || !Number.isSafeInteger(version)) {
      throw damaged(definition.type, `${STATE_VERSION_KEY} should be a whole number`);
    }
    if (version > definition.stateVersion) {
      throw new LifecycleError(
        `The state of this ${definition.type} was written by a newer release of pulumi-huggingface (state version ${version}, ` +
          `this release knows ${definition.stateVersion}). Install that release or a later one; nothing was changed.`,
      );
    }
    const migrated =
      version < definition.stateVersion && definition.migrate
        ? definition.migrate(outputs, version)
        : outputs;
    const state = withoutKeys(migrated, [STATE_VERSION_KEY]);
    const problem = boundProblem(state) ?? keptProblem(definition, state);
    if (problem) throw damaged(definition.type, problem);
    return state as S;
  };

  const outputsOf = (state: S): Properties =>
    withoutUndefined({
      ...state,
      [STATE_VERSION_KEY]: definition.stateVersion,
      [ENDPOINT_KEY]: client?.endpoint,
    });

  /** The Hub does not tell names by their case. */
  const objectKey = (id: string, state: S): string | undefined =>
    definition.sharedObject && `${definition.type} ${definition.sharedObject(id, state)}`.toLowerCase();

  const declare = (id: string, state: S): void => {
    const key = objectKey(id, state);
    if (key !== undefined) declaredHere.add(key);
  };

  return {
    // Only stores: a configuration that throws here would fail one resource and let the others run unconfigured.
    configure(request) {
      const settings = Object.fromEntries(
        SETTING_KEYS.map((key) => [key, request.config.get(`${NAMESPACE}:${key}`)]),
      );
      // Called once for each type of resource. All of them share one client: what it knows of the rate limit and of the
      // credentials holds for all.
      if (sameData(settings, configured)) return;
      configured = settings;
      client = undefined;
      reads = undefined;
      places.clear();
    },

    check: guarded(async (olds, news) => {
      const declared = properties(news);
      const outsized = outsizedProperties(definition.schema, declared);
      if (outsized.length > 0) return Promise.resolve({ inputs: {}, failures: outsized.map(withoutValue) });
      const previous = withoutKeys(
        properties(olds),
        Object.keys(olds).filter((name) => boundProblem(olds[name])),
      );
      const context = pureContext(definition, declared as Partial<I>);
      const prepared = definition.prepare?.(declared, context, previous);
      const inputs = normalise(definition.schema, prepared ?? declared);
      // The owner's mark stays what it was, so that a resource may be renamed by an alias or moved to another stack.
      // One that was imported without a mark gets its own.
      if (previous["owner"] && "owner" in inputs && !definition.followsOwner)
        inputs["owner"] = previous["owner"];
      const failures = validate(definition.schema, definition.secrets, inputs);
      if (failures.length === 0 && definition.check) {
        const before = Object.keys(previous).length > 0 ? (previous as I) : undefined;
        failures.push(...definition.check(inputs as I, before, pureContext(definition, inputs as I)));
      }
      failures.push(...importFailures(definition, news[IMPORT_KEY]));
      if (failures.length === 0) checkedHere.add(argumentsKey(definition.type, inputs));
      const kept = withoutUndefined({ ...inputs, [IMPORT_KEY]: news[IMPORT_KEY] });
      return Promise.resolve({ inputs: kept, failures: failures.map(withoutValue) });
    }),

    diff: guarded(async (id, olds, news) => {
      // An import from a file brings a state that nobody has read yet. To compare with nothing would mean to replace.
      if (isEmpty(properties(olds))) {
        throw new LifecycleError(
          `${definition.type} ${id} was imported, and has to be read before anything else: run \`pulumi refresh\` once.`,
        );
      }
      refuseOtherId(definition.type, id, news[IMPORT_KEY]);
      const state = stateOf(olds);
      refuseOtherHub(settings(), places);
      const inputs = inputsOf(news);
      const changed = changedProperties(definition, state, inputs);
      // A refresh compares as well, with the program of the last `up`. What that one would do, this one may not.
      const ofProgram = checkedHere.has(argumentsKey(definition.type, inputs));
      const context = pureContext(definition, inputs);
      const result = definition.diff
        ? definition.diff(state, inputs, changed, ofProgram ? context : { ...context, log: SILENT })
        : diffOf(definition, changed);
      if (ofProgram) {
        if (result.replaces.length > 0) refuseToImportAgain(definition.type, news[IMPORT_KEY]);
        else declare(id, state);
      }
      return Promise.resolve({ changes: result.changes, replaces: result.replaces });
    }),

    create: guarded(async (news) => {
      const inputs = inputsOf(news);
      const importId = news[IMPORT_KEY];
      if (typeof importId === "string") {
        const state = await importObject(definition, importId, inputs, readingContext(definition, inputs));
        declare(importId, state);
        return { id: importId, outs: outputsOf(state) };
      }
      const created = await writing(() => definition.create(inputs, lifecycleContext(definition, inputs)));
      declare(created.id, created.state);
      return { id: created.id, outs: outputsOf(created.state) };
    }),

    read: guarded(async (id, props) => {
      const known = properties(props);
      // The engine's `get` gives nothing but the handler itself; a refresh gives all outputs.
      const isGet = isEmpty(known);
      const state = isGet ? undefined : stateOf(known);
      const context = readingContext(definition, state ?? {});
      const found = await definition.read(id, state, context);
      if (found) {
        return {
          id,
          props: outputsOf(found.state),
          inputs: withoutUndefined({ ...found.inputs, [PROVIDER_KEY]: props[PROVIDER_KEY] }),
        };
      }
      // An answer of "gone" to `get` would succeed with empty outputs.
      if (isGet) {
        throw new LifecycleError(
          `There is no ${definition.type} with the id "${id}". Look the id up on the Hub or in the stack that declares it.`,
        );
      }
      return { id: "" };
    }),

    update: guarded(async (id, olds, news) => {
      const inputs = inputsOf(news);
      const context = lifecycleContext(definition, inputs);
      const state = stateOf(olds);
      declare(id, state);
      const updated = await writing(() => definition.update(id, state, inputs, context));
      declare(id, updated);
      return { outs: outputsOf(updated) };
    }),

    delete: guarded(async (id, props) => {
      const state = stateOf(props);
      const context = lifecycleContext(definition, state);
      const key = objectKey(id, state);
      if (key !== undefined && declaredHere.has(key)) {
        context.log.info(
          "left as it is on the Hub: this run declares it again, under another name or as a replacement.",
        );
        return;
      }
      await writing(() => definition.delete(id, state, context));
    }),
  };
}

function argumentsKey(type: string, inputs: object): string {
  return `${type} ${canonical(inputs) ?? ""}`;
}

/** Lets an error out only as text for a person: the engine prints whatever else hangs on it. */
function guarded<A extends unknown[], R>(step: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await step(...args);
    } catch (error) {
      throw presentable(error);
    } finally {
      await flushLog();
    }
  };
}

function presentable(error: unknown): Error {
  const original = error instanceof Error ? error : new Error(String(error));
  let message = original.message;
  if ((original as { status?: number }).status === 401 && storedToken()) {
    message +=
      " The token is the one that the engine has stored: refresh, destroy and the refresh half of --refresh use what the last " +
      "`pulumi up` stored, even if the configuration says otherwise by now. Add --run-program to this command, or name an environment " +
      `variable (${NAMESPACE}:tokenEnv) so that no token is stored.`;
  }
  message = printable(message, LONGEST_MESSAGE);
  const shown = new Error(message);
  shown.name = original.name;
  const expected = ["LifecycleError", "HubError", "ConfigurationError"].includes(original.name);
  shown.stack = expected ? "" : original.stack;
  if (expected) printedOnce(shown);
  return shown;
}

function storedToken(): boolean {
  try {
    return resolveCredentials(settings()).tokenIsStored;
  } catch {
    return false;
  }
}

function settings(): ProviderSettings {
  return parseSettings((key) => configured?.[key]);
}

function pureContext<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  inputs: Partial<I>,
): PureContext {
  return {
    now: new Date(),
    behaviour: { rotation: settings().rotation },
    claims,
    declaredBy,
    log: logger(`${definition.type} ${definition.label(texts(inputs))}`.trim()),
  };
}

/** Only what can name something: nobody may have validated it yet, and some of it may not be known yet. */
function texts<I extends object>(inputs: Partial<I>): Partial<I> {
  const known = Object.entries(inputs).filter(([, value]) => typeof value === "string" && !isUnknown(value));
  return Object.fromEntries(known) as Partial<I>;
}

function lifecycleContext<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  inputs: Partial<I>,
): LifecycleContext {
  return {
    ...pureContext(definition, inputs),
    client: processClient(),
    randomHex: (length) => randomBytes(length).toString("hex").slice(0, length),
    fetchDocument,
  };
}

function fetchDocument(url: string): Promise<string> {
  const { fetchPublicDocument } =
    require("../client/publicDocument") as typeof import("../client/publicDocument");
  const seconds = settings().timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  return fetchPublicDocument(url, { timeoutMs: seconds * 1000, maxBytes: LARGEST_DOCUMENT });
}

function processClient(): HubClient {
  const current = settings();
  refuseOtherHub(current, places);
  if (!client) {
    const { endpoint, token, tokenSource } = resolveCredentials(current);
    // Loaded here so that a process that only checks and compares does not pay for it.
    const { HubClient: Client } = require("../client") as typeof import("../client");
    client = new Client({
      endpoint,
      // An empty token is "missing" to the client, which says how to set one.
      token: token ?? "",
      tokenSource,
      timeoutSeconds: current.timeoutSeconds,
      maxRetries: current.maxRetries,
      maxWaitSeconds: current.maxWaitSeconds,
      onNotice: ({ severity, message }) => say(severity, message),
    });
  }
  return client;
}

/** For reads, which share their answers; whoever writes asks for the object itself. */
function readingContext<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  inputs: Partial<I>,
): LifecycleContext {
  const context = lifecycleContext(definition, inputs);
  reads ??= sharedReads(context.client);
  return { ...context, client: reads.client };
}

/** Runs a step that may change the Hub: what was read before, or meanwhile, serves no later read. */
async function writing<T>(step: () => Promise<T>): Promise<T> {
  reads?.clear();
  try {
    return await step();
  } finally {
    reads?.clear();
  }
}

/** What is wrong with kept data, so that the lifecycle could not rely on it; never a value. */
function keptProblem(
  { stateReader }: { stateReader?: (value: unknown, where: string) => unknown },
  state: Properties,
): string | undefined {
  try {
    stateReader?.(state, "");
    return undefined;
  } catch (error) {
    if (error instanceof ShapeError) return error.message;
    throw error;
  }
}

function damaged(type: string, problem: string): LifecycleError {
  return new LifecycleError(
    `The state of this ${type} is damaged: ${problem}. Nothing was changed. Restore the state from a backup of the stack, or take ` +
      "the resource out of it with `pulumi state delete` and import the object again.",
  );
}

function isEmpty(values: Properties): boolean {
  return Object.values(values).every((value) => value === undefined || value === null);
}

/**
 * The engine prints the value of a property that a failure names, and anything may be a secret of the program. So no failure names
 * one to the engine; the reason does.
 */
function withoutValue({ property, reason }: CheckFailure): CheckFailure {
  return { property: "", reason: property === "" ? reason : `${property}: ${reason}` };
}

function withoutKeys(values: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}
