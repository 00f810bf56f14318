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

/** What often stands between two objects of a list that a program wrote. */
const BORDER = Buffer.from("},{");
const MAX_FAILED_GUESSES = 16;

/**
 * Reads a JSON list, which comes in pieces of bytes, element by element: with the memory of one piece and one element,
 * and in about the time that `JSON.parse` takes for the whole. Parsers that report every token are several times slower.
 *
 * It only looks for where elements end and leaves the rest to `JSON.parse`. Where a list is written without white space,
 * an object mostly ends at the next `},{`. That is tried first, and is certain when it succeeds: no beginning of a JSON
 * object is itself a complete one. Where it fails (the border was inside the element), brackets and quotes are counted,
 * for that element once, so that no text makes it slow.
 *
 * Use: {@link push} a piece, call {@link next} until it returns `undefined`, and so on; {@link end} at the end.
 *
 * @throws ShapeError for text that is no list, is cut off, is no valid JSON or UTF-8, goes on after its end, or has an
 *   element above the bound
 */
export class JsonArrayReader {
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
  /** How many more guesses this piece is worth: a text made to spoil them must not make us slow. */
  #guesses = MAX_FAILED_GUESSES;

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
    this.#guesses = MAX_FAILED_GUESSES;
  }

  /** The next element, parsed; `undefined` where that needs another piece. */
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

  /** Says that no piece follows. */
  end(): void {
    if (this.#place !== Place.AfterList) {
      throw new ShapeError(`the list ends in the middle, after ${this.#count} complete entries`);
    }
  }

  /** The object that begins here, if it ends at the next border. */
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
      throw new ShapeError(`entry ${this.#count} is no valid JSON`);
    }
    this.#place = Place.AfterElement;
    this.#count += 1;
    return value;
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
      throw new ShapeError(`entry ${this.#count} is not UTF-8`);
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
