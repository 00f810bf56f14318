import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type * as AjvModule from "ajv";
import { definitionOf, resourceTypes } from "../../provider/src/resources/registry";

// The library's own copy, because another version may be installed above it.
const { Ajv } = createRequire(require.resolve("pulumi-huggingface"))("ajv") as {
  Ajv: new (options: object) => Pick<AjvModule.Ajv, "validateSchema" | "compile" | "errorsText">;
};

describe("schema", () => {
  for (const { type, schema } of resourceTypes.map(definitionOf)) {
    it(`of ${type} is valid; the library does not check this at run time`, () => {
      const ajv = new Ajv({ strict: true, allowUnionTypes: true });
      assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
      assert.doesNotThrow(() => ajv.compile(schema));
    });
  }
});
