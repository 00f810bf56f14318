/** The version that is installed when there is none; the tests run on it. */
export const CLI_VERSION = "3.259.0";

/** The oldest CLI that is used as it is: as old as the oldest SDK that the provider supports. */
export const MINIMUM_VERSION = "3.216.0";

/** The engine starts these two beside the CLI or on PATH. */
export const COMPANIONS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
