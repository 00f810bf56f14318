// Malformed arguments and state: each leads to a failure that names an argument.
import assert from "node:assert/strict";
import fc from "fast-check";
import sinon from "sinon";
import { engineHandler } from "../../provider/src/dynamic/handler";
import { Run } from "../../provider/src/hub/run";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { fixedCertificates } from "../rules/fixedCertificates";
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

const samples = samplesWith(fixedCertificates.p384);
const serviceToken = samples[0] as Sample;

/**
 * Checks that a failure names its argument in the reason only: the engine would print the value of a property
 * that it is given.
 */
const NAMES_A_PROPERTY = /^(?:[A-Za-z]+: |unknown property "|give either clientSecret)/;

describe("argument check", function () {
  this.timeout(120_000);

  // The certificate is valid at this time.
  before(() => {
    sinon.useFakeTimers({ now: new Date("2027-01-01T00:00:00Z"), toFake: ["Date"] });
  });
  after(() => sinon.restore());

  const handlerOf = ({ definition }: Sample) =>
    engineHandler(definition, new Run(() => undefined), () => Promise.resolve());

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

  for (const sample of samples) {
    describe(`of ${sample.name}`, () => {
      it("accepts valid arguments and finds no change", async () => {
        const { inputs, failures } = await check(sample, {}, sample.inputs);
        assert.deepEqual(failures, []);
        assert.equal(await diff(sample, sample.state, inputs), "compared");
      });

      it("accepts an unknown value for any argument", async () => {
        for (const path of pathsIn(sample.inputs)) {
          const { inputs, failures } = await check(sample, {}, withAt(sample.inputs, path, UNKNOWN));
          assert.deepEqual(failures, [], path.join("."));
          assert.equal(partAt(inputs, path), UNKNOWN, path.join("."));
          assert.equal(await diff(sample, sample.state, inputs), "compared");
          await check(sample, sample.inputs, inputs);
        }
      });

      it("names an argument of the wrong type", async () => {
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

      it("names a missing argument", async () => {
        for (const property of sample.definition.schema.required) {
          const { failures } = await check(sample, {}, withAt(sample.inputs, [property], undefined));
          assert.ok(
            failures.some(({ reason }) => reason.startsWith(`${property}: is required`)),
            property,
          );
        }
      });

      it("refuses an unknown argument, whatever its name", async () => {
        await fc.assert(
          fc.asyncProperty(hostileKey, hostileValue, async (key, value) => {
            const news = objectOf([...Object.entries(sample.inputs), [key, value]]);
            const { failures } = await check(sample, {}, news);
            assert.ok(failures.some(({ reason }) => reason.startsWith("unknown property ")));
          }),
          runs(100),
        );
      });

      it("refuses arguments with one mistake with a clean failure", async () => {
        await fc.assert(
          fc.asyncProperty(spoilt(sample.inputs), async (news) => {
            const { inputs, failures } = await check(sample, sample.inputs, news);
            if (failures.length === 0) await diff(sample, sample.state, inputs);
          }),
          runs(800),
        );
      });

      it("compares arguments with a damaged state, or refuses it with a clean failure", async () => {
        await fc.assert(
          fc.asyncProperty(spoilt(sample.state), async (olds) => {
            await diff(sample, olds, sample.inputs);
            await check(sample, olds, sample.inputs);
          }),
          runs(600),
        );
      });

      it("refuses arbitrary data with a clean failure", async () => {
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

  it("never calls an argument as a function", async () => {
    const trap = { toString: "not a function", valueOf: [], toJSON: 1, constructor: null };
    for (const property of Object.keys(serviceToken.inputs)) {
      for (const wrong of [trap, [trap, { ...trap }], { inside: trap }]) {
        const { failures } = await check(
          serviceToken,
          { ...serviceToken.inputs, [property]: wrong },
          { ...serviceToken.inputs, [property]: wrong },
        );
        assert.ok(
          failures.some(({ reason }) => reason.startsWith(`${property}: `)),
          property,
        );
      }
    }
  });

  it("reports at most 101 failures for 30,000 mistakes", async () => {
    const many = Array.from({ length: 30_000 }, (_item, index) => `x${index}`);
    const names = Object.fromEntries(many.map((each) => [each, 1]));
    for (const news of [
      { ...serviceToken.inputs, ...names },
      { ...serviceToken.inputs, permissions: many },
      { ...serviceToken.inputs, repos: many },
      { ...serviceToken.inputs, repos: many.map((each) => ({ each })) },
      { ...serviceToken.inputs, rotationTriggers: names },
      { ...serviceToken.inputs, name: "n".repeat(10_000_000) },
    ]) {
      const { failures } = await check(serviceToken, {}, news);
      assert.ok(failures.length > 0 && failures.length <= 101, `${failures.length}`);
    }
  });
});
