// An S3-compatible server, for stacks in a backend that several machines share. It is a small Go program on gofakes3, because the
// S3 servers on the npm registry are unmaintained or need a newer Node.js. go.sum pins the hashes of all its modules.
import { execFile, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { type Env } from "./engine";

const run = promisify(execFile);
const SOURCE = join(__dirname, "s3-server");
const BUCKET = "state";

/** Credentials of the server: one that may write, and one that may only read. */
export type S3Access = "may-write" | "may-read";

export interface S3Server {
  /** The variables with which the Pulumi CLI uses the bucket as its backend. */
  env(access?: S3Access): Env;
  /** All requests so far, such as `may-write PUT /state/.pulumi/meta.yaml`, or `may-read DENIED PUT …`. */
  requests: string[];
  /** Reads an object of the bucket. */
  read(key: string): Promise<string>;
  /** The keys of the objects that begin with this prefix. */
  list(prefix: string): Promise<string[]>;
  /** Lets the next locks of this many machines wait for each other, so that they are written at the same moment. */
  meet(machines: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server with an empty bucket. Returns undefined if Go is missing, except in CI, which has Go. */
export async function startS3(): Promise<S3Server | undefined> {
  const hasGo = spawnSync("go", ["version"]).status === 0;
  if (!hasGo && !process.env["CI"]) return undefined;
  const server = spawn(await build(), [BUCKET], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const requests: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    const lines = createInterface(server.stdout);
    lines.once("line", (first) => {
      lines.on("line", (line) => requests.push(line));
      resolve(first);
    });
    server.once("error", reject);
    void ended.then(() => reject(new Error("The S3 server ended.")));
  });
  const get = async (path: string): Promise<string> => {
    const authorization = "AWS4-HMAC-SHA256 Credential=may-read/";
    const answer = await fetch(`http://${address}/${BUCKET}${path}`, { headers: { authorization } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  return {
    env: (access = "may-write") => ({
      PULUMI_BACKEND_URL: `s3://${BUCKET}?endpoint=${address}&disableSSL=true&s3ForcePathStyle=true`,
      AWS_ACCESS_KEY_ID: access,
      AWS_SECRET_ACCESS_KEY: "not checked",
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    }),
    requests,
    read: (key) => get(`/${key}`),
    async list(prefix) {
      const answer = await get(`?list-type=2&prefix=${encodeURIComponent(prefix)}`);
      return [...answer.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key as string);
    },
    async meet(machines) {
      await fetch(`http://${address}/meet/${machines}`);
    },
    async close() {
      server.stdin.end();
      await ended;
    },
  };
}

/** Compiles the server, once for each version of its source. */
async function build(): Promise<string> {
  const { cacheFolder } = await import("../../scripts/pulumi-cli.mjs");
  const hash = createHash("sha256");
  for (const file of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(SOURCE, file)));
  const folder = join(dirname(cacheFolder()), "s3-server");
  const binary = join(folder, hash.digest("hex").slice(0, 16));
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  const env = { ...process.env, GOWORK: "off", GOFLAGS: "-mod=readonly" };
  await run("go", ["build", "-trimpath", "-o", unfinished, "."], { cwd: SOURCE, env });
  renameSync(unfinished, binary);
  return binary;
}
