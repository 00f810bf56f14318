// What a check settles before it sends anything.
import {
  ConfigurationError,
  definitionOf,
  ENDPOINT_KEY,
  isSealed,
  noteDeclaredVisibility,
  type Properties,
  type Run,
} from "pulumi-huggingface/core";
import { type Recorded } from "./stack";

/**
 * Checks the Hub of each resource, and notes what the stack declares.
 *
 * @throws ConfigurationError if a resource is on another Hub than the one that would be read
 */
export function prepare(resources: readonly Recorded[], runOf: (resource: Recorded) => Run): void {
  for (const each of resources) checkHub(each, runOf(each));
  if (!resources.some(({ type }) => type === "OrganizationVisibility")) return;
  for (const each of resources) declareVisibility(each, runOf(each));
}

/** On another Hub, every object would look deleted, and that Hub would get the token. */
function checkHub({ outputs }: Recorded, run: Run): void {
  const endpoint = outputs[ENDPOINT_KEY];
  if (typeof endpoint !== "string" || isSealed(endpoint)) return;
  run.noteHub(endpoint);
  const { endpoint: asked } = run.client;
  // guard: drift-other-hub
  if (run.settings.endpoint !== undefined || asked === endpoint) return;
  throw new ConfigurationError(
    `The stack has resources on the Hub at ${endpoint}, but the environment leads to ${asked}. Nothing was sent. Set HF_ENDPOINT ` +
      `to ${endpoint}. If the Hub has moved, run \`pulumi refresh\` first.`,
  );
}

/** An OrganizationVisibility leaves alone what a RepoVisibility of the same program declares. */
function declareVisibility({ type, id, inputs, outputs }: Recorded, run: Run): void {
  if (type !== "RepoVisibility") return;
  const definition = definitionOf(type);
  // A refresh may have replaced the arguments by what it found.
  const { visibility } = { ...inputs, ...(outputs["applied"] as Properties | undefined) };
  const address = addressIn(id);
  if (!address) return;
  const declared = isSealed(visibility)
    ? undefined
    : (visibility as Parameters<typeof noteDeclaredVisibility>[2]);
  noteDeclaredVisibility(run.pureContext(definition, {}).declaredBy, address, declared);
}

/** The repository of a RepoVisibility; `undefined` if its state is damaged, which reading it reports. */
function addressIn(id: string): { repo: string; repoType: string } | undefined {
  const [repoType, ...repo] = id.split("/");
  return repoType !== undefined && repo.length === 2 ? { repoType, repo: repo.join("/") } : undefined;
}
