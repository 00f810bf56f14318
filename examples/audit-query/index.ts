// Queries the audit log and the members' tokens. The program has no resources and changes nothing.
//
//   pulumi config set days 7
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const DAY = 24 * 60 * 60 * 1000;

export = async () => {
  const config = new pulumi.Config();
  const organization = config.get("organization") ?? "acme";
  const startDate = new Date(Date.now() - (config.getNumber("days") ?? 90) * DAY);

  // The last 10 entries, newest first. The Hub always exports the whole log; the provider keeps only these in memory.
  const visibilityChanges = await huggingface.getAuditLogs(organization, {
    action: "repo.visibility",
    startDate,
    limit: 10,
  });

  // All entries, one at a time. This works for a log of any size.
  const eventsByUser: Record<string, number> = {};
  for await (const { user } of huggingface.streamAuditLogs(organization, { startDate })) {
    const name = user ?? "(no user)";
    eventsByUser[name] = (eventsByUser[name] ?? 0) + 1;
  }

  // Tokens of members that have write access and were not used in this time. Ask their owners whether they still need them.
  const tokens = await huggingface.getMemberTokens(organization, { query: "role:write" });
  const forgotten = tokens.filter(({ lastUsedAt }) => !lastUsedAt || new Date(lastUsedAt) < startDate);

  return {
    visibilityChanges: visibilityChanges.map(
      ({ timestamp, user, message }) => `${timestamp} ${user ?? "?"}: ${message}`,
    ),
    eventsByUser,
    forgottenTokens: forgotten.map(({ owner, displayName }) => `${owner.name}: ${displayName}`),
  };
};
