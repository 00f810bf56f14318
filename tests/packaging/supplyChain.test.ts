// What an installation installs: few dependencies, each with a documented reason and a known hash, and none that runs
// a script at installation.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import Ajv from "ajv";
import * as ts from "typescript";
import { importedPackages, writtenFiles } from "../support/imports";
import { broughtAlong, lockedPackages, nameOf, readText, ROOT } from "../support/lockfile";

const run = promisify(execFile);
const PUBLISHED = ["provider", "local-hub", "cli"];

interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (folder: string): Manifest => JSON.parse(readText(join(folder, "package.json"))) as Manifest;

describe("supply chain: dependencies", () => {
  for (const folder of PUBLISHED) {
    const { name, dependencies, peerDependencies = {} } = manifest(folder);

    it(`each dependency of ${name}, and no other package, has a reason in SECURITY.md`, () => {
      const section = readText("SECURITY.md").split("## Dependencies")[1] ?? "";
      const table = section.split(new RegExp(`^Each dependency of \`${name}\`.*$`, "m"))[1]?.split("\n\n")[1];
      assert.ok(table, "its table");
      const listed: string[] = [];
      for (const row of table.trim().split("\n").slice(2)) {
        const [, packages = "", reason = ""] = row.split("|");
        assert.match(reason, /[a-z]{3}/, `${packages.trim()} has no reason`);
        listed.push(...[...packages.matchAll(/`([^`]+)`/g)].map(([, each]) => each as string));
      }
      const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
      assert.deepEqual(listed.sort(), declared.sort());
    });

    it(`no package that ${name} installs has an installation script`, () => {
      const packages = lockedPackages();
      const brought = broughtAlong(folder, packages);
      assert.ok(brought.length >= Object.keys(dependencies).length);
      assert.deepEqual(
        brought.filter((path) => packages[path]?.hasInstallScript),
        [],
      );
    });

    it(`${name} imports exactly the packages that it declares`, () => {
      const imported = new Set(writtenFiles(`${folder}/src`, /\.ts$/).flatMap(importedPackages));
      const peers = Object.keys(peerDependencies);
      const declared = [...Object.keys(dependencies), ...peers];
      assert.deepEqual([...imported].sort(), declared.sort());
    });
  }

  for (const [folder, shared] of [
    ["provider", []],
    // The command line is built on these two.
    ["cli", ["commander", "pulumi-huggingface"]],
  ] as const) {
    const { name, dependencies } = manifest(folder);

    it(`each ${shared.length > 0 ? "other " : ""}dependency of ${name} is used by only one file`, () => {
      const files = writtenFiles(`${folder}/src`, /\.ts$/);
      for (const each of Object.keys(dependencies).filter((all) => !shared.some((one) => one === all))) {
        const users = files.filter((file) => importedPackages(file).includes(each));
        assert.equal(users.length, 1, `${each} is used by ${users.join(", ") || "no file"}`);
      }
    });
  }

  it("scripts, tests and examples import only declared packages, and the set-up imports none", () => {
    for (const [folder, declaredBy] of [
      ["scripts", [".", "tests", "examples"]],
      ["tests", [".", "tests"]],
      ["examples", [".", "examples"]],
    ] as const) {
      const declared = new Set(
        declaredBy.map(manifest).flatMap(({ dependencies, devDependencies }) => {
          return Object.keys({ ...dependencies, ...devDependencies });
        }),
      );
      const files = writtenFiles(folder, /\.[mc]?[jt]s$/).filter((file) => !file.includes("/fixtures/"));
      assert.ok(files.length > 5);
      for (const file of files) {
        const others = importedPackages(file).filter((name) => !declared.has(name));
        assert.deepEqual(others, [], file);
      }
    }
    for (const file of [
      ...["bootstrap", "pack", "publish", "pulumi-cli", "release-check", "run", "sbom"].map(
        (name) => `scripts/${name}.mjs`,
      ),
      ...writtenFiles("scripts/lib", /\.mjs$/),
      ...writtenFiles("scripts/pulumi-cli", /\.mjs$/),
    ]) {
      assert.deepEqual(importedPackages(file), [], file);
    }
  });
});

describe("supply chain: lockfile", function () {
  this.timeout(120_000);

  it("gives every package an integrity hash and a registry version, and names no host", () => {
    const all = lockedPackages();
    const ours = ["", "provider", "local-hub", "cli", "examples", "tests"];
    const locked = Object.entries(all).filter(([path, { link }]) => !ours.includes(path) && !link);
    assert.ok(locked.length > 100);
    for (const [path, { integrity, resolved, version, inBundle }] of locked) {
      assert.match(integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, path);
      assert.match(version ?? "", /^\d+\.\d+\.\d+/, path);
      assert.equal(resolved, undefined, path);
      assert.equal(inBundle, undefined, path);
    }
    const links = Object.entries(all).filter(([, { link }]) => link);
    assert.deepEqual(links.map(([, { resolved }]) => resolved).sort(), ours.slice(1).sort());
  });

  it("has each package in a version that its dependents accept", async () => {
    await run("npm", ["ls", "--all", "--package-lock-only"], { cwd: ROOT, maxBuffer: 1 << 26 });
  });
});

describe("supply chain: installation", function () {
  this.timeout(120_000);
  let folder: string;

  /** Packs a package whose installation script leaves a file behind, as the only dependency of the test projects. */
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "installation-"));
    const trap = join(folder, "trap");
    await mkdir(trap);
    await writeFile(
      join(trap, "package.json"),
      JSON.stringify({
        name: "trap",
        version: "1.0.0",
        scripts: { postinstall: `node -e "require('fs').writeFileSync('${marker()}','')"` },
      }),
    );
    await run("npm", ["pack", "--pack-destination", folder], { cwd: trap });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const marker = () => join(folder, "was-run").replaceAll("\\", "/");
  const wasRun = async () => {
    const found = await stat(marker()).catch(() => undefined);
    await rm(marker(), { force: true });
    return found !== undefined;
  };

  async function project(name: string): Promise<string> {
    const dir = join(folder, name);
    await mkdir(dir);
    const dependencies = { trap: "file:../trap-1.0.0.tgz" };
    await writeFile(join(dir, "package.json"), JSON.stringify({ name, workspaces: [], dependencies }));
    await run("npm", ["install", "--package-lock-only", "--ignore-scripts"], { cwd: dir });
    return dir;
  }

  /** The environment of a user without settings: the script must not be blocked by this machine's settings. */
  const env = { ...process.env, npm_config_ignore_scripts: undefined, NPM_CONFIG_IGNORE_SCRIPTS: undefined };

  it("runs the dependency's script without our settings, so that the other tests can detect it", async () => {
    const dir = await project("unguarded");
    await run("npm", ["ci", "--ignore-scripts=false"], { cwd: dir, env });
    assert.equal(await wasRun(), true);
  });

  it("runs no script of a dependency in the set-up", async () => {
    const dir = await project("set-up");
    await cp(join(ROOT, "scripts"), join(dir, "scripts"), { recursive: true });
    // A user may have this setting. The set-up must not depend on it.
    await writeFile(join(dir, ".npmrc"), "ignore-scripts=false\n");
    // The set-up then fails to build, because this project has nothing to build.
    spawnSync(process.execPath, ["scripts/bootstrap.mjs"], { cwd: dir, env });
    assert.ok(await stat(join(dir, "node_modules/trap")));
    assert.equal(await wasRun(), false);
  });

  it("runs no script with npm in this folder, and writes no host into the lockfile", async () => {
    const dir = await project("by-hand");
    await cp(join(ROOT, ".npmrc"), join(dir, ".npmrc"));
    await run("npm", ["install"], { cwd: dir, env });
    assert.ok(await stat(join(dir, "node_modules/trap")));
    assert.equal(await wasRun(), false);
    // As on a machine without its own settings.
    const none = ["user", "global"].flatMap((which) => [
      `--${which}config`,
      join(folder, `no-${which}-settings`),
    ]);
    const bare = Object.entries(env).filter(([name]) => !/^npm_config_/i.test(name));
    const { stdout } = await run("npm", ["config", "get", "omit-lockfile-registry-resolved", ...none], {
      cwd: dir,
      env: Object.fromEntries(bare),
    });
    assert.equal(stdout.trim(), "true");
  });

  it("disables scripts in every installation that scripts and tests start", () => {
    const installations: string[] = [];
    const files = [...writtenFiles("scripts", /\.mjs$/), ...writtenFiles("tests", /\.[mc]?[jt]s$/)];
    for (const file of files.filter((each) => each !== "tests/packaging/supplyChain.test.ts")) {
      const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest);
      const visit = (node: ts.Node): void => {
        if (ts.isArrayLiteralExpression(node)) {
          const words = node.elements.filter(ts.isStringLiteralLike).map(({ text }) => text);
          const installs = words.includes("install") || (words.includes("ci") && words.some(isOption));
          if (installs && !words.includes("pip")) {
            installations.push(file);
            assert.ok(words.includes("--ignore-scripts"), `${file}: ${words.join(" ")}`);
          }
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    assert.deepEqual(installations, [
      "scripts/bootstrap.mjs",
      "tests/packaging/tarball.test.ts",
      "tests/packaging/types.test.ts",
      "tests/scripts/bootstrap.test.ts",
      "tests/support/packed.ts",
    ]);
    for (const file of [".ci/run", ...writtenFiles(".github/workflows", /\.yml$/)]) {
      for (const line of readText(file).split("\n")) {
        if (/\b(?:npm|pnpm|yarn) (?:ci|i|install|add)\b/.test(line))
          assert.match(line, /--ignore-scripts/, line);
        if (/\bnpx\b/.test(line)) assert.match(line, /npx --no-install/, line);
      }
    }
  });

  const isOption = (word: string) => word.startsWith("--");
});

describe("supply chain: bill of materials", function () {
  this.timeout(120_000);

  interface Component {
    name: string;
    version: string;
    purl: string;
    licenses?: unknown[];
    hashes: { alg: string; content: string }[];
  }
  interface Sbom {
    specVersion: string;
    metadata: { component: Component };
    components: Component[];
    dependencies: { ref: string; dependsOn: string[] }[];
  }

  // CycloneDX's own schemas, from its JavaScript library.
  const schemas = join(dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res/schema");
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;

  for (const folder of PUBLISHED) {
    const { name, version, dependencies } = manifest(folder);
    let text: string;
    let sbom: Sbom;
    let packed: Buffer;
    /** The hashes of the other packages of this repository that it depends on, by path in the lockfile. */
    const linked = new Map<string, string>();

    before(async () => {
      const temporary = await mkdtemp(join(tmpdir(), "bill-"));
      const pack = async (from: string): Promise<string> => {
        await run("npm", ["pack", "--pack-destination", temporary], { cwd: join(ROOT, from) });
        const { name: its, version: released } = manifest(from);
        return join(temporary, `${its}-${released}.tgz`);
      };
      const file = await pack(folder);
      packed = readFileSync(file);
      const packages = lockedPackages();
      for (const path of broughtAlong(folder, packages).filter((each) => packages[each]?.link)) {
        const content = readFileSync(await pack(packages[path]?.resolved as string));
        linked.set(path, createHash("sha512").update(content).digest("hex"));
      }
      const script = join(ROOT, "scripts/sbom.mjs");
      const { stdout } = await run(process.execPath, [script, join(ROOT, folder), file], {
        maxBuffer: 1 << 26,
      });
      await rm(temporary, { recursive: true });
      text = stdout;
      sbom = JSON.parse(stdout) as Sbom;
    });

    it(`conforms to CycloneDX's schema (${name})`, () => {
      const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
      for (const each of ["spdx", "jsf-0.82"]) {
        ajv.addSchema(schema(each), `http://cyclonedx.org/schema/${each}.SNAPSHOT.schema.json`);
      }
      const validate = ajv.compile(schema(`bom-${sbom.specVersion}`));
      validate(sbom);
      assert.deepEqual(validate.errors, null);
    });

    it(`names the packed package with its hash (${name})`, () => {
      const { component } = sbom.metadata;
      assert.deepEqual([component.name, component.version], [name, version]);
      assert.equal(component.purl, `pkg:npm/${name}@${version}`);
      const content = createHash("sha512").update(packed).digest("hex");
      assert.deepEqual(component.hashes, [{ alg: "SHA-512", content }]);
    });

    it(`lists exactly the packages that are installed, each with hash, license and address (${name})`, () => {
      const packages = lockedPackages();
      const expected = new Map(
        broughtAlong(folder, packages).map((path) => {
          const { version: locked = version, integrity = "" } = packages[path] ?? {};
          const hash = linked.get(path) ?? Buffer.from(integrity.slice(7), "base64").toString("hex");
          return [`${nameOf(path)}@${locked}`, hash];
        }),
      );
      const listed = sbom.components.map((each) => `${each.name}@${each.version}`);
      assert.deepEqual(listed.sort(), [...expected.keys()].sort());
      for (const each of sbom.components) {
        const id = `${each.name}@${each.version}`;
        assert.deepEqual(each.hashes, [{ alg: "SHA-512", content: expected.get(id) }], id);
        assert.ok(each.licenses?.length, id);
        assert.equal(each.purl, `pkg:npm/${id.replace(/^@/, "%40")}`);
      }
      const direct = sbom.dependencies.find(({ ref }) => ref === `${name}@${version}`)?.dependsOn ?? [];
      assert.deepEqual(
        direct.map((ref) => ref.slice(0, ref.lastIndexOf("@"))).sort(),
        Object.keys(dependencies).sort(),
      );
    });

    it(`contains no file and no host of the machine that wrote it (${name})`, () => {
      assert.deepEqual(text.match(/file:|https?:\/\/(?!cyclonedx\.org\/)/g), null);
      assert.ok(!text.includes(tmpdir()));
    });
  }
});
