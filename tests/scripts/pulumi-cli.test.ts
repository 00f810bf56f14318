import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";

const load = () => import("../../scripts/pulumi-cli.mjs");

/** A shell script that answers `version` instead of the real executable. */
async function stub(dir: string, name: string, version = "0.0.0"): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, name), `#!/bin/sh\necho v${version}\n`);
  await chmod(join(dir, name), 0o755);
}

function systemTool(name: string): string {
  const folder = (process.env.PATH ?? "")
    .split(delimiter)
    .find((candidate) => existsSync(join(candidate, name)));
  assert.ok(folder, `${name} is not on PATH`);
  return join(folder, name);
}

async function stubs(dir: string, version: string): Promise<void> {
  await stub(dir, "pulumi", version);
  await stub(dir, "pulumi-language-nodejs");
  await stub(dir, "pulumi-resource-pulumi-nodejs");
}

// Uses executables that are shell scripts.
(process.platform === "win32" ? describe.skip : describe)("finding the Pulumi CLI", function () {
  let scripts: Awaited<ReturnType<typeof load>>;
  let dir: string;
  let env: NodeJS.ProcessEnv;
  let bin: string;
  let lines: string[];
  const log = (line: string) => lines.push(line);

  before(async () => {
    scripts = await load();
  });
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "pulumi-cli-"));
    bin = join(dir, "on-path");
    await mkdir(bin);
    // PATH only has the system tools that the stubs need, so neither pulumi nor go.
    for (const tool of ["chmod", "cp"]) await symlink(systemTool(tool), join(bin, tool));
    env = { PATH: bin, HOME: dir, XDG_CACHE_HOME: join(dir, "cache") };
    lines = [];
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** An installer that fills the folder like a real one. */
  const working = (version: string) => ({
    name: "a stub",
    run: (folder: string) => stubs(folder, version),
  });
  const failing = {
    name: "a failing stub",
    run: async (folder: string) => {
      await stub(folder, "pulumi", scripts.CLI_VERSION);
      throw new Error("the line was cut");
    },
  };

  it("uses the CLI on PATH if it is new enough and complete", async () => {
    await stubs(bin, scripts.MINIMUM_VERSION);
    const cli = await scripts.ensurePulumi({ env, installers: [] });
    assert.deepEqual(cli, { binDir: bin, version: scripts.MINIMUM_VERSION, how: "found on PATH" });
  });

  it("uses the language host from another folder on PATH", async () => {
    await stub(bin, "pulumi", "3.999.0");
    const other = join(dir, "other");
    await stubs(other, "3.1.0");
    const cli = await scripts.ensurePulumi({ env: { ...env, PATH: `${env.PATH}:${other}` }, installers: [] });
    assert.equal(cli.binDir, bin);
  });

  for (const [what, prepare] of [
    ["too old", () => stubs(bin, "3.100.0")],
    ["without its language host", () => stub(bin, "pulumi", "3.999.0")],
    ["broken", () => stubs(bin, "nonsense")],
  ] as const) {
    it(`ignores a CLI that is ${what}, and installs another one`, async () => {
      await prepare();
      const cli = await scripts.ensurePulumi({
        env,
        log,
        installers: [failing, working(scripts.CLI_VERSION)],
      });
      assert.equal(cli.how, "a stub");
      assert.equal(cli.binDir, join(scripts.cacheFolder(env), scripts.CLI_VERSION, "bin"));
      // The next call finds it, and the cache has no incomplete installation.
      const again = await scripts.ensurePulumi({ env, installers: [] });
      assert.deepEqual(again, { ...cli, how: "found in the cache folder" });
      assert.deepEqual(await readdir(scripts.cacheFolder(env)), [scripts.CLI_VERSION]);
    });
  }

  it("ignores an incomplete installation, and removes it", async () => {
    const cache = scripts.cacheFolder(env);
    await stubs(join(cache, scripts.CLI_VERSION, "bin"), scripts.CLI_VERSION);
    await stubs(join(cache, `${scripts.CLI_VERSION}.tmp-0`, "bin"), scripts.CLI_VERSION);
    await assert.rejects(scripts.ensurePulumi({ env, install: false }), /Found no usable Pulumi CLI/);
    const cli = await scripts.ensurePulumi({ env, log, installers: [working(scripts.CLI_VERSION)] });
    assert.equal(cli.how, "a stub");
    assert.deepEqual(await readdir(cache), [scripts.CLI_VERSION]);
  });

  it("installs once for several calls at the same time", async () => {
    let runs = 0;
    const slow = {
      name: "a slow stub",
      run: async (folder: string) => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 400));
        await stubs(folder, scripts.CLI_VERSION);
      },
    };
    const options = { env, log, installers: [slow] };
    const found = await Promise.all([1, 2, 3].map(() => scripts.ensurePulumi(options)));
    assert.equal(runs, 1);
    assert.equal(new Set(found.map((cli) => cli.binDir)).size, 1);
    assert.match(lines.join("\n"), /another process is installing/i);
  });

  it("takes over the lock of a process that died", async () => {
    const lock = join(scripts.cacheFolder(env), ".lock");
    // No process has this number: it is above every system's limit.
    await writeFile(lock, String(2 ** 30));
    await scripts.ensurePulumi({ env, log, installers: [working(scripts.CLI_VERSION)] });
    assert.ok(!existsSync(lock));
  });

  it("explains what to install if nothing works", async () => {
    await assert.rejects(scripts.ensurePulumi({ env, log, installers: [failing] }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /install Pulumi 3\.\d+\.\d+ or newer/);
      assert.match(error.message, /install Go/);
      assert.match(error.message, /on PATH: pulumi not found/);
      assert.match(error.message, /a failing stub: .*the line was cut/);
      return true;
    });
    assert.deepEqual(await readdir(scripts.cacheFolder(env)), []);
  });

  it("uses the project's own folder if the user's cache cannot be written", async () => {
    const file = join(dir, "a-file");
    await writeFile(file, "");
    const folder = scripts.cacheFolder({ ...env, XDG_CACHE_HOME: file });
    assert.match(dirname(folder), /\.work/);
  });

  describe("by building Go modules", () => {
    const goInstaller = () => {
      const installer = scripts.INSTALLERS.find(({ name }) => name.includes("Go"));
      assert.ok(installer);
      return installer;
    };

    it("requires a Go that is new enough", async () => {
      await assert.rejects(
        scripts.ensurePulumi({ env, log, installers: [goInstaller()] }),
        /go is not on PATH/,
      );
      await stub(bin, "go", "1.17.0");
      await assert.rejects(
        scripts.ensurePulumi({ env, log, installers: [goInstaller()] }),
        /this is v1\.17\.0/,
      );
    });

    it("shows the end of Go's output if the build fails", async () => {
      await writeFile(
        join(bin, "go"),
        '#!/bin/sh\n[ "$1" = env ] && echo go1.99.0 && exit\necho "dial tcp: no such host" >&2\nexit 1\n',
      );
      await chmod(join(bin, "go"), 0o755);
      await assert.rejects(
        scripts.ensurePulumi({ env, log, installers: [goInstaller()] }),
        /go mod failed:\s+dial tcp: no such host/,
      );
    });

    it("connects programs directly to the engine, and starts node for dynamic resources", async () => {
      const sdk = join(dir, "sdk", "nodejs", "cmd", "pulumi-language-nodejs");
      await mkdir(sdk, { recursive: true });
      await writeFile(
        join(sdk, "main.go"),
        'run(fmt.Sprintf("127.0.0.1:%d", handle.Port), pipes.directory())\n',
      );
      await writeFile(join(sdk, "main_test.go"), "not to be copied");
      // Instead of a compiler, this script keeps its input.
      await writeFile(
        join(bin, "go"),
        `#!/bin/sh
case $1 in
  env) echo go1.99.0 ;;
  list) echo "${join(dir, "sdk")}" ;;
  build)
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\necho v${scripts.CLI_VERSION}\n' > "$2"
    chmod +x "$2"
    [ "$3" = . ] && cp *.go "${dir}"
    exit 0 ;;
esac
`,
      );
      await chmod(join(bin, "go"), 0o755);
      const cli = await scripts.ensurePulumi({ env, log, installers: [goInstaller()] });
      assert.equal(
        await readFile(join(dir, "main.go"), "utf8"),
        "run(req.GetMonitorAddress(), pipes.directory())\n",
      );
      assert.ok(!existsSync(join(dir, "main_test.go")));

      // It resolves the SDK from its working folder, and passes its arguments on.
      const program = join(dir, "program");
      const provider = join(program, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
      await mkdir(provider, { recursive: true });
      await writeFile(join(provider, "index.js"), "console.log(process.pid, ...process.argv.slice(2))");
      const host = join(cli.binDir, "pulumi-resource-pulumi-nodejs");
      const started = spawn(host, ["an argument", "another"], { cwd: program });
      const said = await text(started.stdout);
      assert.equal(said, `${started.pid} an argument another\n`, "node has to replace the shell");

      const lost = spawn(host, [], { cwd: dir });
      assert.match(await text(lost.stderr), /@pulumi\/pulumi is not installed for the program/);
    });
  });
});
