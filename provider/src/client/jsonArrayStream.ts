import { isUtf8 } from "node:buffer";
import { ShapeError } from "./shape";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** The position of the next byte in the text of the list. */
const enum Place {
  BeforeList,
  BeforeFirst,
  BeforeElement,
  InContainer,
  InString,
  InScalar,
  AfterElement,
  AfterList,
}

/** The usual text between two objects of a list without white space. */
const BORDER = Buffer.from("},{");
const MAX_FAILED_GUESSES = 16;

/**
 * Reads a JSON list from chunks of bytes, one element after another. It needs memory for one chunk and one element, and about the time
 * of one `JSON.parse` of the whole list. Parsers that report every token are several times slower.
 *
 * It finds the end of each element and parses the element with `JSON.parse`. It first tries the next `},{`: if the text before it parses,
 * it is the complete object, because no beginning of a JSON object is itself complete. Otherwise it counts brackets and quotes.
 *
 * Call {@link push} with a chunk and {@link next} until it returns `undefined`, repeat this for each chunk, and then call {@link end}.
 *
 * @throws ShapeError if the text is not a list, is incomplete, is not valid JSON or UTF-8, continues after its end, or has an element
 *   above the limit
 */
export class JsonArrayReader {
  #chunk: Buffer = Buffer.alloc(0);
  #position = 0;
  #place: Place = Place.BeforeList;
  /** The depth inside a list or an object, and whether the position is inside a string. */
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** The beginning of an element that continues in the next chunk. */
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  #count = 0;
  /** How many failed guesses are left in this chunk, so that a hostile text cannot make the reader slow. */
  #guesses = MAX_FAILED_GUESSES;

  /** @param maxElementBytes - the most bytes of one element */
  constructor(private readonly maxElementBytes: number) {}

  /** How many elements were returned. */
  get count(): number {
    return this.#count;
  }

  /** Adds the next chunk. The chunk before must be read completely, and this chunk must not change afterwards. */
  push(chunk: Uint8Array): void {
    this.#chunk = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#position = 0;
    this.#guesses = MAX_FAILED_GUESSES;
  }

  /** Returns the next element; `undefined` if another chunk is needed. */
  next(): unknown {
    const chunk = this.#chunk;
    const length = chunk.length;
    while (this.#position < length) {
      switch (this.#place) {
        case Place.InContainer:
        case Place.InString:
        case Place.InScalar: {
          const value = this.#element(chunk, this.#position);
          if (value !== undefined) return value;
          break;
        }
        default: {
          const byte = chunk[this.#position] as number;
          if (isSpace(byte)) this.#position += 1;
          else this.#between(byte);
        }
      }
    }
    return undefined;
  }

  /** Ends the list: no chunk follows. */
  end(): void {
    if (this.#place !== Place.AfterList) {
      throw new ShapeError(`the list ends in the middle, after ${this.#count} complete entries`);
    }
  }

  /** Returns the object that begins here if it ends at the next border. */
  #guess(chunk: Buffer, from: number): unknown {
    if (this.#guesses === 0) return undefined;
    const border = chunk.indexOf(BORDER, from);
    if (border < 0) {
      this.#guesses = 0;
      return undefined;
    }
    this.#guesses -= 1;
    const to = border + 1;
    if (to - from > this.maxElementBytes) return undefined;
    const text = this.#decode(chunk, from, to);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    this.#guesses += 1;
    this.#position = to;
    this.#place = Place.AfterElement;
    this.#count += 1;
    return value;
  }

  #between(byte: number): void {
    switch (this.#place) {
      case Place.BeforeList:
        if (byte !== OPEN_LIST) throw new ShapeError("the body is not a JSON list");
        this.#place = Place.BeforeFirst;
        break;
      case Place.AfterElement:
        if (byte === COMMA) this.#place = Place.BeforeElement;
        else if (byte === CLOSE_LIST) this.#place = Place.AfterList;
        else throw this.#invalid();
        break;
      case Place.AfterList:
        throw new ShapeError("the body continues after the end of the list");
      default:
        if (byte === CLOSE_LIST && this.#place === Place.BeforeFirst) this.#place = Place.AfterList;
        else if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) throw this.#invalid();
        else {
          // The position stays at the element's first byte, which is part of its text.
          this.#place =
            byte === OPEN_OBJECT || byte === OPEN_LIST
              ? Place.InContainer
              : byte === QUOTE
                ? Place.InString
                : Place.InScalar;
          return;
        }
    }
    this.#position += 1;
  }

