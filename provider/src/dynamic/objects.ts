// Which object of the Hub a resource stands for. Two resources of a run may have the same one, for example under a former name and a new one.
import { type Run } from "../hub/run";
import { type LifecycleContext, type ResourceDefinition } from "../model/definition";

/** What a run knows of the objects of one type of resource. */
export interface Objects<I, S> {
  /** Notes that the program declares the object of these arguments, and whether the stack is yet to have the resource. */
  declare(inputs: I, isNew: boolean): void;
  /** Notes that the program declares the object of this resource. */
  declareKept(id: string, state: S): void;
  isDeclared(id: string, state: S): boolean;
  /** Notes what a resource has of its object, whether the program declares it or not. */
  meet(id: string, state: S): void;
  /** What other resources of this run have, or had, of what is to be created. */
  formerFor(inputs: I): Pick<LifecycleContext, "former" | "formerOf">;
  /** Notes that it is created. */
  noteCreated(inputs: I): void;
  /** Notes that a creation has failed. */
  noteUncreated(inputs: I): void;
  /** Whether a creation has failed that was to take over this object, or one has not come that may be meant to replace it. */
  failedToCreate(id: string, state: S): "the object" | "a replacement" | undefined;
}

/** Notes in the run, and asks it. */
export function objectsOf<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
  run: Run,
): Objects<I, S> {
  const { type } = definition;

  /** The Hub does not tell names by their case. */
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
