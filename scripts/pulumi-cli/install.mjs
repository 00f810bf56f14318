// Installs a Pulumi CLI into the cache folder, completely or not at all.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { which } from "../lib/processes.mjs";
import { Problem } from "../lib/report.mjs";
import { versionOf } from "./existing.mjs";
import { CLI_VERSION, COMPANIONS } from "./versions.mjs";

/**
 * @param {string} cache
 * @param {import("../pulumi-cli.mjs").Installer} installer
 * @param {{ env: NodeJS.ProcessEnv, log: (line: string) => void }} context
 * @returns {Promise<import("../pulumi-cli.mjs").Cli>}
 * @throws The error of the installer, or a {@link Problem} if the installation is incomplete.
 */
export async function installInto(cache, installer, { env, log }) {
  const temporary = mkdtempSync(join(cache, `${CLI_VERSION}.tmp-`));
  const remove = () => rmSync(temporary, { recursive: true, force: true });
  const interrupted = () => process.exit(130);
  process.once("exit", remove).once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const bin = join(temporary, "bin");
    mkdirSync(bin);
    await installer.run(bin, { env, temporary, log });
    const version = await versionOf(join(bin, "pulumi"), env);
    const missing = ["pulumi", ...COMPANIONS].filter((name) => !which(name, bin));
    if (!version || missing.length > 0) {
      throw new Problem(
        missing.length > 0
          ? `incomplete: ${missing.join(", ")} missing`
          : "incomplete: pulumi does not report a version",
      );
    }
    writeFileSync(join(temporary, "install.json"), JSON.stringify({ version, how: installer.name }));
    const target = join(cache, version);
    // Only a complete installation gets the final name.
    rmSync(target, { recursive: true, force: true });
    renameSync(temporary, target);
    return { binDir: join(target, "bin"), version, how: installer.name };
  } finally {
    remove();
    process.off("exit", remove).off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

/** Removes the files of interrupted installations. @param {string} cache */
export function removeUnfinished(cache) {
  for (const name of readdirSync(cache)) {
    if (name.includes(".tmp-")) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
