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

/** One change of one record: the table, the key, and the new record, or `null` if it is deleted. */
export type Change = [table: string, key: string, record: unknown];

const HEADER = { format: "huggingface-local-hub", version: 1 };

/** The files that this process has open. The lock file cannot distinguish two Hubs in the same process. */
const heldHere = new Set<string>();

/** The state file cannot be used. The message explains why. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

/**
 * The state file. It has JSON lines: a header, then one line for each set of changes that belong together.
 *
 * New lines are appended and flushed to the disk. The whole file is written only at the start, to a new file that atomically
 * replaces the old one. If the process is killed, the last line may be incomplete. The next start drops that line, because
 * its changes were never confirmed to a client.
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
   * Locks the file for this process and returns its changes in order.
   *
   * @throws {@link StateFileError} if another process uses the file, or if it is not a state file.
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
    // The text after the last newline is empty, or an incomplete line from a killed process.
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
      throw new StateFileError(
        `${this.#path} was written by another version of the local Hub, and this version cannot read it.`,
      );
    }
  }

  /** Replaces the file with the whole state and opens it for appending. */
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
    // The written state already includes all pending changes.
    this.#pending = [];
    // The file contains the values of the starter tokens, so only its owner may read it.
    await writeFileAtomic(this.#path, `${lines.join("\n")}\n`, { mode: 0o600 });
    syncFolder(dirname(this.#path));
    this.#handle = await open(this.#path, "a", 0o600);
  }

  /** Queues changes that belong together. {@link durable} writes them to the disk. */
  append(changes: Change[]): void {
    this.#pending.push(`${JSON.stringify(changes)}\n`);
  }

  /**
   * Resolves when all changes that were appended before the call are on the disk. Concurrent calls share one flush.
   *
   * @throws The file system's error if writing fails. After that, every call fails: the memory and the disk differ, so the
   * Hub must not confirm any request.
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
        `${this.#path} is in use by process ${holder}. Stop that process, or use another state file.`,
      );
    }
    mkdirSync(dirname(this.#lock), { recursive: true });
    writeFileSync(this.#lock, `${process.pid}\n`);
    heldHere.add(this.#path);
  }

  /** Returns the id of the running process that has the lock. It ignores the lock of a process that was killed. */
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

/** Makes the rename of a file in the folder durable. */
function syncFolder(folder: string): void {
  // Windows cannot open a folder and does not need this.
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
