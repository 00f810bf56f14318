// Which object on the Hub a resource manages. Two resources of a run may have the same object, for example after a rename.
import { type Run } from "../hub/run";
import { type LifecycleContext, type ResourceDefinition } from "../model/definition";

/** What a run knows about the objects of one resource type. */
export interface Objects<I, S> {
  /** Notes that the program declares the object of these arguments, and whether the resource is new in the stack. */
  declare(inputs: I, isNew: boolean): void;
  /** Notes that the program declares the object of this resource. */
  declareKept(id: string, state: S): void;
  isDeclared(id: string, state: S): boolean;
  /** Notes the state of a resource, whether the program declares it or not. */
  meet(id: string, state: S): void;
  /** The states that other resources of this run have, or had, of the object to create. */
  formerFor(inputs: I): Pick<LifecycleContext, "former" | "formerOf">;
  /** Notes that the object is created. */
  noteCreated(inputs: I): void;
  /** Notes that the creation failed. */
  noteUncreated(inputs: I): void;
  /** Whether creating the resource that takes over this object failed, or a possible replacement is not created yet. */
  failedToCreate(id: string, state: S): "the object" | "a replacement" | undefined;
}

/** Stores and reads this knowledge in the run. */
export function objectsOf<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  run: Run,
): Objects<I, S> {
  const { type } = definition;

  /** In lower case, because names on the Hub are not case-sensitive. */
  const keyOf = (object: string | undefined): string | undefined =>
    object === undefined ? undefined : `${type} ${object}`.toLowerCase();
  const ofKept = (id: string, state: S): string | undefined => keyOf(definition.sharedObject?.(id, state));
  const ofInputs = (inputs: I): string | undefined => keyOf(definition.declaredObject?.(inputs));
  const ofIdentity = (identity: string | undefined): string | undefined =>
    identity === undefined ? undefined : `${type} identity ${identity}`;

  const declare = (key: string | undefined): void => {
    if (key !== undefined) run.declareObject(key);
  };
  const met = (key: string | undefined): object | undefined =>
    key === undefined ? undefined : run.metObject(key);

  return {
    declare(inputs, isNew) {
      declare(ofInputs(inputs));
      const among = definition.replacedAmong?.(inputs);
      if (among) run.declareAmong(among.group, among.owner, isNew);
    },
    declareKept: (id, state) => declare(ofKept(id, state)),
    isDeclared(id, state) {
      const key = ofKept(id, state);
      return key !== undefined && run.declaresObject(key);
    },
    meet(id, state) {
      // guard: replaced-by-mark
      const mark = keyOf(definition.formerBy?.(state));
      const keys = [ofKept(id, state), mark, ofIdentity(definition.identityOf?.(state))];
      for (const key of keys) if (key !== undefined) run.meetObject(key, state);
    },
    formerFor: (inputs) => ({
      former: met(definition.formerBy ? keyOf(definition.formerBy(inputs)) : ofInputs(inputs)),
      formerOf: (identity) => met(ofIdentity(identity)),
    }),
    noteCreated(inputs) {
      const among = definition.replacedAmong?.(inputs);
      if (among) run.endAwaiting(among.group, among.owner);
    },
    noteUncreated(inputs) {
      const key = ofInputs(inputs);
      if (key !== undefined) run.noteUncreated(key);
    },
    failedToCreate(id, state) {
      const key = ofKept(id, state);
      if (key !== undefined && run.failedToCreate(key)) return "the object";
      const among = definition.replacedAmong?.(state);
      // guard: replaced-among
      const isAwaited = among !== undefined && run.awaitsAnother(among.group, among.owner);
      return isAwaited ? "a replacement" : undefined;
    },
  };
}
