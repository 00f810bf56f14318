// What the engine does with the resources of one stack, without an engine: it stores the results of steps, keeps the
// former state if a step fails, and tries again in the next run.
import { checkArguments } from "../../provider/src/model/check";
import {
  type LifecycleContext,
  type ResourceDefinition,
  UnfinishedError,
} from "../../provider/src/model/definition";
import { changedProperties, diffOf } from "../../provider/src/model/diff";
import { type Properties, withoutUndefined } from "../../provider/src/model/plain";
import { stored } from "./lifecycle";

/** A resource of any type, as the engine sees it: properties in, properties out. */
export type AnyDefinition = ResourceDefinition<Record<string, unknown>, Record<string, unknown>>;

/** Converts a definition to one of any type. */
export function anyDefinition<I extends object, S extends I>(
  definition: ResourceDefinition<I, S>,
): AnyDefinition {
  return definition as unknown as AnyDefinition;
}

/** What a program declares. */
export interface Declaration {
  name: string;
  definition: AnyDefinition;
  /** Returns the arguments, given the outputs of earlier declarations. */
  args(outputs: (name: string) => Properties): Properties;
}

/** What is stored of one resource. */
export interface Kept {
  id: string;
  state: Properties;
  /** The arguments that the last refresh found. */
  found?: Properties;
  /** Whether the last update failed but stored something. */
  isUnfinished?: boolean;
}

/** A failed step. */
export interface StepError {
  name: string;
  step: string;
  error: Error;
}

/** A stack in memory. */
export class Stack {
  readonly kept = new Map<string, Kept>();
  /** Replaced resources that are not deleted yet. */
  readonly condemned: { name: string; definition: AnyDefinition; kept: Kept }[] = [];
  /** The messages of the last operation. */
  said: { severity: "info" | "warning"; message: string }[] = [];

  constructor(
    /** May be changed between operations, like a program. */
    public program: Declaration[],
    /** Makes the surroundings of one operation with its own log, like a fresh process. */
    private readonly surroundings: () => LifecycleContext,
  ) {}

  outputs(name: string): Properties {
    const kept = this.kept.get(name);
    if (!kept) throw new Error(`${name} is not in the stack`);
    return kept.state;
  }

  /** Returns each step as "name: step", and the errors. Stops after the first failure. */
  async up({ refresh = false } = {}): Promise<{ steps: string[]; errors: StepError[] }> {
    const context = this.context();
    if (refresh) {
      const errors = await this.reads(context);
      if (errors.length > 0) return { steps: [], errors };
    }
    const steps: string[] = [];
    const errors: StepError[] = [];
    for (const declaration of this.program) {
      const { name, definition } = declaration;
      let step = "check";
      try {
        // Resources after a failed one are not reached: in these programs each resource depends on the earlier ones.
        if (errors.length > 0) break;
        const kept = this.kept.get(name);
        const inputs = check(
          declaration.args((other) => this.outputs(other)),
          definition,
          kept,
          context,
        );
        if (!kept) {
          step = "create";
          const { id, state } = await definition.create(inputs, context);
          this.kept.set(name, { id, state: plain(state) });
          steps.push(`${name}: create`);
          continue;
        }
        step = "diff";
        const changed = changedProperties(definition, kept.state, inputs);
        const { changes, replaces } =
          definition.diff?.(kept.state, inputs, changed, context) ?? diffOf(definition, changed);
        if (replaces.length > 0) {
          step = "create-replacement";
          const again = check(
            declaration.args((other) => this.outputs(other)),
            definition,
            undefined,
            context,
          );
          const { id, state } = await definition.create(again, context);
          this.kept.set(name, { id, state: plain(state) });
          this.condemned.push({ name, definition, kept });
          steps.push(`${name}: replace`);
        } else if (changes || kept.isUnfinished) {
          step = "update";
          await this.update(name, definition, kept, inputs, context);
          steps.push(`${name}: update`);
        }
      } catch (error) {
        errors.push({ name, step, error: error as Error });
      }
    }
    if (errors.length === 0) errors.push(...(await this.deleteCondemned(context)));
    return { steps, errors };
  }

  private async update(
    name: string,
    definition: AnyDefinition,
    kept: Kept,
    inputs: Properties,
    context: LifecycleContext,
  ): Promise<void> {
    try {
      const state = await definition.update(kept.id, kept.state, inputs, context);
      this.kept.set(name, { id: kept.id, state: plain(state) });
    } catch (error) {
      if (error instanceof UnfinishedError) {
        const { cause } = error;
        const state = plain(stored(definition, error.state as Properties, inputs));
        this.kept.set(name, { id: kept.id, state, found: kept.found ?? kept.state, isUnfinished: true });
        // The handler shows the cause.
        if (cause !== undefined) throw cause as Error;
      }
      throw error;
    }
  }

  async refresh(): Promise<StepError[]> {
    return this.reads(this.context());
  }

  async destroy(): Promise<StepError[]> {
    const context = this.context();
    const errors: StepError[] = await this.deleteCondemned(context);
    for (const { name, definition } of [...this.program].reverse()) {
      const kept = this.kept.get(name);
      if (!kept || errors.length > 0) continue;
      try {
        await definition.delete(kept.id, kept.state, context);
        this.kept.delete(name);
      } catch (error) {
        errors.push({ name, step: "delete", error: error as Error });
      }
    }
    return errors;
  }

  private async reads(context: LifecycleContext): Promise<StepError[]> {
    const errors: StepError[] = [];
    const read = new Map<string, Kept | undefined>();
    for (const { name, definition } of this.program) {
      const kept = this.kept.get(name);
      if (!kept) continue;
      try {
        const found = await definition.read(kept.id, kept.state, context);
        read.set(name, found && { id: kept.id, state: plain(found.state), found: plain(found.inputs) });
      } catch (error) {
        errors.push({ name, step: "read", error: error as Error });
      }
    }
    // Every resource that could be read is stored, even if others failed.
    for (const [name, kept] of read) {
      if (kept) this.kept.set(name, kept);
      else this.kept.delete(name);
    }
    return errors;
  }

  private async deleteCondemned(context: LifecycleContext): Promise<StepError[]> {
    const errors: StepError[] = [];
    for (const condemned of [...this.condemned]) {
      const { name, definition, kept } = condemned;
      try {
        await definition.delete(kept.id, kept.state, context);
        this.condemned.splice(this.condemned.indexOf(condemned), 1);
      } catch (error) {
        errors.push({ name, step: "delete-replaced", error: error as Error });
      }
    }
    return errors;
  }

  private context(): LifecycleContext {
    const said: typeof this.said = [];
    this.said = said;
    return {
      ...this.surroundings(),
      log: {
        info: (message) => void said.push({ severity: "info", message }),
        warn: (message) => void said.push({ severity: "warning", message }),
      },
    };
  }
}

function check(
  args: Properties,
  definition: AnyDefinition,
  kept: Kept | undefined,
  context: LifecycleContext,
): Record<string, unknown> {
  const previous = kept?.found ?? kept?.state ?? {};
  const { inputs, failures } = checkArguments(definition, args, previous, context);
  if (failures.length > 0) {
    throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  }
  return plain(inputs);
}

/** The values after the engine's wire format and its state file. */
function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(withoutUndefined(value as Properties))) as T;
}
