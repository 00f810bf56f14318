// Measures the start: importing the package, starting the handler's process, and the time of a small preview.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { createProject, type Project } from "../support/engine";
import { type Bench } from "./context";
import { ratios } from "./figures";
import { run } from "./processes";

const ROOT = join(__dirname, "..", "..");

/** Goal 3. */
export async function start(bench: Bench): Promise<void> {
  await importing(bench);
  await handlerReady(bench);
  await smallPreview(bench);
}

async function importing(bench: Bench): Promise<void> {
  const program = `
    const begin = performance.now();
    require("@pulumi/pulumi");
    const sdk = performance.now();
    const used = process.cpuUsage();
    require("pulumi-huggingface");
    const { user, system } = process.cpuUsage(used);
    console.log(JSON.stringify([sdk - begin, performance.now() - sdk, (user + system) / 1000]));`;
  const added: number[] = [];
  const relative: number[] = [];
  const processors: number[] = [];
  // A warm-up run fills the machine's file cache for both.
  for (let i = -1; i < 2 * bench.runs; i += 1) {
    const { stdout } = await run(process.execPath, ["-e", program], { cwd: join(ROOT, "tests") });
    const [sdk = NaN, ours = NaN, used = NaN] = JSON.parse(stdout) as number[];
    if (i < 0) continue;
    added.push(ours);
    relative.push(ours / sdk);
    processors.push(used);
  }
  bench.add("import of the package over the SDK's", added, "ms", { relation: "<=", value: 40 });
  bench.add("import of the package: processors' time", processors, "ms");
  bench.add("import of the package / the SDK's", relative, "×");
}

const OURS = `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-huggingface/dynamic").handler("RepoVisibility")`;

/** Starts the process that serves dynamic resources and waits until it has answered its first check. */
async function handlerReady(bench: Bench): Promise<void> {
  const { runtime } = await import("@pulumi/pulumi");
  const provider = { create: () => Promise.resolve({ id: "nothing", outs: {} }) };
  const { text } = await runtime.serializeFunction(() => provider);
  const times = { ours: [] as number[], floor: [] as number[] };
  for (let i = -1; i < 2 * bench.runs; i += 1) {
    const floor = await untilChecked(text, { repo: "acme/llm", visibility: "private" });
    const ours = await untilChecked(OURS, { repo: "acme/llm", visibility: "private", owner: "00000000" });
    if (i < 0) continue;
    times.floor.push(floor);
    times.ours.push(ours);
  }
  bench.add(
    "handler's process, until its first check is answered / floor's",
    ratios(times.ours, times.floor),
    "×",
    {
      relation: "<=",
      value: 1.1,
    },
  );
  bench.add("handler's process, until its first check is answered", times.ours, "ms");
}

interface ProviderClient {
  configure(request: unknown, done: (error: Error | null) => void): void;
  check(request: unknown, done: (error: Error | null) => void): void;
  close(): void;
}

async function untilChecked(code: string, inputs: Record<string, string>): Promise<number> {
  const load = createRequire(join(ROOT, "tests", "_"));
  const { ResourceProviderClient } = load("@pulumi/pulumi/proto/provider_grpc_pb") as {
    ResourceProviderClient: new (address: string, credentials: unknown) => ProviderClient;
  };
  const { CheckRequest, ConfigureRequest } = load("@pulumi/pulumi/proto/provider_pb") as {
    ConfigureRequest: new () => { setArgs(args: unknown): void };
    CheckRequest: new () => {
      setUrn(urn: string): void;
      setNews(news: unknown): void;
      setOlds(olds: unknown): void;
    };
  };
  const { Struct } = load("google-protobuf/google/protobuf/struct_pb") as {
    Struct: { fromJavaScript(value: object): unknown };
  };
  const begin = performance.now();
  const host = load.resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const child = spawn(process.execPath, [host, "127.0.0.1:1"], {
    cwd: join(ROOT, "tests"),
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const port = await firstLine(child);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const settings = new ConfigureRequest();
    settings.setArgs(Struct.fromJavaScript({}));
    const answered = (resolve: () => void, reject: (error: Error) => void) => (error: Error | null) =>
      error ? reject(error) : resolve();
    await new Promise<void>((resolve, reject) => client.configure(settings, answered(resolve, reject)));
    const request = new CheckRequest();
    request.setUrn("urn:pulumi:dev::bench::pulumi-nodejs:dynamic/huggingface:RepoVisibility::llm");
    request.setOlds(Struct.fromJavaScript({}));
    request.setNews(Struct.fromJavaScript({ ...inputs, __provider: code }));
    await new Promise<void>((resolve, reject) => client.check(request, answered(resolve, reject)));
    client.close();
    return performance.now() - begin;
  } finally {
    child.kill("SIGKILL");
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.split("\n")[0]?.trim() ?? "");
    });
    child.once("exit", (code) => reject(new Error(`The dynamic provider ended with code ${code}.`)));
  });
}

