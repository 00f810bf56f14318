/** The version to install if no CLI is found. The tests run on it. */
export const CLI_VERSION = "3.259.0";

/** The oldest usable CLI: the same version as the oldest SDK that the provider supports. */
export const MINIMUM_VERSION = "3.216.0";

/** The engine looks for these two executables in the folder of the CLI and on PATH. */
export const COMPANIONS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
