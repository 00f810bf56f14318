/** The folders of the published packages, in the order in which they are published. */
export const PUBLISHED = ["local-hub", "provider", "cli"];
