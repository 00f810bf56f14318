/**
 * A table of records by key, with indexes that are updated automatically.
 */
export class Table<T> {
  readonly records = new Map<string, T>();
  readonly #indexes: Index<T>[] = [];

  /**
   * @param name - The table's name in the state file.
   * @param onChange - Called for every change; the record is `undefined` if it is deleted.
   */
  constructor(
    readonly name: string,
    private readonly onChange: (table: string, key: string, record: T | undefined) => void,
  ) {}

  /** Creates an index by `keyOf`. It leaves out records for which `keyOf` returns `undefined`. */
  indexBy(keyOf: (record: T) => string | undefined): Index<T> {
    const index = new Index(keyOf);
    this.#indexes.push(index);
    for (const [key, record] of this.records) index.add(key, record);
    return index;
  }

  get(key: string): T | undefined {
    return this.records.get(key);
  }

  put(key: string, record: T): T {
    this.load(key, record);
    this.onChange(this.name, key, record);
    return record;
  }

  delete(key: string): void {
    if (!this.records.has(key)) return;
    this.load(key, undefined);
    this.onChange(this.name, key, undefined);
  }

  /** Like {@link put} and {@link delete}, but without calling `onChange`, for reading the state file. */
  load(key: string, record: T | undefined): void {
    const old = this.records.get(key);
    for (const index of this.#indexes) {
      if (old !== undefined) index.remove(key, old);
      if (record !== undefined) index.add(key, record);
    }
    if (record === undefined) this.records.delete(key);
    else this.records.set(key, record);
  }
}

/** The records of a {@link Table}, grouped by a key. */
export class Index<T> {
  readonly #groups = new Map<string, Map<string, T>>();

  constructor(private readonly keyOf: (record: T) => string | undefined) {}

  /** All records of a group, in any order. */
  all(group: string): T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  /** The record of a group, for indexes with one record in each group. */
  one(group: string): T | undefined {
    return this.#groups.get(group)?.values().next().value;
  }

  size(group: string): number {
    return this.#groups.get(group)?.size ?? 0;
  }

  add(key: string, record: T): void {
    const group = this.keyOf(record);
    if (group === undefined) return;
    const members = this.#groups.get(group);
    if (members) members.set(key, record);
    else this.#groups.set(group, new Map([[key, record]]));
  }

  remove(key: string, record: T): void {
    const group = this.keyOf(record);
    if (group === undefined) return;
    const members = this.#groups.get(group);
    members?.delete(key);
    if (members?.size === 0) this.#groups.delete(group);
  }
}
