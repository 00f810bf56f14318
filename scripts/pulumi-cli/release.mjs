// The second source of a Pulumi CLI: the official release, with the SDK's own installer.
import { dirname } from "node:path";
import { capture, tail } from "../lib/processes.mjs";
import { Problem, step } from "../lib/report.mjs";
import { root } from "../pulumi-env.mjs";
import { CLI_VERSION } from "./versions.mjs";

const LIMIT = 300_000;

/** Runs in a separate process, which can be stopped if the download hangs. */
const PROGRAM = `
const [folder, version] = process.argv.slice(1);
const sdk = require.resolve("@pulumi/pulumi");
const { SemVer } = require(require.resolve("semver", { paths: [sdk] }));
const { PulumiCommand } = require("@pulumi/pulumi/automation");
PulumiCommand.install({ root: folder, version: new SemVer(version) }).catch((error) => {
  console.error(error && error.message);
  process.exit(1);
});
`;

/** @type {import("../pulumi-cli.mjs").Installer} */
export const officialRelease = {
  name: "the official release",
  run: (bin, { env, log }) =>
    step(
      `Downloading the official release of the Pulumi CLI ${CLI_VERSION}`,
      async () => {
        const args = ["-e", PROGRAM, "--", dirname(bin), CLI_VERSION];
        const { code, output } = await capture(process.execPath, args, { cwd: root, env, timeout: LIMIT });
        if (code !== 0) throw new Problem(tail(output, 3));
      },
      log,
    ),
};
