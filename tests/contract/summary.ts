// Summarizes the exchanges by operation.
import { type ApiDocument, type Operation } from "./document";
import { type Exchange } from "./record";

/** One kind of problem of an operation. */
export interface Problem {
  /** Without the actual value. */
  text: string;
  /** With the actual value of one case. */
  example: string;
  count: number;
  /** The clients that sent it; for an answer, the clients that received it. */
  clients: string[];
}

/** The summary of an operation. */
export interface OperationSummary {
  id: string;
  origin: Operation["origin"] | "unknown";
  requests: number;
  /** Requests with a 2xx answer. */
  accepted: number;
  clients: string[];
  violations: Problem[];
  /** The parts of requests that the document does not know. */
  beyond: Problem[];
}

/** The local Hub's start page is not an operation of the Hub. */
const NO_OPERATION = new Set(["GET /"]);

/** Groups exchanges in the document's order. Unknown operations come last; they violate the document. */
export function summarize(document: ApiDocument, exchanges: Exchange[]): OperationSummary[] {
  const groups = new Map<string, Exchange[]>();
  for (const exchange of exchanges.filter(({ injected }) => !injected)) {
    const id = exchange.operation ?? unknownOperation(exchange);
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), exchange]);
  }
  const order = new Map(document.operations.map((operation, index) => [operation.id, index]));
  const place = (id: string) => order.get(id) ?? Infinity;
  return [...groups]
    .map(([id, group]) => summaryOf(id, document.operation(id)?.origin ?? "unknown", group))
    .sort((a, b) => place(a.id) - place(b.id));
}

/** A path that answers with an error is not an operation. */
function unknownOperation({ method, path, status }: Exchange): string | undefined {
  const id = `${method} ${path.replace(/[0-9a-f]{24}/g, "{id}")}`;
  return status >= 400 || NO_OPERATION.has(id) ? undefined : id;
}

function summaryOf(id: string, origin: OperationSummary["origin"], group: Exchange[]): OperationSummary {
  const of = (pick: (exchange: Exchange) => string[]) =>
    group.flatMap((exchange) => pick(exchange).map((text) => ({ text, client: exchange.client })));
  const lacking = "the document has no such operation";
  return {
    id,
    origin,
    requests: group.length,
    accepted: group.filter(({ status }) => status >= 200 && status < 300).length,
    clients: [...new Set(group.map(({ client }) => client))].sort(),
    violations: problems([
      ...of(({ request }) => request.map((text) => `request ${text}`)),
      ...of(({ answer }) => answer),
      ...of(({ operation }) => (operation === undefined ? [lacking] : [])),
    ]),
    beyond: problems(of(({ beyond }) => beyond)),
  };
}

function problems(found: { text: string; client: string }[]): Problem[] {
  const byText = new Map<string, Problem>();
  for (const { text: example, client } of found) {
    const text = example.replace(/, has .*$/s, "");
    const problem = byText.get(text) ?? { text, example, count: 0, clients: [] };
    problem.count += 1;
    if (!problem.clients.includes(client)) problem.clients.push(client);
    byText.set(text, problem);
  }
  return [...byText.values()];
}
