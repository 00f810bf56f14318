// The packages contain what a user needs, and nothing else.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { promisify } from "node:util";
import { readText, ROOT } from "../support/lockfile";

const run = promisify(execFile);

interface Packed {
  size: number;
  unpackedSize: number;
  bundled: string[];
  files: { path: string; mode: number }[];
}

/** For each package: the files besides dist and src, and the maximum size in bytes, packed and unpacked. */
const PACKAGES = {
  provider: { others: ["LICENSE", "README.md", "package.json"], packed: 780_000, unpacked: 3_500_000 },
  "local-hub": {
    others: ["LICENSE", "README.md", "bin/huggingface-local-hub.js", "package.json"],
    packed: 300_000,
    unpacked: 1_300_000,
  },
  cli: {
    others: ["LICENSE", "README.md", "bin/pulumi-huggingface.js", "package.json"],
    packed: 250_000,
    unpacked: 1_100_000,
  },
};

/** The versions of these packages, by name. */
const OWN_VERSIONS: Record<string, string> = Object.fromEntries(
  Object.keys(PACKAGES).map((folder) => {
    const { name, version } = JSON.parse(readText(`${folder}/package.json`)) as Record<
      "name" | "version",
      string
    >;
    return [name, version];
  }),
);

for (const [folder, { others, packed, unpacked }] of Object.entries(PACKAGES)) {
  describe(`contents of the package in ${folder}`, function () {
    this.timeout(60_000);
    let info: Packed;
    let paths: string[];

    before(async () => {
      const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
        cwd: join(ROOT, folder),
        maxBuffer: 1 << 26,
      });
      // npm 11 prints a list, later releases an object by package name.
      [info] = Object.values(JSON.parse(stdout) as Record<string, Packed>) as [Packed];
      paths = info.files.map(({ path }) => path);
    });

    it("are the sources, their compiled files, and a few named files", () => {
      const sources = paths.filter((path) => path.startsWith("src/"));
      const compiled = sources.flatMap((path) => {
        assert.match(path, /^src\/[\w/-]+\.ts$/);
        const stem = path.replace(/^src/, "dist").replace(/\.ts$/, "");
        return [".js", ".js.map", ".d.ts", ".d.ts.map"].map((ending) => stem + ending);
      });
      assert.ok(sources.includes("src/index.ts"));
      // This would also find compiled files of a deleted source.
      assert.deepEqual([...paths].sort(), [...sources, ...compiled, ...others].sort());
      assert.deepEqual(
        paths.filter((path) => /test|fixture|example|\.env/i.test(path)),
        [],
      );
    });

    it("stay below their maximum size", () => {
      assert.ok(info.size < packed, `${info.size} bytes packed`);
      assert.ok(info.unpackedSize < unpacked, `${info.unpackedSize} bytes unpacked`);
      assert.deepEqual(info.bundled, []);
    });

    it("have source maps with relative paths to sources in the package, and without source text", () => {
      const maps = paths.filter((path) => path.endsWith(".map"));
      assert.ok(maps.length > 40);
      for (const path of maps) {
        const map = JSON.parse(readText(`${folder}/${path}`)) as {
          sources: string[];
          sourceRoot: string;
          sourcesContent?: unknown;
        };
        assert.equal(map.sourceRoot, "", path);
        assert.equal(map.sourcesContent, undefined, path);
        assert.equal(map.sources.length, 1, path);
        for (const source of map.sources) {
          const target = posix.join(posix.dirname(path), source);
          assert.ok(paths.includes(target), `${path} points to ${source}`);
        }
      }
    });

    it("do not name a folder of the build machine", () => {
      for (const path of paths) assert.ok(!readText(`${folder}/${path}`).includes(ROOT), path);
    });

    it("have a README whose links work on the registry's page", () => {
      const links = [...readText(`${folder}/README.md`).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
      assert.deepEqual(
        links.filter((link) => !/^(https:\/\/|#)/.test(link ?? "")),
        [],
      );
    });

    it("have a manifest with the fields that the registry shows and searches", () => {
      const manifest = JSON.parse(readText(`${folder}/package.json`)) as Record<string, unknown>;
      for (const field of ["name", "version", "description", "license", "engines", "keywords"]) {
        assert.ok(manifest[field], field);
      }
      assert.ok((manifest["keywords"] as string[]).includes("huggingface"));
      // With this field, Pulumi would look for a plugin to download. Dynamic resources have none.
      assert.equal(manifest["pulumi"], undefined);
    });

    it("have a manifest without scripts, with existing entry points and with dependencies from the registry", () => {
      const manifest = JSON.parse(readText(`${folder}/package.json`)) as {
        scripts?: object;
        main: string;
        types: string;
        bin?: Record<string, string>;
        exports?: Record<string, string | Record<string, string>>;
        typesVersions?: Record<string, Record<string, string[]>>;
        dependencies: Record<string, string>;
        bundleDependencies?: unknown;
        files: string[];
      };
      assert.equal(manifest.scripts, undefined);
      // With this file, npm would run node-gyp at installation.
      assert.equal(existsSync(join(ROOT, folder, "binding.gyp")), false);
      const exported = Object.values(manifest.exports ?? {}).flatMap((each) =>
        typeof each === "string" ? [each] : Object.values(each),
      );
      for (const entry of [
        manifest.main,
        manifest.types,
        ...Object.values(manifest.bin ?? {}),
        ...exported,
        ...Object.values(manifest.typesVersions ?? {}).flatMap((each) => Object.values(each).flat()),
      ]) {
        assert.ok(paths.includes(posix.normalize(entry)), entry);
      }
      for (const [name, range] of Object.entries(manifest.dependencies)) {
        // Another package of this repository has the same version, because it may change in every release.
        if (name in OWN_VERSIONS) assert.equal(range, OWN_VERSIONS[name]);
        else assert.match(range, /^\^\d+\.\d+\.\d+$/, name);
      }
    });
  });
}
