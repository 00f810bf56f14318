// Runs mocha for Stryker. Stryker's own runner needs internals that mocha 12 no longer has; this runner only uses the
// public interface.
import { resolve } from "node:path";
import { PluginKind, commonTokens, declareFactoryPlugin, tokens } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";
import "tsx/cjs";

const NAMESPACE = "__stryker__";

/** @implements {import("@stryker-mutator/api/test-runner").TestRunner} */
class MochaRunner {
  /** @param {{ spec: string[], timeout: number }} options */
  constructor({ spec, timeout }) {
    this.context = globalThis[NAMESPACE] ??= {};
    this.perTest = false;
    this.loaded = false;
    /** @type {import("@stryker-mutator/api/test-runner").TestResult[]} */
    this.tests = [];
    const runner = this;
    this.mocha = new Mocha({
      timeout,
      reporter: class {
        constructor(run) {
          run.on("pass", (test) => runner.note(test, { status: TestStatus.Success }));
          run.on("fail", (test, error) =>
            runner.note(test, { status: TestStatus.Failed, failureMessage: String(error?.message ?? error) }),
          );
        }
      },
    });
    this.mocha.cleanReferencesAfterRun(false);
    for (const file of spec) this.mocha.addFile(resolve(file));
    this.mocha.suite.beforeEach(function () {
      if (runner.perTest) runner.context.currentTestId = this.currentTest?.fullTitle();
    });
  }

  note(test, result) {
    const name = test.fullTitle();
    this.tests.push({ id: name, name, timeSpentMs: test.duration ?? 0, ...result });
  }

  capabilities() {
    // Modules loaded by `require` stay loaded. Stryker starts a new process if a module has to be loaded again.
    return { reloadEnvironment: false };
  }

  async dryRun({ coverageAnalysis, disableBail }) {
    this.perTest = coverageAnalysis === "perTest";
    const result = await this.run(!disableBail, undefined, false);
    this.perTest = false;
    return result.status === DryRunStatus.Complete && coverageAnalysis !== "off"
      ? { ...result, mutantCoverage: this.context.mutantCoverage }
      : result;
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    this.context.hitLimit = hitLimit;
    this.context.hitCount = hitLimit === undefined ? undefined : 0;
    const names = (testFilter ?? []).map((name) => `^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
    this.mocha.grep(new RegExp(names.join("|") || ""));
    return toMutantRunResult(await this.run(!disableBail, activeMutant.id, mutantActivation === "static"));
  }

  async run(bail, mutant, fromTheStart) {
    this.tests = [];
    const setBail = (suite) => {
      suite.bail(bail);
      suite.suites.forEach(setBail);
    };
    try {
      if (!this.loaded) {
        this.context.activeMutant = fromTheStart ? mutant : undefined;
        this.mocha.loadFiles();
        this.loaded = true;
      }
      this.context.activeMutant = mutant;
      setBail(this.mocha.suite);
      await new Promise((done) => this.mocha.run(done));
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) };
    }
    return (
      determineHitLimitReached(this.context.hitCount, this.context.hitLimit) ?? {
        status: DryRunStatus.Complete,
        tests: this.tests,
      }
    );
  }

  dispose() {
    this.mocha.dispose();
  }
}

create.inject = tokens(commonTokens.options);

/** @param {import("@stryker-mutator/api/core").StrykerOptions & { mocha: { spec: string[], timeout: number } }} options */
function create(options) {
  return new MochaRunner(options.mocha);
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, "mocha", create)];

/** What Stryker's option `mocha` may contain. */
export const strykerValidationSchema = {
  properties: {
    mocha: {
      type: "object",
      required: ["spec"],
      properties: {
        spec: { type: "array", items: { type: "string" }, description: "Files with tests." },
        timeout: { type: "number", default: 20_000, description: "Milliseconds for one test." },
      },
    },
  },
};
