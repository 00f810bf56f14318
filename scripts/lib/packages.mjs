/** The folders of the packages that are published, in the order in which they are. */
export const PUBLISHED = ["local-hub", "provider"];
