// Puts a front before the Hubs of tests in a contract test run. In other runs, `tests/support/hub.ts` loads nothing
// from here.
import { type Fault, type LocalHub } from "huggingface-local-hub";
import { Checker } from "./check";
import { loadDocument } from "./document";
import { INJECTED, startFront, type Front } from "./front";
import { fileRecorder } from "./record";

/** The environment variable for the document's file. */
export const DOCUMENT_VARIABLE = "CONTRACT_DOCUMENT";
/** The environment variable for the file with the records. */
export const RECORDS_VARIABLE = "CONTRACT_RECORDS";

let checker: Promise<Checker> | undefined;

/** A front for a Hub, with the settings of the environment. */
export async function frontBefore(endpoint: string): Promise<Front> {
  const document = process.env[DOCUMENT_VARIABLE] as string;
  const records = process.env[RECORDS_VARIABLE];
  if (!records) throw new Error(`${DOCUMENT_VARIABLE} is set, but ${RECORDS_VARIABLE} is not.`);
  // Reading the document takes a second, and a test file starts many Hubs.
  checker ??= loadDocument(document).then((read) => new Checker(read));
  return startFront(endpoint, await checker, fileRecorder(records));
}

/** The Hub behind a front. */
export async function behindFront(hub: LocalHub): Promise<LocalHub> {
  const front = await frontBefore(hub.endpoint);
  return {
    ...hub,
    endpoint: front.endpoint,
    inject: (fault) => hub.inject(marked(fault)),
    close: async () => {
      await front.close();
      await hub.close();
    },
  };
}

/** A fault with a mark for the front: the answer comes from the test, not from the Hub. */
function marked(fault: Fault): Fault {
  if (typeof fault.effect === "string") return fault;
  return {
    ...fault,
    effect: { ...fault.effect, headers: { ...fault.effect.headers, [INJECTED]: "1" } },
  };
}
