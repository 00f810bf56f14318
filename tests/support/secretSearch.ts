// Searches for secrets in everything that a run leaves behind. Deliberately written without the library's own
// redaction: a mistake in both would find nothing.
import { inspect } from "node:util";
import { type EngineFile, type EngineResult, type Project } from "./engine";

/** A secret found in a place where it is not allowed. */
export interface Finding {
  /** The name of the planted secret, never its value. */
  secret: string;
  /** How it was written: plain, base64, … */
  form: string;
  /** The file or stream. */
  place: string;
  /** The text before it. */
  before: string;
}

/** Planted secrets and the search for them. */
export class SecretSearch {
  readonly #forms: { secret: string; form: string; text: string }[] = [];
  readonly #planted: string[] = [];

  /** Remembers a secret under a name that a finding may show. A text of several lines is searched for line by line. */
  plant(secret: string, value: string): string {
    if (value.length < 8) throw new Error(`${secret} is too short to search for`);
    this.#planted.push(secret);
    const lines = value.split(/\r?\n/).filter((line) => line.length >= 20 && !line.startsWith("-----"));
    for (const part of value.includes("\n") ? lines : [value]) this.#remember(secret, part);
    return value;
  }

  /** The names of the planted secrets. */
  get planted(): readonly string[] {
    return this.#planted;
  }

  /** Finds every planted secret in a text, in every form. */
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

  /** Searches both streams and the events of a command. */
  inResult(result: EngineResult): Finding[] {
    const name = result.command.split(" ").slice(0, 2).join(" ");
    return [
      ...this.in(`stdout of ${name}`, result.stdout),
      ...this.in(`stderr of ${name}`, result.stderr),
      ...this.in(`events of ${name}`, JSON.stringify(result.events)),
    ];
  }

  /**
   * Searches all files of a project that the engine wrote: state, backups, history, its logs, the stack's settings.
   *
   * @param shown - the part of a file to search. Default: all of it
   */
  async inFiles(project: Project, shown = ({ text }: EngineFile): string => text): Promise<Finding[]> {
    const files = await project.rawStateFiles();
    return files.flatMap((file) => [
      ...this.in(file.path, shown(file)),
      // These parts are also searched by name, so that a finding names them.
      ...partsOfState(file.text).flatMap(([part, text]) => this.in(part, text)),
    ]);
  }

  /**
   * Searches everything that anyone could print of an error: message, stack, JSON, Node's output with and without the
   * error's own form, and each property, including hidden ones, of the error and everything it refers to.
   */
  inError(error: unknown): Finding[] {
    const everything = {
      depth: Infinity,
      maxStringLength: Infinity,
      maxArrayLength: Infinity,
      showHidden: true,
    };
    const places: [string, string][] = [
      ["text of the error", String(error)],
      ["JSON of the error", JSON.stringify(error) ?? ""],
      ["error as Node prints it", inspect(error)],
      ["error as Node prints it in whole", inspect(error, { ...everything, getters: true })],
      [
        "error as Node prints it without its own form",
        inspect(error, { ...everything, getters: true, customInspect: false }),
      ],
      ...propertiesOf(error),
    ];
    return places.flatMap(([place, text]) => this.in(place, text));
  }

  #remember(secret: string, value: string): void {
    const add = (form: string, text: string): void => void this.#forms.push({ secret, form, text });
    const json = JSON.stringify(value).slice(1, -1);
    add("plain", value);
    add("JSON", json);
    add("JSON in JSON", JSON.stringify(json).slice(1, -1));
    add("JSON with \\/", json.replaceAll("/", "\\/"));
    // JSON as Go writes it.
    add(
      "JSON for HTML",
      json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    );
    const form = new URLSearchParams({ v: value }).toString().slice(2);
    // What is encoded may be a whole body in which the secret is already escaped.
    for (const [inside, text] of [
      ["", value],
      [" of JSON", json],
      [" of a form", form],
    ] as const) {
      if (inside !== "" && text === value) continue;
      add(`URL${inside}`, encodeURIComponent(text));
      add(`form${inside}`, new URLSearchParams({ v: text }).toString().slice(2));
      add(`hex${inside}`, Buffer.from(text).toString("hex"));
      for (const offset of [0, 1, 2]) {
        // In a longer text, the same bytes look different at each alignment, and the ends depend on their neighbors.
        const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString("base64");
        const inner = encoded.slice(offset === 0 ? 0 : 4, -4);
        add(`base64${inside}`, inner);
        add(`base64url${inside}`, inner.replaceAll("+", "-").replaceAll("/", "_"));
      }
    }
  }
}

/** The parts of a state file: interrupted operations, and the code that serves each resource. */
function partsOfState(text: string): [string, string][] {
  const parts: [string, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (name === "pending_operations" && Array.isArray(member)) {
        parts.push(["pending operations", JSON.stringify(member)]);
      }
      if (name === "__provider") parts.push(["handler text", String(member)]);
      visit(member);
    }
  };
  try {
    visit(JSON.parse(text));
  } catch {
    // The file is not a state.
  }
  return parts;
}

/** Every text that can be reached from a value by its own and inherited properties, with the path of names. */
function propertiesOf(value: unknown): [string, string][] {
  const texts: [string, string][] = [];
  const seen = new Set<unknown>();
  const visit = (each: unknown, way: string): void => {
    if (typeof each === "string") texts.push([`property ${way} of the error`, each]);
    if ((typeof each !== "object" && typeof each !== "function") || each === null || seen.has(each)) return;
    seen.add(each);
    if (each instanceof Uint8Array)
      texts.push([`property ${way} of the error`, Buffer.from(each).toString("latin1")]);
    const inherited: unknown = Object.getPrototypeOf(each);
    const names = [...Reflect.ownKeys(each), ...(inherited ? Reflect.ownKeys(inherited) : [])];
    for (const name of names) {
      texts.push([`name of a property of ${way}`, String(name)]);
      let member: unknown;
      try {
        member = (each as Record<PropertyKey, unknown>)[name];
      } catch {
        // A getter may throw.
        continue;
      }
      visit(member, `${way}.${String(name)}`.replace(/^\./, ""));
    }
    if (each instanceof Map || each instanceof Set) for (const item of each) visit(item, `${way}[]`);
  };
  visit(value, "");
  return texts;
}

/**
 * Without the engine's own log: with `-v=9` it contains each message between the engine's processes, including
 * secrets.
 */
export function withoutEngineLog(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !/^\{"time":"[^"]+","level":"[A-Z]+","msg":.*\}$/.test(line))
    .join("\n");
}
