// The processes of a running command: the engine, the program, and the process that serves dynamic resources.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type StartedCommand } from "./engine";

export type Victim = "handler" | "program" | "engine";

export interface Process {
  pid: number;
  /** The command line with its arguments. */
  command: string;
}

/** The CLI and all processes that it has started. */
export function familyOf({ child }: StartedCommand): Process[] {
  const all = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, pid, parent, command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command ?? "",
    }));
  const family = all.filter(({ pid }) => pid === child.pid);
  for (const { pid } of family) family.push(...all.filter(({ parent }) => parent === pid));
  return family;
}

/**
 * The processes of one kind. There is one handler per provider of the program, and nothing shows which handler serves
 * which provider.
 */
export function processesOf(family: Process[], victim: Victim): number[] {
  if (victim === "engine") return family.slice(0, 1).map(({ pid }) => pid);
  const pattern = victim === "handler" ? /node.*cmd\/dynamic-provider/ : /node.*@pulumi\/pulumi\/cmd\/run/;
  return family.filter(({ command }) => pattern.test(command)).map(({ pid }) => pid);
}

/** The variables that a process was started with. Empty if the system does not show them. */
export function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
  } catch {
    return [];
  }
}

/** Returns false if the process has already ended. */
export function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false;
  }
}
