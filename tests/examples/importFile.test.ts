import assert from "node:assert/strict";
import { blocks, readDocument } from "../docs/documents";
import { createProject } from "../support/engine";
import { startHub } from "../support/hub";

describe("docs/import.md", function () {
  this.timeout(120_000);

  it("imports a service account from a file, and keeps it", async () => {
    const hub = await startHub();
    const authorization = `Bearer ${hub.tokens.admin}`;
    const answer = await fetch(`${hub.endpoint}/api/organizations/acme/service-accounts`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ name: "ci" }),
    });
    const { _id } = (await answer.json()) as { _id: string };
    const project = await createProject({
      name: "readme-import",
      program: {
        "index.ts":
          'import * as huggingface from "pulumi-huggingface";\n' +
          'new huggingface.ServiceAccount("ci", { organization: "acme", name: "ci" });\n',
      },
      env: { HF_ENDPOINT: hub.endpoint, HF_TOKEN: hub.tokens.admin },
    });
    try {
      const [file = ""] = blocks(readDocument("docs/import.md"), "json");
      await project.importFile(JSON.parse(file.replaceAll("0123456789abcdef01234567", _id)) as object);

      const unread = await project.preview({ allowFailure: true });
      assert.notEqual(unread.code, 0);
      assert.match(unread.text, /Run `pulumi refresh` once/);

      await project.refresh();
      await project.up();
      await project.preview({ expectNoChanges: true });
      assert.deepEqual(
        hub.store.serviceAccountsOf("acme").map(({ id }) => id),
        [_id],
      );
    } finally {
      await project.dispose();
      await hub.close();
    }
  });
});
