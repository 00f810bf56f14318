// A stack in memory, its export as `pulumi stack export` prints it, and a drift check of it. No engine is started.
import { checkDrift } from "../../cli/src/drift/check";
import { runsOf, tokenVariables } from "../../cli/src/drift/credentials";
import { observeDirectly } from "../../cli/src/drift/direct";
import { type DriftReport } from "../../cli/src/drift/report";
import { readStack } from "../../cli/src/drift/stack";
import { sha256 } from "../../local-hub/src/store/ids";
import { HubClient } from "../../provider/src/client";
import { type Properties } from "../../provider/src/model/plain";
import { driftedOutput } from "../../provider/src/resources/driftRules";
import { definitionOf } from "../../provider/src/resources/registry";
import { lifecycleContext, randomHex } from "./context";
import { actorNamed, type DriftObject, type HandChange, PIPELINE } from "./driftObjects";
import { type Hub, startHub } from "./hub";
import { Clock } from "./lifecycle";
import { Stack } from "./stack";

/** The variable with the token of the stack's provider. */
export const TOKEN_ENV = "DRIFT_TEST_TOKEN";

const PROVIDER = "urn:pulumi:dev::drift::pulumi:providers:pulumi-nodejs::main";

/** A resource in an export. */
export interface Exported {
  urn: string;
  type: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  provider: string;
  [key: string]: unknown;
}

/** How a stack is exported. */
export interface ExportOptions {
  /** Whether an argument is encrypted, in addition to those that always are. */
  isSecret?: (name: string, property: string) => boolean;
  /** Whether encrypted values are shown. */
  showSecrets?: boolean;
  /** The settings of the provider. Default: the Hub and {@link TOKEN_ENV}. */
  settings?: Properties;
  /** Changes the resources before they are exported. */
  edit?: (resources: Exported[]) => Exported[];
}

/** A stack, and the Hub that it is on. */
export class DriftStack {
  private readonly clock = new Clock(new Date("2026-11-24T08:00:00Z"));
  private readonly stack: Stack;
  private readonly times = new Map<string, { created: string; modified: string; text: string }>();
  /** What the last check printed while it ran. */
  said: string[] = [];

  private constructor(
    readonly hub: Hub,
    private readonly objects: readonly DriftObject[],
    now: { current: () => Date },
  ) {
    now.current = () => this.clock.now;
    for (const each of objects) each.begin(hub.store, actorNamed(PIPELINE));
    this.stack = new Stack(
      objects.map(({ type, name, args }) => {
        const definition = definitionOf(type);
        const mark = "owner" in definition.schema.properties ? { owner: sha256(name).slice(0, 8) } : {};
        return { name, definition, args: () => ({ ...mark, ...args }) };
      }),
      () =>
        lifecycleContext(new HubClient({ endpoint: hub.endpoint, token: hub.tokens.admin, maxRetries: 0 }), {
          now: this.clock.now,
          randomHex,
        }),
    );
  }

  /** Starts a Hub, creates the objects and runs the first `up`. */
  static async start(
    objects: readonly DriftObject[],
    options: Parameters<typeof startHub>[0] = {},
  ): Promise<DriftStack> {
    const now = { current: () => new Date() };
    const hub = await startHub({ now: () => now.current(), ...options });
    process.env[TOKEN_ENV] = hub.tokens.admin;
    const stack = new DriftStack(hub, objects, now);
    await stack.up().catch(async (error: unknown) => {
      await hub.close();
      throw error;
    });
    return stack;
  }

  /** Runs an `up`, and lets an hour pass before and after it. */
  async up(): Promise<void> {
    await this.step(async () => {
      const { errors } = await this.stack.up();
      if (errors[0]) throw new Error(`${errors[0].name}: ${errors[0].error.message}`);
    });
  }

  /** Runs a refresh, and lets an hour pass before and after it. */
  async refresh(): Promise<void> {
    await this.step(async () => {
      const [failed] = await this.stack.refresh();
      if (failed) throw failed.error;
    });
  }

  /** Changes something on the Hub, and lets an hour pass. */
  byHand(user: string, name: string, change: HandChange): void {
    const { id, state } = this.kept(name);
    change(this.hub.store, actorNamed(user), { id, outputs: state });
    this.clock.pass(1);
  }

