// Questions to the audit log, and to the members' tokens. Nothing is managed here, so nothing is changed either.
//
//   pulumi config set days 7
import * as pulumi from "@pulumi/pulumi";
import * as huggingface from "pulumi-huggingface";

const DAY = 24 * 60 * 60 * 1000;

export = async () => {
  const config = new pulumi.Config();
  const organization = config.get("organization") ?? "acme";
  const startDate = new Date(Date.now() - (config.getNumber("days") ?? 90) * DAY);

  // A few entries, newest first. The Hub filters nothing itself, so of all that it exports only these are kept in memory.
  const visibilityChanges = await huggingface.getAuditLogs(organization, {
    action: "repo.visibility",
    startDate,
    limit: 10,
  });

  // All of them, one at a time: a log of any size can be counted like this.
  const eventsByUser: Record<string, number> = {};
  for await (const { user } of huggingface.streamAuditLogs(organization, { startDate })) {
    const name = user ?? "(nobody)";
    eventsByUser[name] = (eventsByUser[name] ?? 0) + 1;
  }

  // Tokens of members that may write and that nobody has used since: candidates for a question to their owners.
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
