import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type * as AjvModule from "ajv";
import { definitionOf, resourceTypes } from "../../provider/src/resources/registry";

// The library's own: another version may stand above it.
const { Ajv } = createRequire(require.resolve("pulumi-huggingface"))("ajv") as {
  Ajv: new (options: object) => Pick<AjvModule.Ajv, "validateSchema" | "compile" | "errorsText">;
};

describe("schemas", () => {
  for (const { type, schema } of resourceTypes.map(definitionOf)) {
    it(`of a ${type} is one, which the library does not look at again in each process`, () => {
      const ajv = new Ajv({ strict: true, allowUnionTypes: true });
      assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
      assert.doesNotThrow(() => ajv.compile(schema));
    });
  }
});
