// The official Python client, in its own virtual environment.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/lockfile";
import { type Hub } from "../support/hub";
import { run } from "./run";

const FOLDER = join(__dirname, "python");
const REQUIREMENTS = join(FOLDER, "requirements.txt");
const ENVIRONMENT = join(ROOT, ".work", "contract-python");

/** The script's report of a call. */
interface Called {
  call: string;
  error?: string;
  offered?: boolean;
}

/** The results of the calls. */
export interface PythonRun {
  /** For example `huggingface_hub==2.4.0`. */
  client: string;
  calls: number;
  failures: string[];
  /** Calls of operations that the local Hub does not offer. */
  notOffered: string[];
}

/**
 * Prepares the client, and runs its calls on a Hub. Throws if Python is missing or the client cannot be installed.
 */
export async function runPythonClient(hub: Hub): Promise<PythonRun> {
  const requirements = readFileSync(REQUIREMENTS, "utf8");
  const client = /^huggingface-hub==\S+/m.exec(requirements)?.[0] ?? "huggingface-hub";
  const python = await interpreter(client, requirements);
  const { code, stdout, stderr } = await run(python, [join(FOLDER, "drive.py")], {
    HF_ENDPOINT: hub.endpoint,
    HF_TOKEN: hub.tokens.admin,
    HF_HOME: join(ENVIRONMENT, "home"),
    HF_HUB_DISABLE_TELEMETRY: "1",
    PYTHONWARNINGS: "ignore",
    // A proxy of this machine cannot reach the machine's own addresses.
    NO_PROXY: "127.0.0.1",
  });
  const called = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Called);
  // The script reports failed calls itself, so no report means that the script failed.
  const failed = called.some(({ error }) => error !== undefined);
  if (code !== 0 && !failed) throw new Error(`The Python client did not finish:\n${stderr.trim()}`);
  return {
    client,
    calls: called.length,
    failures: called.flatMap(({ call, error }) => (error === undefined ? [] : [`${call}: ${error}`])),
    notOffered: called.filter(({ offered }) => offered === false).map(({ call }) => call),
  };
}

/** The environment's Python, with the client installed by pip from its configured index. */
async function interpreter(client: string, requirements: string): Promise<string> {
  const python = join(ENVIRONMENT, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const installed = join(ENVIRONMENT, "installed.txt");
  if (existsSync(installed) && readFileSync(installed, "utf8") === requirements) return python;
  const steps: [string, string[]][] = [
    [process.env["PYTHON"] ?? "python3", ["-m", "venv", "--clear", ENVIRONMENT]],
    [
      python,
      [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        REQUIREMENTS,
      ],
    ],
  ];
  for (const [command, args] of steps) {
    const { code, stderr } = await run(command, args);
    if (code === 0) continue;
    throw new Error(
      `${client} could not be installed with Python 3 (${command} ${args.join(" ")}):\n${stderr.trim()}\n` +
        "Install Python 3.10 or newer, or leave this client out with --without-python.",
    );
  }
  writeFileSync(installed, requirements);
  return python;
}