  kept(name: string): { id: string; state: Properties } {
    const kept = this.stack.kept.get(name);
    if (!kept) throw new Error(`${name} is not in the stack`);
    return kept;
  }

  /** The stack as `pulumi stack export` prints it. */
  exported({ isSecret, showSecrets = false, settings, edit = (all) => all }: ExportOptions = {}): string {
    const resources = this.objects.flatMap(({ type, name, secret = [] }): Exported[] => {
      const kept = this.stack.kept.get(name);
      const time = this.times.get(name);
      if (!kept || !time) return [];
      const definition = definitionOf(type);
      const sealing = (values: Properties): Properties =>
        Object.fromEntries(
          Object.entries(values).map(([key, value]) => {
            const isArgument = key in definition.schema.properties;
            const isSealed =
              definition.secrets.includes(key) ||
              (isArgument && (secret.includes(key) || isSecret?.(name, key) === true));
            return [key, isSealed ? sealed(value, showSecrets) : value];
          }),
        );
      const names = Object.keys(definition.schema.properties);
      const found = kept.found ?? Object.fromEntries(names.map((each) => [each, kept.state[each]]));
      const inputs = JSON.parse(JSON.stringify(found)) as Properties;
      return [
        {
          urn: urnOf(type, name),
          custom: true,
          id: kept.id,
          type: `pulumi-nodejs:dynamic/huggingface:${type}`,
          inputs: { ...sealing(inputs), __provider: "code" },
          outputs: {
            ...sealing(kept.state),
            ...(kept.found && driftedOutput(definition, { inputs: kept.found, state: kept.state })),
            ...{ __endpoint: this.hub.endpoint, __provider: "code", stateVersion: definition.stateVersion },
          },
          provider: `${PROVIDER}::0f0f`,
          created: time.created,
          modified: time.modified,
          sourcePosition: "project:///index.ts#7,1",
        },
      ];
    });
    const provider = {
      urn: PROVIDER,
      custom: true,
      id: "0f0f",
      type: "pulumi:providers:pulumi-nodejs",
      inputs: settings ?? {
        "huggingface:endpoint": this.hub.endpoint,
        "huggingface:tokenEnv": TOKEN_ENV,
        "huggingface:maxRetries": "0",
      },
    };
    const manifest = { time: this.clock.now.toISOString() };
    return JSON.stringify({
      version: 3,
      deployment: { manifest, resources: [provider, ...edit(resources)] },
    });
  }

  /** Checks the stack. */
  async check(options: ExportOptions & { tokenEnv?: readonly string[] } = {}): Promise<DriftReport> {
    return this.checkText(this.exported(options), options.tokenEnv);
  }

  /** Checks an export. */
  async checkText(text: string, tokenEnv: readonly string[] = []): Promise<DriftReport> {
    this.said = [];
    const stack = readStack(text);
    const runOf = runsOf(
      stack,
      tokenVariables(tokenEnv),
      (_severity, message) => void this.said.push(message),
    );
    return checkDrift(stack, {
      runOf,
      observe: (resources) => observeDirectly(resources, runOf, () => undefined),
      command: "pulumi up --refresh",
      onEntry: () => undefined,
    });
  }

  async close(): Promise<void> {
    delete process.env[TOKEN_ENV];
    await this.hub.close();
  }

  private async step(run: () => Promise<void>): Promise<void> {
    this.clock.pass(1);
    await run();
    const at = this.clock.now.toISOString();
    for (const [name, kept] of this.stack.kept) {
      const before = this.times.get(name);
      const text = JSON.stringify(kept);
      if (before?.text === text) continue;
      this.times.set(name, { created: before?.created ?? at, modified: at, text });
    }
    this.clock.pass(1);
  }
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::drift::pulumi-nodejs:dynamic/huggingface:${type}::${name}`;
}

/** An encrypted value in an export. */
export function sealed(value: unknown, showSecrets = false): Properties {
  const shown = showSecrets ? { plaintext: JSON.stringify(value) } : { ciphertext: "v1:AAAA:BBBB" };
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ...shown };
}
