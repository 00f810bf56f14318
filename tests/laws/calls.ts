// The handler calls of one engine operation. A watcher sees each of them.
import { type EngineHandler } from "../../provider/src/dynamic/handler";
import { Handlers } from "./handlers";
import { type LawHub } from "./hub";
import { wire } from "./stacks";
import { type Ended, type Method, type Properties, type Step, type Watcher } from "./steps";

/** Stops the operation. */
export class Stopped extends Error {}

export class Calls {
  /** Names of the resources whose step has failed. */
  readonly failed = new Set<string>();
  readonly #handlers: Handlers;

  constructor(
    private readonly stack: string,
    private readonly isPreview: boolean,
    private readonly around: { watcher: Watcher; hub: LawHub; ended: Ended },
  ) {
    this.#handlers = new Handlers(around.watcher, around.hub);
  }

  /** Calls the handler. Returns `undefined` if the call fails. */
  async call<T>(
    method: Method,
    parts: Partial<Step>,
    work: (handler: EngineHandler) => Promise<T>,
    store?: (properties: Properties, id: string) => void,
  ): Promise<T | undefined> {
    const { type, name } = (parts.declared ?? parts.old) as { type: string; name: string };
    const { provider = 0 } = parts.declared ?? parts.old ?? {};
    const step: Step = {
      refreshing: false,
      ...parts,
      ...{ method, provider },
      type,
      name,
      stack: this.stack,
      preview: this.isPreview,
    };
    this.around.watcher.begin(step);
    try {
      const result = await work(this.#handlers.of(type, provider));
      if (this.around.hub.weather?.dead) throw new Error("The process has died.");
      this.around.watcher.end(step, { stored: false, dead: false, result });
      return result;
    } catch (error) {
      const thrown = error as Error & { id?: string; properties?: Properties; reasons?: string[] };
      const dead = this.around.hub.weather?.dead ?? false;
      const { id, properties } = thrown;
      const stored = !dead && id !== undefined && properties !== undefined;
      this.around.ended.failed = true;
      this.failed.add(name);
      if (stored) store?.(wire(properties), id);
      this.around.watcher.end(step, { error: thrown, stored, dead });
      if (dead) {
        this.around.ended.dead = true;
        throw new Stopped();
      }
      return undefined;
    }
  }
}
