import { isUtf8 } from "node:buffer";
import { ShapeError } from "./shape";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where in the text of the list the next byte stands. */
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

/**
 * Cuts the text of a JSON list, which comes in pieces of bytes, into the texts of its elements, without reading more
 * of an element than its brackets and quotes. What it hands out is for `JSON.parse`, which then finds whatever is
 * wrong inside. So a list of any length is read with the memory of one piece and one element, at nearly the speed of
 * parsing it in one go; parsers that report every token are many times slower.
 *
 * Use: {@link push} a piece, call {@link next} until it returns `undefined`, and so on; {@link end} at the end.
 *
 * @throws ShapeError for text that is no list, is cut off, goes on after its end, or has an element above the bound
 */
export class JsonArraySplitter {
  #chunk: Buffer = Buffer.alloc(0);
  #position = 0;
  #place: Place = Place.BeforeList;
  /** Of an element that is a list or an object: how deep, and whether in a string there. */
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** The beginning of an element that goes on in the next piece. */
  #carried: Buffer[] = [];
  #carriedBytes = 0;
  #count = 0;

  /** @param maxElementBytes - the most bytes of one element */
  constructor(private readonly maxElementBytes: number) {}

  /** How many elements were handed out. */
  get count(): number {
    return this.#count;
  }

  /** Takes the next piece. The one before must be used up, and this one must not change any more. */
  push(chunk: Uint8Array): void {
    this.#chunk = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#position = 0;
  }

  /** The text of the next element; `undefined` where that needs another piece. */
  next(): string | undefined {
    const chunk = this.#chunk;
    const length = chunk.length;
    while (this.#position < length) {
      switch (this.#place) {
        case Place.InContainer:
        case Place.InString:
        case Place.InScalar: {
          const text = this.#element(chunk, this.#position);
          if (text !== undefined) return text;
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

  /** Says that no piece follows. */
  end(): void {
    if (this.#place !== Place.AfterList) {
      throw new ShapeError(`the list ends in the middle, after ${this.#count} complete entries`);
    }
  }

  #between(byte: number): void {
    switch (this.#place) {
      case Place.BeforeList:
        if (byte !== OPEN_LIST) throw new ShapeError("the body is no JSON list");
        this.#place = Place.BeforeFirst;
        break;
      case Place.AfterElement:
        if (byte === COMMA) this.#place = Place.BeforeElement;
        else if (byte === CLOSE_LIST) this.#place = Place.AfterList;
        else throw this.#invalid();
        break;
      case Place.AfterList:
        throw new ShapeError("the body goes on after the end of the list");
      default:
        if (byte === CLOSE_LIST && this.#place === Place.BeforeFirst) this.#place = Place.AfterList;
        else if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) throw this.#invalid();
        else {
          // The element's first byte is left for the scan, so that it becomes part of its text.
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

  #element(chunk: Buffer, from: number): string | undefined {
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
    this.#place = Place.AfterElement;
    this.#count += 1;
    if (this.#carried.length === 0) return this.#decode(chunk, from, to);
    const whole = Buffer.concat([...this.#carried, chunk.subarray(from, to)]);
    this.#carried = [];
    this.#carriedBytes = 0;
    return this.#decode(whole, 0, whole.length);
  }

  /** The position after the bracket that closes the element, or -1. Keeps what it knows for the next piece. */
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
    // A backslash was the last byte: what it escapes comes with the next piece.
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
    // Broken UTF-8 becomes this character, which is also a legal one: only then is it worth looking closer.
    if (text.includes("\uFFFD") && !isUtf8(bytes.subarray(from, to))) {
      throw new ShapeError(`entry ${this.#count - 1} is not UTF-8`);
    }
    return text;
  }

  #invalid(): ShapeError {
    return new ShapeError(`the body is no valid JSON after ${this.#count} entries`);
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
