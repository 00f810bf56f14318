// The third source of a Pulumi CLI: a build from Go modules, for networks that allow only these. It takes some minutes.
//
// A CLI for Node.js programs consists of three executables: `pulumi`, its language host, and the host of dynamic resources.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture, compareVersions, tail, which } from "../lib/processes.mjs";
import { Problem, step } from "../lib/report.mjs";
import { CLI_VERSION } from "./versions.mjs";

/** Older versions of Go cannot download a newer Go toolchain. */
export const MINIMUM_GO = "1.21.0";

const LIMIT = 75 * 60_000;

const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const SDK = "github.com/pulumi/pulumi/sdk/v3";

/**
 * The language host for Node.js is now a separate Go module, which module proxies do not serve. This is the last release of the
 * SDK's module that contains it. It works with the current SDK.
 */
const LANGUAGE_HOST = "nodejs/cmd/pulumi-language-nodejs";
const LANGUAGE_HOST_VERSION = "3.65.0";

/** The engine starts this script in the program's folder. `exec` replaces the shell with node, so that signals reach node. */
const DYNAMIC_RESOURCE_HOST = `#!/bin/sh
# Runs the dynamic resource provider of the SDK that the program uses.
provider=$(node -p 'require.resolve("@pulumi/pulumi/cmd/dynamic-provider", { paths: [process.cwd()] })') || {
  echo "@pulumi/pulumi is not installed for the program in $(pwd)" >&2
  exit 1
}
exec node "$provider" "$@"
`;

/** @type {import("../pulumi-cli.mjs").Installer} */
export const goBuild = {
  name: "a build from Go modules",
  async run(bin, { env, temporary, log }) {
    const go = await findGo(env);
    await step(
      `Building the Pulumi CLI ${CLI_VERSION} from Go modules (some minutes, once)`,
      () => compile(go, { module: CLI, version: CLI_VERSION, into: join(bin, "pulumi"), temporary }),
      log,
    );
    await step(
      "Building its language host for Node.js",
      () =>
        compile(go, {
          module: `${SDK}/${LANGUAGE_HOST}`,
          version: LANGUAGE_HOST_VERSION,
          into: join(bin, "pulumi-language-nodejs"),
          temporary,
          change: copyLanguageHost,
        }),
      log,
    );
    writeFileSync(join(bin, "pulumi-resource-pulumi-nodejs"), DYNAMIC_RESOURCE_HOST, { mode: 0o755 });
  },
};

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<(cwd: string, ...args: string[]) => Promise<string>>} Runs go in a folder and returns its output.
 */
async function findGo(env) {
  if (process.platform === "win32") throw new Problem("not supported on Windows");
  const go = which("go", env.PATH);
  if (!go) throw new Problem("go is not on PATH");
  const version = (await capture(go, ["env", "GOVERSION"], { env })).stdout.trim();
  if (compareVersions(version.replace(/^\D+/, ""), MINIMUM_GO) < 0) {
    throw new Problem(`needs Go ${MINIMUM_GO} or newer, but this is ${version}`);
  }
  // Ignore workspace files of parent folders, and let Go add modules to go.mod.
  const goEnv = { ...env, GOWORK: "off", GOFLAGS: [env.GOFLAGS, "-mod=mod"].filter(Boolean).join(" ") };
  return async (cwd, ...args) => {
    const { code, output, stdout } = await capture(go, args, { cwd, env: goEnv, timeout: LIMIT });
    if (code !== 0) throw new Problem(`go ${args[0]} failed:\n${tail(output)}`);
    return stdout.trim();
  };
}

/**
 * Compiles a program in a new Go module.
 *
 * @param {Awaited<ReturnType<typeof findGo>>} go
 * @param {object} what
 * @param {string} what.module The program's package.
 * @param {string} what.version
 * @param {string} what.into The executable to write.
 * @param {string} what.temporary
 * @param {(folder: string, sdk: string) => void} [what.change] Writes a changed copy of the program to the folder.
 */
async function compile(go, { module, version, into, temporary, change }) {
  const folder = join(temporary, "build");
  mkdirSync(folder);
  await go(folder, "mod", "init", "build.local/program");
  await go(folder, "get", `${module}@v${version}`);
  change?.(folder, await go(folder, "list", "-m", "-f", "{{.Dir}}", SDK));
  // Without this flag, the executable reports version 0 and the engine rejects it.
  const flags = `-s -w -X ${SDK}/go/common/version.Version=v${version}`;
  await go(folder, "build", "-trimpath", "-ldflags", flags, "-o", into, change ? "." : module);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The old language host is a proxy between the program and the engine, and knows only its old protocol: it loses
 * `protect: false` and rejects newer requests. The current SDK can talk to the engine directly, so the changed copy
 * gives it the engine's address.
 *
 * @param {string} folder
 * @param {string} sdk
 */
function copyLanguageHost(folder, sdk) {
  const source = join(sdk, LANGUAGE_HOST);
  for (const file of readdirSync(source)) {
    if (!file.endsWith(".go") || file.endsWith("_test.go")) continue;
    const text = readFileSync(join(source, file), "utf8");
    const changed =
      file === "main.go"
        ? text.replace('fmt.Sprintf("127.0.0.1:%d", handle.Port), pipes', "req.GetMonitorAddress(), pipes")
        : text;
    if (file === "main.go" && changed === text) {
      throw new Problem("the source code of the language host is not as expected");
    }
    writeFileSync(join(folder, file), changed);
  }
}
