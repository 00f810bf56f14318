import { type Run, texts } from "../hub/run";
import { checkArguments } from "../model/check";
import {
  type CheckFailure,
  type LifecycleContext,
  LifecycleError,
  type ResourceDefinition,
  UnfinishedError,
} from "../model/definition";
import { changedProperties, diffOf } from "../model/diff";
import {
  ENDPOINT_KEY,
  IMPORT_KEY,
  LOOKUP_KEY,
  notArguments,
  notState,
  PROVIDER_KEY,
  UNFINISHED_KEY,
} from "../model/hiddenKeys";
import { importFailures, importObject, refuseOtherId, refuseToImportAgain } from "../model/importing";
import { type Properties, sameData, withoutKeys, withoutUndefined } from "../model/plain";
import { readState, writtenState } from "../model/state";
import { driftedOutput } from "../resources/driftRules";
import { presentable, shownText, type Stored } from "./failure";
import { objectsOf } from "./objects";

/** The methods that Pulumi's process for dynamic resources calls. */
export interface EngineHandler {
  configure(request: { config: { get(key: string): string | undefined } }): void;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

const UNFINISHED =
  "the last update did not finish, so an update is shown although nothing differs. Run `pulumi up` or `pulumi refresh` to finish it.";

const KEPT = "kept in the state and left unchanged on the Hub: ";
const KEPT_BECAUSE = {
  "the object":
    "the program declares it under another name, but creating that resource failed. Fix the failure, or add the option `aliases` to " +
    "that resource, and run `pulumi up` again.",
  "a replacement":
    "its replacement may be another token or service account of the program, which this run did not create. Fix the failure and " +
    "run `pulumi up` again. To end access earlier, revoke or delete this one on the Hub.",
};

const SILENT = { info: () => undefined, warn: () => undefined };

/**
 * Adapts a resource's plain functions to the methods that the engine calls.
 *
 * @param run - the knowledge of this process, which all its handlers share
 * @param flush - waits until the engine has all messages, because it may end the process after the answer
 */
export function engineHandler<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  run: Run,
  flush: () => Promise<void>,
): EngineHandler {
  const { type } = definition;
  const objects = objectsOf(definition, run);
  const properties = (values: Properties): Properties => withoutKeys(values, notArguments);
  const inputsOf = (values: Properties): I => properties(values) as I;

  const stateOf = (values: Properties): S => {
    const { [ENDPOINT_KEY]: endpoint } = values;
    if (typeof endpoint === "string") run.noteHub(endpoint);
    return readState(definition, withoutKeys(values, notState)) as S;
  };

  const outputsOf = (state: S): Properties =>
    withoutUndefined({ ...writtenState(definition, state), [ENDPOINT_KEY]: run.endpoint });

  /**
   * What the engine stores after a failed step. It encrypts an argument only if the program's new value is a secret. So an old value
   * that differs is left out, because it may have been a secret.
   */
  const storedOf = (id: string, error: UnfinishedError, news: Properties): Stored => {
    const outputs = outputsOf(error.state as S);
    const others = Object.keys(definition.schema.properties).filter(
      (name) => !definition.secrets.includes(name) && !sameData(outputs[name], news[name]),
    );
    const kept = withoutKeys(outputs, others);
    const hidden = { [UNFINISHED_KEY]: true, [PROVIDER_KEY]: news[PROVIDER_KEY] };
    return { id, properties: withoutUndefined({ ...kept, ...hidden }) };
  };

  const createOrImport = (inputs: I, importId: unknown): Promise<{ id: string; state: S }> => {
    const former = objects.formerFor(inputs);
    if (typeof importId !== "string") {
      return run.writing(definition, inputs, (context) => definition.create(inputs, context), former);
    }
    const imported = async (context: LifecycleContext): Promise<{ id: string; state: S }> => ({
      id: importId,
      state: await importObject(definition, importId, inputs, context),
    });
    return run.reading(definition, inputs, imported, former);
  };

  /** Runs a step, and converts its errors to text for the engine. */
  const guarded = async <R>(
    step: () => R | Promise<R>,
    {
      stored,
      ofLastUp,
    }: { stored?: (error: UnfinishedError) => Stored | undefined; ofLastUp?: boolean } = {},
  ): Promise<R> => {
    try {
      return await step();
    } catch (error) {
      const unfinished = error instanceof UnfinishedError ? error : undefined;
      const kept = unfinished && stored?.(unfinished);
      // guard: error-is-text
      throw presentable(error, () => run.usesStoredToken, { stored: kept, ofLastUp });
    } finally {
      await flush();
    }
  };

  return {
    // This only stores the settings. An error here would fail one resource and let the others run without configuration.
    configure: ({ config }) => run.configure((key) => config.get(key)),

    check: (olds, news) =>
      guarded(() => {
        const declared = properties(news);
        const context = run.pureContext(definition, declared);
        const former = objects.formerFor(texts(declared) as I).former as Properties | undefined;
        const { inputs, failures } = checkArguments(definition, declared, properties(olds), context, former);
        failures.push(...importFailures(definition, news[IMPORT_KEY]));
        if (failures.length === 0) {
          run.noteArguments(type, inputs);
          // Noted here and not in `diff`, because the engine also calls `diff` for resources that the program no longer declares.
          // guard: declared-objects
          objects.declare(inputs as I, isEmpty(properties(olds)));
        }
        const kept = withoutUndefined({ ...inputs, [IMPORT_KEY]: news[IMPORT_KEY] });
        return { inputs: kept, failures: failures.map(withoutValue) };
      }),

    diff: (id, olds, news) =>
      guarded(() => {
        // `pulumi import` from a file brings an empty state. A comparison with it would replace the resource.
        if (isEmpty(properties(olds))) {
          throw new LifecycleError(
            `${type} ${id} was imported and must be read first. Run \`pulumi refresh\` once.`,
          );
        }
        refuseOtherId(type, id, news[IMPORT_KEY]);
        const state = stateOf(olds);
        run.refuseOtherHub();
        // guard: met-lookup
        if (olds[LOOKUP_KEY] !== true) objects.meet(id, state);
        const inputs = inputsOf(news);
        const changed = changedProperties(definition, state, inputs);
        // A refresh also calls `diff`, with the arguments of the last `up`, so its log messages do not apply to this program.
        const ofProgram = run.hasArguments(type, inputs);
        const context = run.pureContext(definition, inputs);
        // guard: refresh-declares-nothing
        const ofLastUp = { ...context, log: SILENT, declaredBy: new Map(context.declaredBy) };
        const result = definition.diff
          ? definition.diff(state, inputs, changed, ofProgram ? context : ofLastUp)
          : diffOf(definition, changed);
        if (ofProgram) {
          if (result.replaces.length > 0) refuseToImportAgain(type, news[IMPORT_KEY]);
          // guard: declared-by-id
          else if (!definition.declaredObject) objects.declareKept(id, state);
        }
        const unfinished = olds[UNFINISHED_KEY] === true;
        if (ofProgram && unfinished && !result.changes) context.log.info(UNFINISHED);
        return { changes: result.changes || unfinished, replaces: result.replaces };
      }),

    create: (news) =>
      guarded(
        async () => {
          const inputs = inputsOf(news);
          const { id, state } = await createOrImport(inputs, news[IMPORT_KEY]).catch((error: unknown) => {
            const isMade = error instanceof UnfinishedError && error.id !== undefined;
            if (isMade) objects.noteCreated(inputs);
            else objects.noteUncreated(inputs);
            throw error;
          });
          objects.noteCreated(inputs);
          objects.declareKept(id, state);
          return { id, outs: outputsOf(state) };
        },
        // guard: created-and-kept
        { stored: (error) => (error.id === undefined ? undefined : storedOf(error.id, error, news)) },
      ),

    read: (id, props) =>
      guarded(
        async () => {
          const known = properties(props);
          // For a `get` the engine sends only the handler; for a refresh it sends all outputs.
          const isGet = isEmpty(known);
          const state = isGet ? undefined : stateOf(known);
          const isLookup = isGet || known[LOOKUP_KEY] === true;
          if (state && !isLookup) objects.meet(id, state);
          const found = await run.reading(definition, state ?? {}, (context) =>
            definition.read(id, state, context),
          );
          if (found) {
            if (!isLookup) objects.meet(id, found.state);
            return {
              id,
              props: {
                ...outputsOf(found.state),
                ...(isLookup ? { [LOOKUP_KEY]: true } : driftedOutput(definition, found)),
              },
              inputs: withoutUndefined({ ...found.inputs, [PROVIDER_KEY]: props[PROVIDER_KEY] }),
            };
          }
          // Without an error, `get` would succeed with empty outputs.
          if (isGet) {
            throw new LifecycleError(
              `There is no ${type} with the id "${id}". Look up the id on the Hub or in the stack that declares it.`,
            );
          }
          return { id: "" };
        },
        { ofLastUp: true },
      ),

    update: (id, olds, news) =>
      guarded(
        async () => {
          const inputs = inputsOf(news);
          const state = stateOf(olds);
          objects.declareKept(id, state);
          const updated = await run.writing(definition, inputs, (context) =>
            definition.update(id, state, inputs, context),
          );
          objects.declareKept(id, updated);
          return { outs: outputsOf(updated) };
        },
        { stored: (error) => storedOf(id, error, news) },
      ),

    delete: (id, props) =>
      guarded(
        async () => {
          const state = stateOf(props);
          objects.meet(id, state);
          // With --continue-on-error the engine continues with deletions. Without the state, the next run would treat the object as new.
          // guard: kept-until-created
          const failed = objects.failedToCreate(id, state);
          if (failed) throw new LifecycleError(`${KEPT}${KEPT_BECAUSE[failed]}`);
          if (objects.isDeclared(id, state)) {
            run
              .pureContext(definition, state)
              .log.info(
                "left unchanged on the Hub: the program declares it again, under another name or as a replacement.",
              );
            return;
          }
          await run.writing(definition, state, (context) => definition.delete(id, state, context));
        },
        { ofLastUp: true },
      ),
  };
}

function isEmpty(values: Properties): boolean {
  return Object.values(values).every((value) => value === undefined || value === null);
}

/**
 * The engine prints the value of the property that a failure names, and that value may be a secret. So the name of the property
 * moves into the reason.
 */
function withoutValue({ property, reason }: CheckFailure): CheckFailure {
  // guard: failure-without-property
  return { property: "", reason: shownText(property === "" ? reason : `${property}: ${reason}`) };
}
