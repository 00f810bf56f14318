// Looks for secrets in all that a run leaves behind. Written apart from the library's own redaction on purpose: the
// same mistake in both would find nothing.
import { type EngineResult, type Project } from "./engine";

/** A secret found where none may be. */
export interface Finding {
  /** Which of the planted secrets; never its value. */
  secret: string;
  /** How it was written: plain, base64, … */
  form: string;
  /** The file or stream. */
  place: string;
  /** What stands before it. */
  before: string;
}

/** Planted secrets and the search for them. */
export class SecretSearch {
  readonly #forms: { secret: string; form: string; text: string }[] = [];
  readonly #planted: string[] = [];

  /** Remembers a secret under a name that a finding may show. A text of several lines is looked for line by line. */
  plant(secret: string, value: string): string {
    if (value.length < 8) throw new Error(`${secret} is too short to be looked for`);
    this.#planted.push(secret);
    const lines = value.split(/\r?\n/).filter((line) => line.length >= 20 && !line.startsWith("-----"));
    for (const part of value.includes("\n") ? lines : [value]) this.#remember(secret, part);
    return value;
  }

  /** The names of what was planted. */
  get planted(): readonly string[] {
    return this.#planted;
  }

  /** Every planted secret in a text, in every form. */
  in(place: string, text: string): Finding[] {
    const found: Finding[] = [];
    for (const { secret, form, text: wanted } of this.#forms) {
      const at = text.indexOf(wanted);
      if (at < 0) continue;
      if (found.some((other) => other.secret === secret && other.form === form)) continue;
      found.push({ secret, form, place, before: text.slice(Math.max(0, at - 60), at) });
    }
    return found;
  }

  /** In both streams and the events of a command. */
  inResult(result: EngineResult): Finding[] {
    const name = result.command.split(" ").slice(0, 2).join(" ");
    return [
      ...this.in(`stdout of ${name}`, result.stdout),
      ...this.in(`stderr of ${name}`, result.stderr),
      ...this.in(`events of ${name}`, JSON.stringify(result.events)),
    ];
  }

  /** In all files of a project that the engine wrote: state, backups, history, its logs, the stack's settings. */
  async inFiles(project: Project): Promise<Finding[]> {
    return (await project.rawStateFiles()).flatMap(({ path, text }) => this.in(path, text));
  }

  #remember(secret: string, value: string): void {
    const add = (form: string, text: string): void => void this.#forms.push({ secret, form, text });
    const json = JSON.stringify(value).slice(1, -1);
    add("plain", value);
    add("JSON", json);
    add("JSON in JSON", JSON.stringify(json).slice(1, -1));
    add("JSON with \\/", json.replaceAll("/", "\\/"));
    // As Go writes JSON.
    add(
      "JSON for HTML",
      json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    );
    add("URL", encodeURIComponent(value));
    add("form", new URLSearchParams({ v: value }).toString().slice(2));
    add("hex", Buffer.from(value).toString("hex"));
    for (const offset of [0, 1, 2]) {
      // Inside a longer text the same bytes look different at each alignment; the ends depend on the neighbours.
      const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString("base64");
      const inner = encoded.slice(offset === 0 ? 0 : 4, -4);
      add("base64", inner);
      add("base64url", inner.replaceAll("+", "-").replaceAll("/", "_"));
    }
  }
}

/** Without what the engine itself logs: with `-v=9` it writes each message between its processes, secrets too. */
export function withoutEngineLog(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !/^\{"time":"[^"]+","level":"[A-Z]+","msg":.*\}$/.test(line))
    .join("\n");
}
