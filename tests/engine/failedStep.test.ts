// An update that fails after it changed something: the state that the real engine stores, the output, and the state
// that the next update receives.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createProject, EngineError, isSecretInState, type Project } from "../support/engine";

const DIST = join(__dirname, "..", "..", "provider", "dist");
const SECRET = "secret-of-the-program";

const PROGRAM = (size: number): string => `
const pulumi = require("@pulumi/pulumi");
class Thing extends pulumi.CustomResource {
  constructor(name, args) {
    const __provider = 'exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("./handler.js")';
    super("pulumi-nodejs:dynamic/huggingface:Thing", name, { note: undefined, ...args, __provider });
  }
}
exports.note = new Thing("one", { size: ${size}, hush: pulumi.secret("${SECRET}") }).note;
`;

/** A resource of the same kind as the library's, whose update follows world.json. */
const HANDLER = `
const fs = require("node:fs");
const { engineHandler } = require(${JSON.stringify(join(DIST, "dynamic", "handler.js"))});
const { Run } = require(${JSON.stringify(join(DIST, "hub", "run.js"))});
const { UnfinishedError } = require(${JSON.stringify(join(DIST, "model", "definition.js"))});
const definition = {
  type: "Thing",
  schema: {
    type: "object",
    required: ["size", "hush"],
    additionalProperties: false,
    properties: { size: { type: "number" }, hush: { type: "string" } },
  },
  secrets: ["hush"],
  replaceOn: [],
  stateVersion: 1,
  label: () => "",
  create: async (inputs) => ({ id: "1", state: { ...inputs, note: "created" } }),
  read: async (_id, state) => ({ inputs: state, state }),
  async update(_id, state, inputs) {
    fs.writeFileSync("olds.json", JSON.stringify(state));
    const { fail } = JSON.parse(fs.readFileSync("world.json", "utf8"));
    if (fail) throw new UnfinishedError("half of it was sent.", { ...state, size: inputs.size, note: "half" });
    return { ...inputs, note: "whole" };
  },
  delete: async () => undefined,
  imports: "no",
};
module.exports = engineHandler(definition, new Run(console.error), async () => undefined);
`;

describe("update that fails after it changed something", function () {
  this.timeout(180_000);
  let project: Project;

  before(async () => {
    project = await createProject({
      name: "failed-step",
      program: { "index.js": PROGRAM(1), "handler.js": HANDLER, "world.json": "{}" },
      config: { "huggingface:token": { secret: "hf_x" }, "huggingface:endpoint": "http://127.0.0.1:1" },
    });
    await project.up();
  });
  after(() => project.dispose());

  it("stores the changes that it made and reports the reason; the next update starts from there", async () => {
    await writeFile(join(project.dir, "world.json"), '{ "fail": true }');
    await project.write("index.js", PROGRAM(2));
    const failed = await project.up().then(
      () => assert.fail("the update should fail"),
      (error: unknown) => (error instanceof EngineError ? error.result : assert.fail(String(error))),
    );
    const shown = failed.stdout + failed.stderr;
    assert.match(shown, /half of it was sent\./);
    assert.ok(!shown.includes(SECRET));
    const { resources = [] } = (await project.state()).deployment;
    const thing = resources.find(({ type }) => type.endsWith(":Thing"));
    assert.deepEqual([thing?.outputs?.["size"], thing?.outputs?.["note"]], [2, "half"]);
    assert.ok(isSecretInState(thing?.outputs?.["hush"]));
    assert.match(String(thing?.outputs?.["__provider"]), /handler\.js/);

    await writeFile(join(project.dir, "world.json"), "{}");
    await project.up();
    const olds = JSON.parse(await readFile(join(project.dir, "olds.json"), "utf8")) as object;
    assert.deepEqual(olds, { size: 2, hush: SECRET, note: "half" });
    assert.deepEqual(await project.outputs(), { note: "whole" });
  });
});
