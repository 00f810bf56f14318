// Reads resources with the same functions as a refresh, but without the engine.
import { definitionOf, type LifecycleContext, messageOf, type Run } from "pulumi-huggingface/core";
import { type Observation } from "./observation";
import { prefetch } from "./prefetch";
import { type Recorded } from "./stack";
import { readableState } from "./state";

/** How many resources are read at the same time. Most of them wait for the same listings. */
const AT_ONCE = 256;

const SILENT = { info: () => undefined, warn: () => undefined };

/**
 * Reads resources from the Hub.
 *
 * @param onRead - called after each resource
 */
export async function observeDirectly(
  resources: readonly Recorded[],
  runOf: (resource: Recorded) => Run,
  onRead: () => void,
): Promise<Observation[]> {
  const prefetching = prefetch(resources, runOf);
  const results: Observation[] = [];
  /** The Hub's refusal of each token, which would refuse every other request too. */
  const refusals = new Map<Run, string>();
  // Those that wait for the listings come last.
  const isListed = (index: number): boolean => resources[index]?.type === "RepoVisibility";
  const order = [...resources.keys()].sort((one, other) => Number(isListed(one)) - Number(isListed(other)));
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < order.length) {
      const index = order[next++] as number;
      const resource = resources[index] as Recorded;
      const run = runOf(resource);
      const failure = refusals.get(run);
      results[index] = failure === undefined ? await observe(resource, run, refusals) : { resource, failure };
      onRead();
    }
  };
  await Promise.all([prefetching, ...Array.from({ length: AT_ONCE }, work)]);
  return results;
}

async function observe(resource: Recorded, run: Run, refusals: Map<Run, string>): Promise<Observation> {
  const definition = definitionOf(resource.type);
  try {
    return await run.reading(definition, resource.inputs, async (context) => {
      const quiet = quietly(context);
      const before = await readableState(resource, resource.outputs, quiet);
      // guard: drift-read-only
      const found = await definition.read(resource.id, before, quiet);
      return { resource, before, found };
    });
  } catch (error) {
    const failure = messageOf(error);
    if ((error as { status?: unknown }).status === 401) refusals.set(run, failure);
    return { resource, failure };
  }
}

/** What a read says is part of the result. The audit log is read once, after all resources. */
function quietly(context: LifecycleContext): LifecycleContext {
  const client = new Proxy(context.client, {
    get(target, name) {
      if (name === "streamAuditLogs") return notNow;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  return Object.assign(context, { client, log: SILENT });
}

function notNow(): never {
  throw new Error("The audit log is read after all resources.");
}
