import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createProject } from "../support/engine";
import { startHub } from "../support/hub";

const ROOT = join(__dirname, "../..");
const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "docs/import.md",
  "docs/install.md",
  "docs/unit-tests.md",
  "docs/troubleshooting.md",
  "provider/README.md",
];

/** The fenced code blocks of a document in one language. */
function blocks(document: string, language: string): string[] {
  const text = readFileSync(join(ROOT, document), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    (found) => found[1] as string,
  );
}

describe("documentation", function () {
  this.timeout(120_000);

  it("contains TypeScript that compiles", () => {
    const parent = join(ROOT, ".work");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "readme-"));
    try {
      const programs = DOCUMENTS.flatMap((document) => blocks(document, "ts"));
      assert.ok(programs.length >= 5);
      for (const [index, program] of programs.entries()) writeFileSync(join(folder, `${index}.ts`), program);
      const config = { extends: "../../examples/tsconfig.json", include: ["*.ts"], references: [] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
      const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], {
        cwd: ROOT,
        encoding: "utf8",
      });
      assert.equal(status, 0, stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("links to files that exist", () => {
    for (const document of DOCUMENTS) {
      const text = readFileSync(join(ROOT, document), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\(([^)#]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        assert.ok(existsSync(join(ROOT, dirname(document), target)), `${document}: ${target}`);
      }
    }
  });

  it("shows a valid import of service accounts from a file", async () => {
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
      const [file = ""] = blocks("docs/import.md", "json");
      await project.importFile(JSON.parse(file.replaceAll("0123456789abcdef01234567", _id)) as object);

      const unread = await project.preview({ allowFailure: true });
      assert.notEqual(unread.code, 0);
      assert.match(unread.text, /run `pulumi refresh` once/);

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
