// Every method of the client on a server that has only the document.
import { HubClient } from "../../provider/src/client";
import { clientCalls } from "./clientCalls";
import { type ApiDocument } from "./document";
import { DocumentServer, type Mode } from "./documentServer";
import { type Findings } from "./findings";
import { differences, inWords, isInvented, isUnknown } from "./losses";
import { alternatives } from "./samples";
import { groupCalls } from "./groupCalls";
import { isObject } from "./schemaForms";
import { type ClientCall } from "./subjects";

/** The token of all clients here; no server checks it. */
export const TOKEN = "hf_ContractContractContractContract01";

/** The methods that return a resource group, or several. */
const GROUP_METHODS = groupCalls
  .map(({ method }) => method)
  .filter((method) => !/Repo|Role|^delete/.test(method));

/** How to compare a method's result with the answer. All other methods return the answer unchanged. */
const RESULTS: Partial<Record<keyof HubClient, { reason: string; compare: Compare }>> = {
  hasOrgRole: { reason: "is a decision", compare: () => undefined },
  myOrgRole: { reason: "is a decision", compare: () => undefined },
  auditLogs: { reason: "has the Hub's own event inside", compare: events },
  streamAuditLogs: { reason: "has the Hub's own event inside", compare: events },
  createServiceAccount: {
    reason: "has the account's name where all other answers have it",
    compare: (answer, result) => {
      const { name, ...others } = result as { name: unknown };
      return [answer, { ...others, fullname: name }];
    },
  },
  getRepo: {
    reason: "leaves out what no resource needs, such as the list of files",
    compare: (answer, result) => [only(answer, REPO_FIELDS), result],
  },
  listReposOf: { reason: "leaves out what tells no repository from others", compare: authored },
  listBuckets: { reason: "leaves out what tells no repository from others", compare: authored },
  ...Object.fromEntries(
    GROUP_METHODS.map((method) => [
      method,
      { reason: "has no limits instead of an empty object", compare: groups },
    ]),
  ),
  updateRepoSettings: {
    reason: "leaves out what it cannot change",
    compare: (answer, result) => [only(answer, ["visibility", "private", "gated"]), result],
  },
};

const REPO_FIELDS = ["_id", "id", "createdAt", "private", "gated", "visibility", "cdnRegions"];

type Compare = (answer: unknown, result: unknown) => [answer: unknown, result: unknown] | undefined;

/** Makes each call with each answer that the document describes for its operation. */
export async function clientOnDocument(document: ApiDocument, findings: Findings): Promise<void> {
  const server = await DocumentServer.start(document);
  try {
    for (const call of clientCalls) {
      for (const { label, mode } of modesOf(document, call.operation)) {
        findings.tried++;
        server.reset(mode);
        await tryCall(server, call, label, findings);
        for (const { operation, problem } of server.violations) {
          findings.violation(operation, `${call.method}, ${label}`, problem);
        }
      }
    }
  } finally {
    await server.close();
  }
}

/** Every answer that the document describes for an operation. */
export function modesOf(document: ApiDocument, id: string): { label: string; mode: Mode }[] {
  const operation = document.operation(id);
  const schema = [...(operation?.answers ?? [])].find(([status]) => status >= 200 && status < 300)?.[1];
  return [
    { label: "only required fields", mode: { amount: "required" } },
    { label: "all fields", mode: { amount: "full" } },
    ...(schema ? alternatives(schema) : []).map((alternative) => ({
      label: `${alternative.at || "/"} is ${alternative.what}`,
      mode: { amount: "required" as const, varied: { operation: id, alternative } },
    })),
  ];
}

async function tryCall(
  server: DocumentServer,
  call: ClientCall,
  label: string,
  findings: Findings,
): Promise<void> {
  const { method, operation } = call;
  // The port differs in each run.
  const fail = (text: string): void =>
    findings.violation(operation, label, `${method}: ${text.replace(` at ${server.endpoint}`, "")}`);
  const client = new HubClient({ endpoint: server.endpoint, token: TOKEN, maxRetries: 0 });
  let result: unknown;
  try {
    result = await call.run(client);
  } catch (error) {
    fail((error as Error).message);
    return;
  }
  const given = server.given.find((each) => each.operation === operation);
  if (!given) {
    fail("the request went to another operation.");
    return;
  }
  if (result === undefined) return;
  const compare = RESULTS[method]?.compare ?? ((answer: unknown, same: unknown) => [answer, same]);
  const compared = compare(given.body, result);
  if (!compared) return;
  for (const difference of differences(compared[0], compared[1])) {
    const text = `${method}: ${inWords(difference)}`;
    if (isUnknown(difference) && !isInvented(difference)) findings.note(operation, label, text);
    else findings.violation(operation, label, text);
  }
}

function events(answer: unknown, result: unknown): [unknown, unknown] {
  return [answer, (result as { event: unknown }[]).map(({ event }) => event)];
}

function groups(answer: unknown, result: unknown): [unknown, unknown] {
  const comparable = (group: unknown): unknown => {
    const { spendLimits, ...others } = group as { spendLimits?: object };
    return spendLimits && Object.keys(spendLimits).length > 0 ? group : others;
  };
  return [Array.isArray(answer) ? answer.map(comparable) : comparable(answer), result];
}

function authored(answer: unknown, result: unknown): [unknown, unknown] {
  return [(answer as unknown[]).map((each) => only(each, ["_id", "id", "createdAt", "private"])), result];
}

function only(answer: unknown, fields: string[]): unknown {
  if (!isObject(answer)) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => fields.includes(name)));
}
