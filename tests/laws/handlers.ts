// The processes of an engine operation: one per provider, with one handler per resource type.
import { engineHandler, type EngineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { definitionOf } from "../../provider/src/resources/registry";
import { ENDPOINT, type LawHub } from "./hub";
import { type Watcher } from "./steps";

export class Handlers {
  readonly #runs = new Map<number, Run>();
  readonly #handlers = new Map<string, EngineHandler>();

  constructor(
    private readonly watcher: Watcher,
    private readonly hub: LawHub,
  ) {}

  of(type: string, provider: number): EngineHandler {
    const key = `${provider} ${type}`;
    const handler =
      this.#handlers.get(key) ??
      engineHandler(definitionOf(type), this.#runOf(provider), () => Promise.resolve());
    if (!this.#handlers.has(key)) {
      const config: Record<string, string> = {
        "huggingface:endpoint": ENDPOINT,
        "huggingface:token": this.hub.token,
        "huggingface:maxRetries": "0",
      };
      handler.configure({ config: { get: (name) => config[name] } });
      this.#handlers.set(key, handler);
    }
    return handler;
  }

  #runOf(provider: number): Run {
    const run =
      this.#runs.get(provider) ?? new Run((severity, message) => this.watcher.say(severity, message));
    this.#runs.set(provider, run);
    return run;
  }
}
