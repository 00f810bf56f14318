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
import { ENDPOINT_KEY, IMPORT_KEY, LOOKUP_KEY, PROVIDER_KEY, UNFINISHED_KEY } from "../model/hiddenKeys";
import { importFailures, importObject, refuseOtherId, refuseToImportAgain } from "../model/importing";
import { type Properties, sameData, withoutKeys, withoutUndefined } from "../model/plain";
import { readState, writtenState } from "../model/state";
import { presentable, shownText, type Stored } from "./failure";
import { objectsOf } from "./objects";

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

const UNFINISHED =
  "the last update did not come to its end, so this one is shown although nothing differs. `pulumi up` or `pulumi refresh` ends that.";

const KEPT = "kept in the state, and left as it is on the Hub: ";
const KEPT_BECAUSE = {
  "the object":
    "the program declares it under another name, and that creation has failed. Correct what failed, or give the new name the option " +
    "`aliases`, and run `pulumi up` again.",
  "a replacement":
    "this run has not created another token or service account that the program declares, and that may be meant to replace it. Correct what " +
    "failed, and run `pulumi up` again. To end this one before that, do it on the Hub.",
};

/** What the engine gives beside the arguments. */
const NO_ARGUMENTS = [PROVIDER_KEY, IMPORT_KEY];

/** What is not the resource's own in what the engine has kept. */
const NOT_STATE = [...NO_ARGUMENTS, ENDPOINT_KEY, LOOKUP_KEY, UNFINISHED_KEY];

const SILENT = { info: () => undefined, warn: () => undefined };

/**
 * Adapts a resource's plain functions to what the engine calls.
 *
 * @param run - what the process knows; all handlers of a process share it
 * @param flush - waits until the engine has all messages: it may end the process as soon as it has the answer
 */
export function engineHandler<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  run: Run,
  flush: () => Promise<void>,
): EngineHandler {
  const { type } = definition;
  const objects = objectsOf(definition, run);
  const properties = (values: Properties): Properties => withoutKeys(values, NO_ARGUMENTS);
  const inputsOf = (values: Properties): I => properties(values) as I;

  const stateOf = (values: Properties): S => {
    const { [ENDPOINT_KEY]: endpoint } = values;
    if (typeof endpoint === "string") run.noteHub(endpoint);
    return readState(definition, withoutKeys(values, NOT_STATE)) as S;
  };

  const outputsOf = (state: S): Properties =>
    withoutUndefined({ ...writtenState(definition, state), [ENDPOINT_KEY]: run.endpoint });

  /**
   * What the engine is to store of a step that has failed. It encrypts an argument if the new one of that name is a secret, so another
   * value, which may have been one, is left out.
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

  /** Runs a step, and lets an error out only as text for a person. */
  const guarded = async <R>(
    step: () => R | Promise<R>,
    { stored, ofLastUp }: { stored?: (error: UnfinishedError) => Stored; ofLastUp?: boolean } = {},
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
    // Only stores: a configuration that throws here would fail one resource and let the others run unconfigured.
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
          // A comparison would be too much to go by: the engine also compares what the program has dropped.
          // guard: declared-objects
          objects.declare(inputs as I, isEmpty(properties(olds)));
        }
        const kept = withoutUndefined({ ...inputs, [IMPORT_KEY]: news[IMPORT_KEY] });
        return { inputs: kept, failures: failures.map(withoutValue) };
      }),

    diff: (id, olds, news) =>
      guarded(() => {
        // An import from a file brings a state that no one has read yet. To compare with nothing would mean to replace.
        if (isEmpty(properties(olds))) {
          throw new LifecycleError(
            `${type} ${id} was imported, and has to be read before anything else: run \`pulumi refresh\` once.`,
          );
        }
        refuseOtherId(type, id, news[IMPORT_KEY]);
        const state = stateOf(olds);
        run.refuseOtherHub();
        // guard: met-lookup
        if (olds[LOOKUP_KEY] !== true) objects.meet(id, state);
        const inputs = inputsOf(news);
        const changed = changedProperties(definition, state, inputs);
        // A refresh compares as well, with the program of the last `up`. What that one would do, this one may not.
        const ofProgram = run.hasArguments(type, inputs);
        const context = run.pureContext(definition, inputs);
        const result = definition.diff
          ? definition.diff(state, inputs, changed, ofProgram ? context : { ...context, log: SILENT })
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
      guarded(async () => {
        const inputs = inputsOf(news);
        const { id, state } = await createOrImport(inputs, news[IMPORT_KEY]).catch((error: unknown) => {
          objects.noteUncreated(inputs);
          throw error;
        });
        objects.noteCreated(inputs);
        objects.declareKept(id, state);
        return { id, outs: outputsOf(state) };
      }),

    read: (id, props) =>
      guarded(
        async () => {
          const known = properties(props);
          // The engine's `get` gives nothing but the handler itself; a refresh gives all outputs.
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
              props: { ...outputsOf(found.state), ...(isLookup && { [LOOKUP_KEY]: true }) },
              inputs: withoutUndefined({ ...found.inputs, [PROVIDER_KEY]: props[PROVIDER_KEY] }),
            };
          }
          // An answer of "gone" to `get` would succeed with empty outputs.
          if (isGet) {
            throw new LifecycleError(
              `There is no ${type} with the id "${id}". Look the id up on the Hub or in the stack that declares it.`,
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
          // With --continue-on-error the engine goes on to deletions. Without the state, the next run would take the object for a new one.
          // guard: kept-until-created
          const failed = objects.failedToCreate(id, state);
          if (failed) throw new LifecycleError(`${KEPT}${KEPT_BECAUSE[failed]}`);
          if (objects.isDeclared(id, state)) {
            run
              .pureContext(definition, state)
              .log.info(
                "left as it is on the Hub: this run declares it again, under another name or as a replacement.",
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
 * The engine prints the value of a property that a failure names, and anything may be a secret of the program. So no failure names
 * one to the engine; the reason does.
 */
function withoutValue({ property, reason }: CheckFailure): CheckFailure {
  // guard: failure-without-property
  return { property: "", reason: shownText(property === "" ? reason : `${property}: ${reason}`) };
}
