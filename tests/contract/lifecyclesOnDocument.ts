// Every lifecycle with every answer that the document describes for an operation that it uses.
import { modesOf } from "./clientOnDocument";
import { type ApiDocument } from "./document";
import { DocumentServer, type Mode } from "./documentServer";
import { type Findings } from "./findings";
import { Life, type Lifecycle, lifecycles, Unexpected } from "./lifecycles";
import { refusals } from "./refusals";

/** Lives each life with each answer. */
export async function lifecyclesOnDocument(document: ApiDocument, findings: Findings): Promise<void> {
  const server = await DocumentServer.start(document);
  try {
    for (const lifecycle of lifecycles) {
      const used = await live(server, lifecycle, findings, "what it was told", {
        amount: "required",
        told: true,
      });
      await live(server, lifecycle, findings, "only required fields", { amount: "required" });
      await live(server, lifecycle, findings, "all fields", { amount: "full", told: true });
      for (const operation of used) {
        for (const { label, mode } of modesOf(document, operation)) {
          if (!mode.varied) continue;
          await live(server, lifecycle, findings, `${operation}: ${label}`, { ...mode, told: true });
        }
      }
    }
  } finally {
    await server.close();
  }
}

/** Lives a life in one mode; gives the operations that it used. */
async function live(
  server: DocumentServer,
  lifecycle: Lifecycle,
  findings: Findings,
  trial: string,
  mode: Mode,
): Promise<string[]> {
  const { name } = lifecycle;
  findings.tried++;
  server.reset(mode, lifecycle);
  const life = new Life(server);
  const error = await lifecycle.run(life).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  const refusal = refusals.find((each) => each.lifecycle.test(name) && each.trial.test(trial));
  const last = server.given.at(-1)?.operation ?? "no operation";
  const text = error && `${life.step}: ${withoutIds(error.message.replace(` at ${server.endpoint}`, ""))}`;
  const isRefused = error && !(error instanceof Unexpected) && refusal?.error.test(text ?? "");
  if (isRefused) findings.note(last, trial, `${name} stops at ${text} That is right: ${refusal?.reason}`);
  else if (refusal)
    findings.violation(
      last,
      trial,
      `${name} has to stop with an error: ${refusal.reason} It ${text ? `stops at ${text}` : "goes on to its end."}`,
    );
  else if (error) findings.violation(last, trial, `${name}, ${text}`);
  for (const { operation, problem } of server.violations) {
    findings.violation(operation, trial, `${name}: ${problem}`);
  }
  return [...new Set(server.given.map(({ operation }) => operation))];
}

/** Ids differ from trial to trial, and the same problem is to count once. */
function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{24}/g, "…").replace(/-[0-9a-f]{4}\]/g, "-…]");
}
