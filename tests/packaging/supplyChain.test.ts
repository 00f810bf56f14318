// What an installation brings along: few dependencies, each with a reason that is written down, all with a known hash, and none
// that runs anything before it is used.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import Ajv from "ajv";
import * as ts from "typescript";
import { broughtAlong, lockedPackages, nameOf, readText, ROOT } from "../support/lockfile";

const run = promisify(execFile);
const PUBLISHED = ["provider", "local-hub"];

interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  peerDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (folder: string): Manifest => JSON.parse(readText(join(folder, "package.json"))) as Manifest;

/** The files of a folder that people write, with their paths from the root. */
const written = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => ending.test(file) && !/node_modules|\/dist\//.test(file));

/** The packages that a file imports or requires, in whatever way. */
function importedPackages(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const from = ts.isCallExpression(node)
      ? // What is looked for from another package's folder is that package's own.
        loads(node.expression) && node.arguments.length === 1 && node.arguments[0]
      : ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isExternalModuleReference(node)
          ? node.expression
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && node.argument.literal;
    if (from && ts.isStringLiteralLike(from)) names.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest));
  return names
    .filter((name) => !name.startsWith(".") && !isBuiltin(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

/** Whether a call of it loads a module: `import`, `require`, `require.resolve`. */
function loads(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  const called = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  return ts.isIdentifier(called) && called.text === "require";
}

describe("supply chain: dependencies", () => {
  for (const folder of PUBLISHED) {
    const { name, dependencies, peerDependencies = {} } = manifest(folder);

    it(`each dependency of ${name} has a reason in SECURITY.md, and no other has a line`, () => {
      const section = readText("SECURITY.md").split("## Dependencies")[1] ?? "";
      const table = section.split(new RegExp(`^Each dependency of \`${name}\`.*$`, "m"))[1]?.split("\n\n")[1];
      assert.ok(table, "its table");
      const listed: string[] = [];
      for (const row of table.trim().split("\n").slice(2)) {
        const [, packages = "", reason = ""] = row.split("|");
        assert.match(reason, /[a-z]{3}/, `${packages.trim()} has a reason`);
        listed.push(...[...packages.matchAll(/`([^`]+)`/g)].map(([, each]) => each as string));
      }
      const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
      assert.deepEqual(listed.sort(), declared.sort());
    });

    it(`nothing that ${name} brings along has a script at installation`, () => {
      const packages = lockedPackages();
      const brought = broughtAlong(folder, packages);
      assert.ok(brought.length >= Object.keys(dependencies).length);
      assert.deepEqual(
        brought.filter((path) => packages[path]?.hasInstallScript),
        [],
      );
    });

    it(`${name} imports what it declares, and declares what it imports`, () => {
      const imported = new Set(written(`${folder}/src`, /\.ts$/).flatMap(importedPackages));
      const peers = Object.keys(peerDependencies);
      const declared = [...Object.keys(dependencies), ...peers];
      assert.deepEqual([...imported].sort(), declared.sort());
    });
  }

  it("each dependency of the provider is used by one file only", () => {
    const files = written("provider/src", /\.ts$/);
    for (const name of Object.keys(manifest("provider").dependencies)) {
      const users = files.filter((file) => importedPackages(file).includes(name));
      assert.equal(users.length, 1, `${name} is used by ${users.join(", ") || "nobody"}`);
    }
  });

  it("what scripts, tests and examples import is declared, and the set-up imports nothing", () => {
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
      const files = written(folder, /\.[mc]?[jt]s$/).filter((file) => !file.includes("/fixtures/"));
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
      ...written("scripts/lib", /\.mjs$/),
      ...written("scripts/pulumi-cli", /\.mjs$/),
    ]) {
      assert.deepEqual(importedPackages(file), [], file);
    }
  });
});

describe("supply chain: lockfile", function () {
  this.timeout(120_000);

  it("every package has an integrity hash, comes from a registry, and names no host", () => {
    const all = lockedPackages();
    const ours = ["", "provider", "local-hub", "examples", "tests"];
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

  it("holds each package in a release that its dependents take", async () => {
    await run("npm", ["ls", "--all", "--package-lock-only"], { cwd: ROOT, maxBuffer: 1 << 26 });
  });
});

describe("supply chain: installation", function () {
  this.timeout(120_000);
  let folder: string;

  /** A project whose only dependency leaves a file behind if its script is run at installation. */
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

  /** As for a user who has no settings: the machine's own must not be what keeps the script from running. */
  const env = { ...process.env, npm_config_ignore_scripts: undefined, NPM_CONFIG_IGNORE_SCRIPTS: undefined };

  it("the trap works: an installation without our settings runs the script", async () => {
    const dir = await project("unguarded");
    await run("npm", ["ci", "--ignore-scripts=false"], { cwd: dir, env });
    assert.equal(await wasRun(), true);
  });

  it("the set-up runs no script of a dependency", async () => {
    const dir = await project("set-up");
    await cp(join(ROOT, "scripts"), join(dir, "scripts"), { recursive: true });
    // Set to run scripts, as somebody may have it; the set-up must not depend on settings.
    await writeFile(join(dir, ".npmrc"), "ignore-scripts=false\n");
    // It goes on to build what this project does not have.
    spawnSync(process.execPath, ["scripts/bootstrap.mjs"], { cwd: dir, env });
    assert.ok(await stat(join(dir, "node_modules/trap")));
    assert.equal(await wasRun(), false);
  });

  it("npm by hand in this folder runs none either, and writes no host into the lockfile", async () => {
    const dir = await project("by-hand");
    await cp(join(ROOT, ".npmrc"), join(dir, ".npmrc"));
    await run("npm", ["install"], { cwd: dir, env });
    assert.ok(await stat(join(dir, "node_modules/trap")));
    assert.equal(await wasRun(), false);
    // As on a machine without settings of its own.
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

  it("every installation that scripts and tests start is one without scripts", () => {
    const installations: string[] = [];
    const files = [...written("scripts", /\.mjs$/), ...written("tests", /\.[mc]?[jt]s$/)];
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
    for (const file of [".ci/run", ...written(".github/workflows", /\.yml$/)]) {
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

  // CycloneDX's own schemas, as its library for JavaScript brings them.
  const schemas = join(dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res/schema");
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;

  for (const folder of PUBLISHED) {
    const { name, version, dependencies } = manifest(folder);
    let text: string;
    let sbom: Sbom;
    let packed: Buffer;

    before(async () => {
      const temporary = await mkdtemp(join(tmpdir(), "bill-"));
      await run("npm", ["pack", "--pack-destination", temporary], { cwd: join(ROOT, folder) });
      const file = join(temporary, `${name}-${version}.tgz`);
      packed = readFileSync(file);
      const script = join(ROOT, "scripts/sbom.mjs");
      const { stdout } = await run(process.execPath, [script, join(ROOT, folder), file], {
        maxBuffer: 1 << 26,
      });
      await rm(temporary, { recursive: true });
      text = stdout;
      sbom = JSON.parse(stdout) as Sbom;
    });

    it(`that of ${name} keeps to CycloneDX's schema`, () => {
      const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
      for (const each of ["spdx", "jsf-0.82"]) {
        ajv.addSchema(schema(each), `http://cyclonedx.org/schema/${each}.SNAPSHOT.schema.json`);
      }
      const validate = ajv.compile(schema(`bom-${sbom.specVersion}`));
      validate(sbom);
      assert.deepEqual(validate.errors, null);
    });

    it(`that of ${name} names the packed package by its hash`, () => {
      const { component } = sbom.metadata;
      assert.deepEqual([component.name, component.version], [name, version]);
      assert.equal(component.purl, `pkg:npm/${name}@${version}`);
      const content = createHash("sha512").update(packed).digest("hex");
      assert.deepEqual(component.hashes, [{ alg: "SHA-512", content }]);
    });

    it(`that of ${name} lists exactly what the package brings along, each with hash, licence and address`, () => {
      const packages = lockedPackages();
      const expected = new Map(
        broughtAlong(folder, packages).map((path) => {
          const { version: locked = "", integrity = "" } = packages[path] ?? {};
          return [`${nameOf(path)}@${locked}`, Buffer.from(integrity.slice(7), "base64").toString("hex")];
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

    it(`that of ${name} names no file and no host of the machine that wrote it`, () => {
      assert.deepEqual(text.match(/file:|https?:\/\/(?!cyclonedx\.org\/)/g), null);
      assert.ok(!text.includes(tmpdir()));
    });
  }
});
