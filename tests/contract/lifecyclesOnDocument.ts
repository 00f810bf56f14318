// Runs every lifecycle with every answer that the document describes for its operations.
import { HubError } from "../../provider/src/client";
import { LifecycleError } from "../../provider/src/model/definition";
import { modesOf } from "./clientOnDocument";
import { type ApiDocument } from "./document";
import { DocumentServer, type Mode } from "./documentServer";
import { type Findings } from "./findings";
import { Life, type Lifecycle, lifecycles } from "./lifecycles";
import { type Refusal, refusals } from "./refusals";

/** The lifecycles to run, and the expected errors. */
export interface Lives {
  lives: readonly Lifecycle[];
  expected: readonly Refusal[];
}

/** Runs each lifecycle with each answer. */
export async function lifecyclesOnDocument(
  document: ApiDocument,
  findings: Findings,
  { lives, expected }: Lives = { lives: lifecycles, expected: refusals },
): Promise<void> {
  const server = await DocumentServer.start(document);
  try {
    for (const lifecycle of lives) {
      const once = async (trial: string, mode: Mode): Promise<string[]> => {
        findings.tried++;
        server.reset(mode, lifecycle);
        await live(server, lifecycle, trial, findings, expected);
        for (const { operation, problem } of server.violations) {
          findings.violation(operation, trial, `${lifecycle.name}: ${problem}`);
        }
        return server.given.map(({ operation }) => operation);
      };
      const used = [
        ...(await once("the values it has received", { amount: "required", told: true })),
        ...(await once("only required fields", { amount: "required" })),
        ...(await once("all fields", { amount: "full", told: true })),
      ];
      for (const operation of new Set(used)) {
        for (const { label, mode } of modesOf(document, operation)) {
          if (mode.varied) await once(`${operation}: ${label}`, { ...mode, told: true });
        }
      }
    }
  } finally {
    await server.close();
  }
}

async function live(
  server: DocumentServer,
  lifecycle: Lifecycle,
  trial: string,
  findings: Findings,
  expected: readonly Refusal[],
): Promise<void> {
  const { name } = lifecycle;
  const life = new Life(server);
  const error = await lifecycle.run(life).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  const text = error && `${life.step}: ${withoutIds(error.message.replace(` at ${server.endpoint}`, ""))}`;
  const last = server.given.at(-1)?.operation ?? "no operation";
  const refusal = expected.find((each) => each.lifecycle.test(name) && each.trial.test(trial));
  if (!refusal) {
    if (text !== undefined) findings.violation(last, trial, `${name}, ${text}`);
    return;
  }
  const isClear = refusal.drift === true || error instanceof LifecycleError || error instanceof HubError;
  if (isClear && refusal.error.test(text ?? "")) {
    findings.note(last, trial, `${name} stops at ${text} That is right: ${refusal.reason}`);
  } else {
    const end = text === undefined ? "goes on to its end." : `stops at ${text}`;
    findings.violation(last, trial, `${name} has to stop with an error: ${refusal.reason} It ${end}`);
  }
}

/** Ids differ between trials, but the same problem must count once. */
function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{24}/g, "…").replace(/-[0-9a-f]{4}\]/g, "-…]");
}
