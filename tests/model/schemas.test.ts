import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type * as AjvModule from "ajv";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { hubTokenPredecessorsDefinition } from "../../provider/src/resources/hubTokenPredecessors/lifecycle";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility";
import { serviceAccountDefinition } from "../../provider/src/resources/serviceAccount/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { ssoCredentialDefinition } from "../../provider/src/resources/ssoCredential/lifecycle";

// The library's own copy: another version may be installed above it.
const { Ajv } = createRequire(require.resolve("pulumi-huggingface"))("ajv") as {
  Ajv: new (options: object) => Pick<AjvModule.Ajv, "validateSchema" | "compile" | "errorsText">;
};

describe("schema", () => {
  for (const { type, schema } of [
    hubTokenDefinition,
    hubTokenPredecessorsDefinition,
    repoVisibilityDefinition,
    serviceAccountDefinition,
    ssoConfigDefinition,
    ssoCredentialDefinition,
  ]) {
    it(`of ${type} is valid, which the library does not check at run time`, () => {
      const ajv = new Ajv({ strict: true, allowUnionTypes: true });
      assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
      assert.doesNotThrow(() => ajv.compile(schema));
    });
  }
});