  #element(chunk: Buffer, from: number): unknown {
    if (this.#carriedBytes === 0 && chunk[from] === OPEN_OBJECT) {
      const value = this.#guess(chunk, from);
      if (value !== undefined) return value;
    }
    const end =
      this.#place === Place.InContainer
        ? this.#endOfContainer(chunk, from)
        : this.#place === Place.InString
          ? this.#endOfString(chunk, from)
          : endOfScalar(chunk, from);
    const complete = end >= 0;
    const to = complete ? end : chunk.length;
    const size = this.#carriedBytes + to - from;
    if (size > this.maxElementBytes) {
      throw new ShapeError(`entry ${this.#count} is larger than ${this.maxElementBytes} bytes`);
    }
    this.#position = to;
    if (!complete) {
      this.#carried.push(chunk.subarray(from, to));
      this.#carriedBytes = size;
      return undefined;
    }
    let text: string;
    if (this.#carried.length === 0) {
      text = this.#decode(chunk, from, to);
    } else {
      const whole = Buffer.concat([...this.#carried, chunk.subarray(from, to)]);
      this.#carried = [];
      this.#carriedBytes = 0;
      text = this.#decode(whole, 0, whole.length);
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new ShapeError(`entry ${this.#count} is not valid JSON`);
    }
    this.#place = Place.AfterElement;
    this.#count += 1;
    return value;
  }

  /** Returns the position after the element's closing bracket, or -1. It keeps its state for the next chunk. */
  #endOfContainer(chunk: Buffer, from: number): number {
    const length = chunk.length;
    let depth = this.#depth;
    let quoted = this.#quoted;
    let position = from;
    if (this.#escaped && position < length) {
      this.#escaped = false;
      position += 1;
    }
    while (position < length) {
      if (quoted) {
        const byte = chunk[position] as number;
        if (byte === BACKSLASH) {
          position += 2;
          continue;
        }
        position += 1;
        if (byte === QUOTE) quoted = false;
      } else {
        const byte = chunk[position++] as number;
        if (byte === QUOTE) quoted = true;
        else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
        else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
          depth -= 1;
          if (depth === 0) {
            this.#depth = 0;
            this.#quoted = false;
            return position;
          }
        }
      }
    }
    // If the last byte is a backslash, the escaped character is in the next chunk.
    this.#escaped = position > length;
    this.#depth = depth;
    this.#quoted = quoted;
    return -1;
  }

  #endOfString(chunk: Buffer, from: number): number {
    let position = from;
    if (this.#carriedBytes === 0) position += 1;
    else if (this.#escaped) {
      this.#escaped = false;
      position += 1;
    }
    while (position < chunk.length) {
      const byte = chunk[position];
      if (byte === QUOTE) return position + 1;
      position += byte === BACKSLASH ? 2 : 1;
    }
    this.#escaped = position > chunk.length;
    return -1;
  }

  #decode(bytes: Buffer, from: number, to: number): string {
    const text = bytes.toString("utf8", from, to);
    // Invalid UTF-8 becomes this character, which is also a valid one. Only a text with it needs a closer check.
    if (text.includes("\uFFFD") && !isUtf8(bytes.subarray(from, to))) {
      throw new ShapeError(`entry ${this.#count} is not UTF-8`);
    }
    return text;
  }

  #invalid(): ShapeError {
    return new ShapeError(`the body is not valid JSON after ${this.#count} entries`);
  }
}

function endOfScalar(chunk: Buffer, from: number): number {
  for (let position = from; position < chunk.length; position += 1) {
    const byte = chunk[position] as number;
    if (byte === COMMA || byte === CLOSE_LIST || isSpace(byte)) return position;
  }
  return -1;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
