// The public types of the client, by topic.
export * from "./types/client";
export * from "./types/accounts";
export * from "./types/tokens";
export * from "./types/serviceAccounts";
export * from "./types/sso";
export * from "./types/repositories";
export * from "./types/auditLog";
export * from "./types/resourceGroups";
export * from "./types/spaces";
