// A small made-up OpenAPI document, for tests of the contract test.
import { ApiDocument } from "./document";

const text = { type: "string" };
const id = { type: "string", pattern: "^[0-9a-f]{24}$" };
const role = { enum: ["read", "write"] };
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const inPath = (name: string, schema: object = text) => ({ name, in: "path", required: true, schema });

const group = {
  type: "object",
  properties: { name: text, members: { type: "array", items: { $ref: "#/components/schemas/Member" } } },
  // `repos` cannot exist: the document contradicts itself, like the Hub's.
  required: ["name", "members", "repos"],
  additionalProperties: false,
};

const pet = {
  type: "object",
  properties: { kind: { const: "cat" }, lives: { type: "integer" } },
  required: ["kind", "lives"],
};

/** The document before amendments. */
export const SMALL = {
  openapi: "3.1.0",
  components: {
    schemas: {
      Member: {
        type: "object",
        id: "Member",
        properties: { user: text, role },
        required: ["user", "role"],
        additionalProperties: false,
      },
    },
  },
  paths: {
    "/api/groups": {
      get: {
        parameters: [
          { name: "limit", in: "query", schema: { type: "integer", minimum: 1 } },
          { name: "role", in: "query", schema: { type: "array", items: role } },
          { name: "q", in: "query", required: true, schema: text },
        ],
        responses: { 200: json({ type: "array", items: group }) },
      },
      post: {
        requestBody: json({
          type: "object",
          properties: {
            name: text,
            token: { type: "string", maxLength: 5 },
            users: { type: "array", items: { type: "object", properties: { user: text, role } } },
            labels: { type: "object", additionalProperties: text },
          },
          required: ["name"],
        }),
        responses: { 201: {}, 409: json({ type: "object", required: ["url"] }) },
      },
    },
    "/api/groups/{groupId}": { delete: { parameters: [inPath("groupId", id)] } },
    "/api/groups/all": { delete: { responses: { 200: json({}) } } },
    "/api/lists/{slug}-{id}": { get: { parameters: [inPath("slug"), inPath("id")] } },
    "/api/pets": {
      put: {
        requestBody: json({
          anyOf: [
            pet,
            {
              type: "object",
              properties: { kind: { const: "dog" }, toys: { type: "array" } },
              required: ["kind", "toys"],
            },
          ],
        }),
      },
    },
  },
};

/** A reason that is long enough. */
export const REASON = "A test needs it.";

/** The document with these amendments. */
export function small(amendments: Partial<ConstructorParameters<typeof ApiDocument>[1]> = {}): ApiDocument {
  return new ApiDocument(SMALL, { changes: [], additions: [], ...amendments });
}
