import { fork } from "node:child_process";
import { join } from "node:path";
import { type LocalHubOptions } from "huggingface-local-hub";
import { type Traffic } from "./hubServer";

/** The Hub that all contestants use. */
export interface BenchHub {
  endpoint: string;
  token: string;
  /** The requests since the last call. */
  traffic(): Promise<Traffic>;
  stop(): Promise<void>;
}

/** Starts a Hub in its own process. With a state file you can restart it on the same port with other settings. */
export async function startHub(
  options: Omit<LocalHubOptions, "now" | "log" | "checkAnswers">,
): Promise<BenchHub> {
  const child = fork(join(__dirname, "hubServer.ts"), {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let asked = 0;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { endpoint, token } = await new Promise<{ endpoint: string; token: string }>((resolve, reject) => {
    // A message that is sent before the child listens may be lost. A seed of thousands is too long for an argument.
    child.once("message", () => {
      child.once("message", (message) => resolve(message as { endpoint: string; token: string }));
      child.send(options);
    });
    void ended.then(() => reject(new Error("The Hub of the measurements has ended.")));
  });
  return {
    endpoint,
    token,
    traffic: () =>
      new Promise((resolve) => {
        const id = (asked += 1);
        const listen = (message: { id: number; answer: Traffic }): void => {
          if (message.id !== id) return;
          child.off("message", listen);
          resolve(message.answer);
        };
        child.on("message", listen);
        child.send({ id });
      }),
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
