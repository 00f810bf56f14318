// Arguments and kept data that nobody should send: what comes of them is a named failure, and nothing else.
import assert from "node:assert/strict";
import fc from "fast-check";
import { engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { makeCertificate } from "../support/certificate";
import {
  assertNoPollution,
  assertPresentable,
  deep,
  hostileKey,
  hostileValue,
  objectOf,
  partAt,
  pathsIn,
  runs,
  spoilt,
  withAt,
} from "./hostile";
import { type Sample, samplesWith } from "./samples";

type Data = Record<string, unknown>;

const KINDS = samplesWith("certificate").map(({ name }) => name);

/** A failure says which argument it is about: the engine itself is never given the property, and would print its value. */
const NAMES_A_PROPERTY = /^(?:[A-Za-z]+: |unknown property "|give exactly one of clientSecret)/;

describe("bad arguments", function () {
  this.timeout(120_000);
  let samples: Sample[];

  before(async () => {
    samples = samplesWith((await makeCertificate()).certificate);
  });

  const handlerOf = ({ definition }: Sample) =>
    engineHandler(definition, new Run(() => undefined), () => Promise.resolve());
  const sampleOf = (name: string): Sample => samples.find((each) => each.name === name) as Sample;

  async function check(sample: Sample, olds: unknown, news: unknown) {
    const result = await handlerOf(sample).check(olds as Data, news as Data);
    for (const { property, reason } of result.failures) {
      assert.equal(property, "");
      assert.match(reason, NAMES_A_PROPERTY);
      assertPresentable(reason);
    }
    assertNoPollution(result.inputs, result.failures);
    return result;
  }

  async function diff(sample: Sample, olds: unknown, news: unknown): Promise<"compared" | "refused"> {
    try {
      const { changes, replaces } = await handlerOf(sample).diff(sample.id, olds as Data, news as Data);
      assert.equal(typeof changes, "boolean");
      assert.ok(replaces.every((name) => typeof name === "string"));
      return "compared";
    } catch (error) {
      assert.equal((error as Error).name, "LifecycleError", (error as Error).stack);
      assertPresentable((error as Error).message);
      return "refused";
    } finally {
      assertNoPollution();
    }
  }

  for (const name of KINDS) {
    describe(name, () => {
      it("takes what is right, and sees no change in it", async () => {
        const sample = sampleOf(name);
        const { inputs, failures } = await check(sample, {}, sample.inputs);
        assert.deepEqual(failures, []);
        assert.equal(await diff(sample, sample.state, inputs), "compared");
      });

      it("takes a value that is not known yet in every place of every property", async () => {
        const sample = sampleOf(name);
        for (const path of pathsIn(sample.inputs)) {
          const { inputs, failures } = await check(sample, {}, withAt(sample.inputs, path, UNKNOWN));
          assert.deepEqual(failures, [], path.join("."));
          assert.equal(partAt(inputs, path), UNKNOWN, path.join("."));
          assert.equal(await diff(sample, sample.state, inputs), "compared");
          await check(sample, sample.inputs, inputs);
        }
      });

      it("names the property that is of another kind than it should be", async () => {
        const sample = sampleOf(name);
        for (const property of Object.keys(sample.inputs)) {
          for (const wrong of [null, 7.5, true, "§", [7.5], { wrong: [] }, [], {}, NaN, deep()]) {
            if (
              typeof wrong === typeof sample.inputs[property] &&
              Array.isArray(wrong) === Array.isArray(sample.inputs[property])
            )
              continue;
            const { failures } = await check(sample, {}, { ...sample.inputs, [property]: wrong });
            assert.ok(
              failures.some(({ reason }) => reason.startsWith(`${property}: `)),
              `${property} = ${typeof wrong}: ${JSON.stringify(failures)}`,
            );
          }
        }
      });

      it("names the property that is missing", async () => {
        const sample = sampleOf(name);
        for (const property of sample.definition.schema.required) {
          const { failures } = await check(sample, {}, withAt(sample.inputs, [property], undefined));
          assert.ok(
            failures.some(({ reason }) => reason.startsWith(`${property}: is required`)),
            property,
          );
        }
      });

      it("refuses one thing too many, whatever it is called", async () => {
        const sample = sampleOf(name);
        await fc.assert(
          fc.asyncProperty(hostileKey, hostileValue, async (key, value) => {
            const news = objectOf([...Object.entries(sample.inputs), [key, value]]);
            const { failures } = await check(sample, {}, news);
            assert.ok(failures.some(({ reason }) => reason.startsWith("unknown property ")));
          }),
          runs(100),
        );
      });

      it("refuses cleanly what has one thing wrong", async () => {
        const sample = sampleOf(name);
        await fc.assert(
          fc.asyncProperty(spoilt(sample.inputs), async (news) => {
            const { inputs, failures } = await check(sample, sample.inputs, news);
            if (failures.length === 0) await diff(sample, sample.state, inputs);
          }),
          runs(800),
        );
      });

      it("compares, or refuses cleanly, a state with one thing wrong", async () => {
        const sample = sampleOf(name);
        await fc.assert(
          fc.asyncProperty(spoilt(sample.state), async (olds) => {
            await diff(sample, olds, sample.inputs);
            await check(sample, olds, sample.inputs);
          }),
          runs(600),
        );
      });

      it("refuses cleanly any data at all", async () => {
        const sample = sampleOf(name);
        const anyData = fc
          .array(
            fc.tuple(fc.oneof(hostileKey, fc.constantFrom(...Object.keys(sample.state))), hostileValue),
            {
              maxLength: 8,
            },
          )
          .map(objectOf);
        await fc.assert(
          fc.asyncProperty(anyData, anyData, async (olds, news) => {
            const { inputs, failures } = await check(sample, olds, news);
            if (failures.length === 0) await diff(sample, olds, inputs);
            else await diff(sample, olds, sample.inputs);
          }),
          runs(300),
        );
      });
    });
  }

  it("never calls what the data defines", async () => {
    const sample = sampleOf("a service account's HubToken");
    const trap = { toString: "not a function", valueOf: [], toJSON: 1, constructor: null };
    for (const property of Object.keys(sample.inputs)) {
      for (const wrong of [trap, [trap, { ...trap }], { inside: trap }]) {
        const { failures } = await check(
          sample,
          { ...sample.inputs, [property]: wrong },
          { ...sample.inputs, [property]: wrong },
        );
        assert.ok(
          failures.some(({ reason }) => reason.startsWith(`${property}: `)),
          property,
        );
      }
    }
  });

  it("says so much and no more where thirty thousand things are wrong", async () => {
    const sample = sampleOf("a service account's HubToken");
    const many = Array.from({ length: 30_000 }, (_item, index) => `x${index}`);
    const names = Object.fromEntries(many.map((each) => [each, 1]));
    for (const news of [
      { ...sample.inputs, ...names },
      { ...sample.inputs, permissions: many },
      { ...sample.inputs, repos: many },
      { ...sample.inputs, repos: many.map((each) => ({ each })) },
      { ...sample.inputs, rotationTriggers: names },
      { ...sample.inputs, name: "n".repeat(10_000_000) },
    ]) {
      const { failures } = await check(sample, {}, news);
      assert.ok(failures.length > 0 && failures.length <= 101, `${failures.length}`);
    }
  });
});
