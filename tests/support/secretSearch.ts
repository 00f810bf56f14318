// Looks for secrets in all that a run leaves behind. Written apart from the library's own redaction on purpose: the
// same mistake in both would find nothing.
import { inspect } from "node:util";
import { type EngineFile, type EngineResult, type Project } from "./engine";

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

  /**
   * In all files of a project that the engine wrote: state, backups, history, its logs, the stack's settings.
   *
   * @param shown - what of a file is searched, where that is not all
   */
  async inFiles(project: Project, shown = ({ text }: EngineFile): string => text): Promise<Finding[]> {
    const files = await project.rawStateFiles();
    return files.flatMap((file) => [
      ...this.in(file.path, shown(file)),
      // By name too, so that it is known to have been there.
      ...partsOfState(file.text).flatMap(([part, text]) => this.in(part, text)),
    ]);
  }

  /**
   * In an error, in everything that anybody could print of it: message, stack, JSON, what Node prints with and without the
   * error's own form, and each property, hidden ones too, of it and of all that hangs on it.
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
    // As Go writes JSON.
    add(
      "JSON for HTML",
      json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    );
    const form = new URLSearchParams({ v: value }).toString().slice(2);
    // What is encoded as a whole may be a body in which the secret was escaped before.
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
        // Inside a longer text the same bytes look different at each alignment; the ends depend on the neighbours.
        const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString("base64");
        const inner = encoded.slice(offset === 0 ? 0 : 4, -4);
        add(`base64${inside}`, inner);
        add(`base64url${inside}`, inner.replaceAll("+", "-").replaceAll("/", "_"));
      }
    }
  }
}

/** Of a file that holds a state: what was cut off in the middle, and the code that serves each resource. */
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
    // No state.
  }
  return parts;
}

/** Each text that can be reached from a value by its own properties and those it inherits: name by name. */
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
        // A getter that does not like being asked.
        continue;
      }
      visit(member, `${way}.${String(name)}`.replace(/^\./, ""));
    }
    if (each instanceof Map || each instanceof Set) for (const item of each) visit(item, `${way}[]`);
  };
  visit(value, "");
  return texts;
}

/** Without what the engine itself logs: with `-v=9` it writes each message between its processes, secrets too. */
export function withoutEngineLog(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !/^\{"time":"[^"]+","level":"[A-Z]+","msg":.*\}$/.test(line))
    .join("\n");
}
