// Each resource has one list of its arguments. The validation, the types, the reader of the state and the outputs are derived from it.
import {
  boolean,
  filled,
  list,
  number,
  object,
  oneOf,
  optional,
  type Reader,
  record,
  type Shape,
  string,
} from "../client/shape";
import { type ArgsSchema } from "./definition";

/** The part of JSON Schema that arguments use. */
export interface FieldSchema {
  type?: "string" | "boolean" | "integer" | "number" | "array" | "object";
  enum?: readonly (string | boolean)[];
  items?: FieldSchema;
  additionalProperties?: FieldSchema | false;
  /** The parts of an object with fixed parts. */
  properties?: Readonly<Record<string, FieldSchema>>;
  /** The required parts. Default: all. */
  required?: readonly string[];
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  /** What is allowed, in words. Errors contain this text. */
  description: string;
}

/** One argument. */
export interface Field {
  schema: FieldSchema;
  required?: true;
  /** A change of this argument replaces the object. */
  replaces?: true;
  /** Never shown, logged or stored unencrypted. */
  secret?: true;
  /** Reads the argument from the state. Default: a reader for the schema's type. */
  stored?: Reader<unknown>;
}

type Fields = Readonly<Record<string, Field>>;
type Readers = Readonly<Record<string, Reader<unknown>>>;

/** The model of a resource: its arguments, its outputs and what else it stores. */
export interface ResourceModel {
  /** The last part of the type token, and the name under which the handler is found. */
  type: string;
  fields: Fields;
  /** Values that a program can read in addition to the arguments. */
  outputs: Readers;
  /** Values that only the lifecycle reads. */
  memory?: Readers;
  /** Outputs and parts of the memory that are encrypted. */
  secretOutputs?: readonly string[];
  /** Whether the owner's mark belongs to another resource and changes with it; otherwise it never changes. */
  followsOwner?: true;
}

type ValueOf<S> = S extends { enum: readonly (infer V)[] }
  ? V
  : S extends { type: "string" }
    ? string
    : S extends { type: "boolean" }
      ? boolean
      : S extends { type: "integer" | "number" }
        ? number
        : S extends { type: "array"; items: infer Item }
          ? ValueOf<Item>[]
          : S extends { type: "object"; properties: infer Parts; required: readonly (infer Name)[] }
            ? Flat<
                { [K in keyof Parts & Name]: ValueOf<Parts[K]> } & {
                  [K in Exclude<keyof Parts, Name>]?: ValueOf<Parts[K]>;
                }
              >
            : S extends { type: "object"; properties: infer Parts }
              ? { -readonly [K in keyof Parts]: ValueOf<Parts[K]> }
              : S extends { type: "object"; additionalProperties: infer Item }
                ? Record<string, ValueOf<Item>>
                : never;

type Present<F extends Fields> = {
  [K in keyof F]: F[K] extends { required: true } | { schema: { default: unknown } } ? K : never;
}[keyof F];

type Values<F extends Fields> = { -readonly [K in Present<F>]: ValueOf<F[K]["schema"]> } & {
  -readonly [K in Exclude<keyof F, Present<F>>]?: ValueOf<F[K]["schema"]>;
};

type Flat<T> = { -readonly [K in keyof T]: T[K] };

/** The checked arguments: those that are required or have a default are present. */
export type InputsOf<M extends ResourceModel> = Flat<Values<M["fields"]>>;

/** Everything in the state of a resource. */
export type StateOf<M extends ResourceModel> = Flat<
  Values<M["fields"]> & Shape<M["outputs"]> & (M["memory"] extends Readers ? Shape<M["memory"]> : unknown)
>;

/** What the base class needs to know about a resource. */
export interface ResourceShape {
  type: string;
  secrets: readonly string[];
  /** The properties that exist on the object before the engine answers. */
  outputs: readonly string[];
  /** Whether the objects on the Hub carry the owner's mark, which the class sets. */
  owned: boolean;
}

type KeysOf<Args> = Args extends unknown ? keyof Args : never;

/** Every argument has a field, and every field except the owner's mark is an argument. */
type Mismatch<Args, F> =
  | `the argument ${Exclude<KeysOf<Args>, keyof F> & string} has no field`
  | `the field ${Exclude<keyof F, KeysOf<Args> | "owner"> & string} is not an argument`;

/**
 * The shape of the class with these arguments. An argument without a field, or a field without an argument, does not compile. This
 * compares only names, not types.
 */
export const shapeOf =
  <Args>() =>
  <const M extends ResourceModel>(
    model: M &
      ([Mismatch<Args, M["fields"]>] extends [never] ? unknown : { wrong: Mismatch<Args, M["fields"]> }),
  ): ResourceShape => ({
    type: model.type,
    secrets: secretsOf(model),
    outputs: [...Object.keys(model.fields), ...Object.keys(model.outputs)],
    owned: "owner" in model.fields && model.followsOwner !== true,
  });

/** The part of a resource's definition that comes from its model. */
export interface Described {
  type: string;
  schema: ArgsSchema;
  secrets: readonly string[];
  replaceOn: readonly string[];
  stateReader: Reader<unknown>;
  followsOwner?: boolean;
}

/** Derives a part of a resource's definition from its model. */
export function definedBy(model: ResourceModel): Described {
  const { type, fields, outputs, memory, followsOwner } = model;
  const named = (has: (field: Field) => unknown): string[] =>
    Object.keys(fields).filter((name) => has(fields[name] as Field));
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { schema }]) => [name, { ...schema }]),
  );
  const readers = Object.entries(fields).map(([name, field]) => [name, readerOf(field)] as const);
  return {
    type,
    schema: {
      type: "object",
      required: named((field) => field.required),
      additionalProperties: false,
      properties,
    },
    secrets: secretsOf(model),
    replaceOn: named((field) => field.replaces),
    stateReader: object({ ...Object.fromEntries(readers), ...outputs, ...memory }),
    followsOwner,
  };
}

/** The arguments in a state. */
export function inputsIn<M extends ResourceModel>({ fields }: M, state: StateOf<M>): InputsOf<M> {
  const kept = state as Record<string, unknown>;
  return Object.fromEntries(Object.keys(fields).map((name) => [name, kept[name]])) as InputsOf<M>;
}

function secretsOf({ fields, secretOutputs = [] }: ResourceModel): string[] {
  return [...Object.keys(fields).filter((name) => fields[name]?.secret), ...secretOutputs];
}

function readerOf({ schema, required, stored }: Field): Reader<unknown> {
  if (stored) return stored;
  const reader = readerOfSchema(schema);
  return required ? reader : optional(reader);
}

function readerOfPart({ required }: FieldSchema, name: string, part: FieldSchema): Reader<unknown> {
  const reader = readerOfSchema(part);
  return required === undefined || required.includes(name) ? reader : optional(reader);
}

function readerOfSchema(schema: FieldSchema): Reader<unknown> {
  if (schema.enum) return oneOf(...schema.enum);
  switch (schema.type) {
    case "boolean":
      return boolean;
    case "integer":
    case "number":
      return number;
    case "array":
      return list(readerOfSchema(schema.items as FieldSchema));
    case "object":
      return schema.properties
        ? object(
            Object.fromEntries(
              Object.entries(schema.properties).map(([name, part]) => [
                name,
                readerOfPart(schema, name, part),
              ]),
            ),
          )
        : record(readerOfSchema(schema.additionalProperties as FieldSchema));
    default:
      return schema.minLength ? filled : string;
  }
}
