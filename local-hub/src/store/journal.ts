import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";

/** One change of one record: table, key, and the record or `null` for one that goes. */
export type Change = [table: string, key: string, record: unknown];

const HEADER = { format: "huggingface-local-hub", version: 1 };

/** Files that this process has open: a pid cannot tell two Hubs of one process apart. */
const heldHere = new Set<string>();

/** A state file that cannot be used, with the reason in words for the person who gave it. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

/**
 * The state file: JSON lines, a header and then one line for each change, each line all or nothing.
 *
 * Lines are appended and flushed to the disk; the file is written whole only on start, to a new file that takes the
 * old one's place in one step. So a kill at any moment leaves either a file that ends in a whole line, or one that
 * ends in part of a line whose change was never confirmed to anybody; that part is dropped.
 */
export class Journal {
  readonly #path: string;
  readonly #lock: string;
  #handle: FileHandle | undefined;
  #pending: string[] = [];
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(path: string) {
    this.#path = resolve(path);
    this.#lock = `${this.#path}.lock`;
  }

  /**
   * Takes the file for this process and gives every change it holds, in order.
   *
   * @throws {@link StateFileError} if another process has it, or if it is not a state file.
   */
  load(): Change[][] {
    this.#takeLock();
    try {
      return existsSync(this.#path) ? this.#read() : [];
    } catch (error) {
      this.#releaseLock();
      throw error;
    }
  }

  #read(): Change[][] {
    const text = readFileSync(this.#path, "utf8");
    if (text === "") return [];
    const lines = text.split("\n");
    // What follows the last newline is empty, or a line that was being written when the process was killed.
    lines.pop();
    const changes: Change[][] = [];
    for (const [index, line] of lines.entries()) {
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new StateFileError(`${this.#path} is damaged: line ${index + 1} is not JSON.`);
      }
      if (index > 0) changes.push(value as Change[]);
      else this.#checkHeader(value);
    }
    return changes;
  }

  #checkHeader(value: unknown): void {
    const header = value as Partial<typeof HEADER> | null;
    if (header?.format !== HEADER.format) {
      throw new StateFileError(`${this.#path} is not a state file of the local Hub.`);
    }
    if (header.version !== HEADER.version) {
      throw new StateFileError(`${this.#path} was written by another version of the local Hub.`);
    }
  }

  /** Writes the whole state in place of what the file holds, and gets ready to append. */
  async start(state: Iterable<Change>): Promise<void> {
    mkdirSync(dirname(this.#path), { recursive: true });
    const lines = [JSON.stringify(HEADER)];
    let batch: Change[] = [];
    for (const change of state) {
      batch.push(change);
      if (batch.length === 500) {
        lines.push(JSON.stringify(batch));
        batch = [];
      }
    }
    if (batch.length) lines.push(JSON.stringify(batch));
    // All that was noted so far is in the state that is written here.
    this.#pending = [];
    // The file holds the values of the starter tokens: nobody else on this machine has to read it.
    await writeFileAtomic(this.#path, `${lines.join("\n")}\n`, { mode: 0o600 });
    syncFolder(dirname(this.#path));
    this.#handle = await open(this.#path, "a", 0o600);
  }

  /** Notes changes that belong together; {@link durable} tells when they are on the disk. */
  append(changes: Change[]): void {
    this.#pending.push(`${JSON.stringify(changes)}\n`);
  }

  /**
   * Resolves when all that was appended before the call is on the disk. Requests that wait together share one flush.
   *
   * @throws the file system's error, from then on at every call: what is in memory is no longer what is on the disk,
   * so the Hub must not confirm anything any more.
   */
  durable(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (!this.#pending.length) return this.#writing ?? Promise.resolve();
    this.#next ??= (async () => {
      await this.#writing?.catch(() => undefined);
      this.#next = undefined;
      this.#writing = this.#write();
      try {
        await this.#writing;
      } finally {
        this.#writing = undefined;
      }
    })();
    return this.#next;
  }

  async #write(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    if (!this.#handle) throw new StateFileError(`${this.#path} is closed.`);
    try {
      await this.#handle.appendFile(lines.join(""));
      await this.#handle.datasync();
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.durable();
    await this.#handle?.close();
    this.#handle = undefined;
    this.#releaseLock();
  }

  #takeLock(): void {
    const holder = heldHere.has(this.#path) ? process.pid : this.#runningHolder();
    if (holder !== undefined) {
      throw new StateFileError(
        `${this.#path} is in use by process ${holder}; every Hub needs a state file of its own.`,
      );
    }
    mkdirSync(dirname(this.#lock), { recursive: true });
    writeFileSync(this.#lock, `${process.pid}\n`);
    heldHere.add(this.#path);
  }

  /** The process that has the lock and still runs; a lock that a killed process left behind counts for nothing. */
  #runningHolder(): number | undefined {
    if (!existsSync(this.#lock)) return undefined;
    const pid = Number.parseInt(readFileSync(this.#lock, "utf8"), 10);
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return undefined;
    try {
      process.kill(pid, 0);
      return pid;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM" ? pid : undefined;
    }
  }

  #releaseLock(): void {
    rmSync(this.#lock, { force: true });
    heldHere.delete(this.#path);
  }
}

/** Makes the rename of a file in the folder durable too. */
function syncFolder(folder: string): void {
  // Windows cannot open a folder for this, and does not need it.
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
