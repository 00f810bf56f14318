// The server for the engine's processes: the Hub of a history over HTTP, with its weather, and an endpoint for the
// hook's reports.
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo } from "node:net";
import { TransportFailure } from "../../../provider/src/client/transport";
import { type LawHub } from "../hub";
import { Dead } from "../weather";

/** A call of the engine, as the hook reports it. */
export interface Asked {
  method: "check" | "diff" | "create" | "read" | "update" | "delete";
  urn: string;
  id: string;
  /** Whether a check got no old inputs. */
  isFresh: boolean;
}

export interface Answered {
  error?: string;
  stored?: boolean;
  result?: Record<string, unknown>;
}

/** Receives the reports of one operation. */
export interface Reporter {
  /** May wait until the call may continue. */
  begin(asked: Asked): Promise<void> | void;
  end(answered: Answered): void;
  say(said: { severity: "info" | "warning"; message: string }): void;
  /** Ends the process, because of the Hub's weather or an error in the test itself. */
  die(error?: Error): void;
}

const REPORTS = "/laws/";

export class Front {
  hub: LawHub | undefined;
  reporter: Reporter | undefined;
  readonly #server = http.createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      if (error instanceof Dead) this.reporter?.die();
      else if (!(error instanceof TransportFailure)) this.reporter?.die(error as Error);
      // The client gets no answer.
      request.socket.destroy();
    });
  });

  static async start(): Promise<Front> {
    const front = new Front();
    front.#server.listen(0, "127.0.0.1");
    await once(front.#server, "listening");
    return front;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get reports(): string {
    return `${this.endpoint}${REPORTS.slice(0, -1)}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await textOf(request);
    const path = request.url ?? "";
    if (path.startsWith(REPORTS)) {
      await this.#report(path.slice(REPORTS.length), JSON.parse(body));
      return void response.end();
    }
    if (!this.hub) throw new Error("No Hub is set.");
    const {
      status,
      headers,
      body: answer,
    } = await this.hub.send({
      method: request.method ?? "",
      url: `${this.endpoint}${path}`,
      headers: request.headers as Record<string, string>,
      ...(body !== "" && { body }),
      connectTimeoutMs: 0,
      answerTimeoutMs: 0,
    });
    // The weather may have changed the answer's length.
    const { "content-length": _length, ...others } = headers;
    response.writeHead(status, others);
    response.end(await textOf(answer));
  }

  #report(kind: string, report: unknown): Promise<void> | void {
    const { reporter } = this;
    // The process of a finished operation may still send reports.
    if (!reporter) return;
    if (kind === "begin") return reporter.begin(report as Asked);
    if (kind === "end") return reporter.end(report as Answered);
    reporter.say(report as Parameters<Reporter["say"]>[0]);
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString("utf8");
}
