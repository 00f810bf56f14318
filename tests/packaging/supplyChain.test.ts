// What an installation brings along: few dependencies, each with a reason that is written down, all with a known hash.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface LockedPackage {
  link?: boolean;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
}

describe("supply chain", () => {
  const { dependencies } = JSON.parse(read("provider/package.json")) as {
    dependencies: Record<string, string>;
  };
  const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockedPackage> };

  it("each dependency has a reason in SECURITY.md", () => {
    const reasons = read("SECURITY.md").split("## Dependencies")[1] ?? "";
    for (const name of Object.keys(dependencies)) assert.ok(reasons.includes(`\`${name}\``), name);
  });

  it("each dependency is used, and by one file only", () => {
    const files = readdirSync(join(ROOT, "provider/src"), { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts"),
    );
    for (const name of Object.keys(dependencies)) {
      const users = files.filter((file) => read(`provider/src/${file}`).includes(`"${name}"`));
      assert.equal(users.length, 1, `${name} is used by ${users.join(", ") || "nobody"}`);
    }
  });

  it("every package in the lockfile has an integrity hash and names no host", () => {
    const locked = Object.entries(lock.packages).filter(
      ([path, { link }]) => path.startsWith("node_modules/") && !link,
    );
    assert.ok(locked.length > 100);
    for (const [path, { integrity, resolved }] of locked) {
      assert.match(integrity ?? "", /^sha512-/, path);
      assert.equal(resolved, undefined, path);
    }
  });

  it("nothing that runs with the user's credentials has a script at installation", () => {
    for (const name of Object.keys(dependencies)) {
      assert.notEqual(lock.packages[`node_modules/${name}`]?.hasInstallScript, true, name);
    }
  });

  it("the bill of materials names each dependency and no tool of ours", async function () {
    this.timeout(120_000);
    const script = join(ROOT, "scripts/sbom.mjs");
    const { stdout } = await promisify(execFile)(process.execPath, [script, join(ROOT, "provider")], {
      maxBuffer: 1 << 26,
    });
    const sbom = JSON.parse(stdout) as { bomFormat: string; components: { purl: string }[] };
    assert.equal(sbom.bomFormat, "CycloneDX");
    const listed = sbom.components.map(({ purl }) => decodeURIComponent(purl));
    for (const name of [...Object.keys(dependencies), "pulumi-huggingface"]) {
      assert.ok(
        listed.some((purl) => purl.startsWith(`pkg:npm/${name}@`)),
        name,
      );
    }
    for (const tool of ["mocha", "eslint", "typescript"]) {
      assert.ok(!listed.some((purl) => purl.startsWith(`pkg:npm/${tool}@`)), tool);
    }
  });
});
