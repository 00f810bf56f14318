// Mutation testing: `npm run mutation`, or `npm run mutation -- --mutate provider/src/rules/rotation.ts` for one file.
// Makes one small change at a time to the code that makes decisions, and checks whether a test fails. It runs only tests
// that do not need the engine. The results are in docs/mutation.md.
import { readdirSync } from "node:fs";
import { join } from "node:path";

const folders = ["rules", "hub", "model", "client", "resources"];
const others = ["tests/engine/handler.test.ts"];

const spec = folders.flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `tests/${folder}/${file}`),
);

/** Test files to run instead of all: `TESTS=tests/rules/mark.test.ts,tests/model/plain.test.ts`. */
const chosen = process.env.TESTS?.split(",");

export default {
  packageManager: "npm",
  testRunner: "mocha",
  plugins: ["./tests/mutation/mochaRunner.mjs"],
  mocha: { spec: chosen ?? [...spec, ...others], timeout: 20_000 },
  mutate: [
    "provider/src/model/{bounds,check,diff,fields,plain,state,unknown,validate}.ts",
    "provider/src/client/{arguments,retry,redact,endpoint,paths,limits,printable}.ts",
    "provider/src/rules/{reconcile,intent,clocks,visibility,rotation,moment,mark,permissions,signInUrl,certificate,samlMetadata,identityProvider,ssoArguments,ssoComparison,ssoOutcome}.ts",
    "provider/src/hub/{token,endTokens,accountTokens,userTokens,tokenPlace,ssoDelivery,ssoSettings}.ts",
    "provider/src/resources/*/!(index|messages).ts",
  ],
  coverageAnalysis: "perTest",
  concurrency: 1,
  // A timeout counts as a failed test, so the limit is high enough for a busy machine.
  timeoutMS: 40_000,
  tempDirName: ".work/stryker",
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: process.env.REPORT ?? ".work/mutation.json" },
  clearTextReporter: { allowColor: false, allowEmojis: false, reportTests: false },
  ignorePatterns: [".work", "dist", "examples", "docs"],
  disableTypeChecks: "provider/src/**/*.ts",
};
