// States that earlier releases have written, with the matching Hub: this release must show no changes.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, type StackState } from "../support/engine";
import { startHub } from "../support/hub";
import { FILES, RECORDINGS } from "../upgrade/recording";

describe("upgrade", function () {
  this.timeout(120_000);

  it("has at least one recording", async () => assert.ok((await readdir(RECORDINGS)).length > 0));

  for (const version of readdirSync(RECORDINGS)) {
    it(`from a state of ${version} shows no change, with and without a refresh, and can destroy the stack`, async () => {
      const recording = join(RECORDINGS, version);
      const folder = await mkdtemp(join(tmpdir(), "upgrade-"));
      await copyFile(join(recording, FILES.hub), join(folder, FILES.hub));
      const hub = await startHub({ stateFile: join(folder, FILES.hub) });
      const project = await createProject({
        name: "upgrade",
        env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
        program: { [FILES.program]: await readFile(join(recording, FILES.program), "utf8") },
      });
      try {
        const state = JSON.parse(await readFile(join(recording, FILES.stack), "utf8")) as StackState;
        await project.importState(state);
        const preview = await project.preview({ expectNoChanges: true });
        assert.ok((preview.changes.same ?? 0) >= 8, "the program should declare all recorded resources");
        await project.preview({ refresh: true, expectNoChanges: true });
        await project.up({ refresh: true, expectNoChanges: true });
        // The handler in the state finds this release too.
        await project.destroy();
        assert.deepEqual((await project.state()).deployment.resources ?? [], []);
      } finally {
        await project.dispose();
        await hub.close();
        await rm(folder, { recursive: true });
      }
    });
  }
});