/** The same program with one resource, loaded in different ways. */
async function smallPreview(bench: Bench): Promise<void> {
  const declaration = `new huggingface.RepoVisibility("llm", { repo: "acme/llm", visibility: "private" });`;
  const typed = `import * as huggingface from "pulumi-huggingface";\n${declaration}\n`;
  const plainJs = `const huggingface = require("pulumi-huggingface");\n${declaration}\n`;
  const tsconfig = `{ "compilerOptions": { "target": "es2022", "module": "nodenext", "moduleResolution": "nodenext", "strict": true, "skipLibCheck": true } }`;
  const floor = `const pulumi = require("@pulumi/pulumi");
    const provider = { create: async (inputs) => ({ id: "nothing", outs: inputs }) };
    new (class extends pulumi.dynamic.Resource {})(provider, "llm", { repo: "acme/llm", visibility: "private" });`;
  const ways: Record<string, { program: Record<string, string>; env?: Record<string, string | undefined> }> =
    {
      "no resource, JavaScript": { program: { "index.js": `require("@pulumi/pulumi");` } },
      "floor's resource, JavaScript": { program: { "index.js": floor } },
      "ours, JavaScript": { program: { "index.js": plainJs } },
      "ours, TypeScript, not checked (PULUMI_NODEJS_TRANSPILE_ONLY)": {
        program: { "index.ts": typed, "tsconfig.json": tsconfig },
      },
      "ours, TypeScript, checked (Pulumi's default)": {
        program: { "index.ts": typed, "tsconfig.json": tsconfig },
        env: { PULUMI_NODEJS_TRANSPILE_ONLY: undefined },
      },
    };
  const projects: Record<string, Project> = {};
  const times: Record<string, number[]> = {};
  try {
    for (const [way, { program, env }] of Object.entries(ways)) {
      const named = {
        HF_ENDPOINT: "http://127.0.0.1:1",
        HF_TOKEN: "hf_none",
        NODE_OPTIONS: undefined,
        ...env,
      };
      projects[way] = await createProject({ name: "bench-start", program, env: named });
    }
    for (let i = 0; i < bench.runs; i += 1) {
      for (const [way, project] of Object.entries(projects)) {
        const args = ["preview", "--non-interactive", "--color", "never", "--stack", project.stack];
        // The compiler's cache is below the folder for temporary files. A pipeline's machine starts without it, so
        // each run does too.
        const temporary = await mkdtemp(join(tmpdir(), "bench-"));
        const env = { ...project.env, TMPDIR: temporary };
        const { seconds } = await run("pulumi", args, { cwd: project.dir, env });
        await rm(temporary, { recursive: true, force: true });
        (times[way] ??= []).push(seconds);
        bench.say(`start ${i + 1}: ${way} ${seconds.toFixed(2)} s`);
      }
    }
  } finally {
    for (const project of Object.values(projects)) await project.dispose();
  }
  const empty = times["no resource, JavaScript"] ?? [];
  bench.add("preview of no resource, JavaScript", empty, "s");
  for (const [way, values] of Object.entries(times)) {
    if (values !== empty)
      bench.add(`preview of 1 resource, ${way} / no resource`, ratios(values, empty), "×");
  }
}
