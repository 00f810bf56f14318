import { AUDIT_TYPES, type AuditEvent, type NetworkSecurity, type ResourceGroup } from "./records.js";

/** Event types of older versions that the Hub does not have, with the Hub's names for them. */
const RENAMED: Partial<Record<string, AuditEvent["type"]>> = {
  "org.settings.network_security": "org.settings.network",
  "spaces.restart": "spaces.update_hardware",
};

/**
 * Converts a record of an older state file. Such files lack some fields and contain event types that the Hub does not have.
 * Returns `null` for an event that has no equivalent.
 */
export function fromOlderState(table: string, record: unknown): unknown {
  if (!record) return record;
  switch (table) {
    case "auditEvents":
      return event(record as AuditEvent);
    case "networkSecurity":
      return { blockedContents: [], allowedContents: [], ...(record as Partial<NetworkSecurity>) };
    case "resourceGroups":
      return group(record as ResourceGroup);
    default:
      return record;
  }
}

function event(old: AuditEvent): AuditEvent | null {
  const type = RENAMED[old.type] ?? old.type;
  if (!AUDIT_TYPES.includes(type)) return null;
  if (!old.token || (old.token.role as string) !== "admin") return { ...old, type };
  return { ...old, type, token: { ...old.token, role: "write" } };
}

/** Older versions stored a removed limit as `null`. */
function group(old: ResourceGroup): ResourceGroup {
  if (!old.spendLimits) return old;
  const limits = Object.entries(old.spendLimits).filter(([, limit]) => (limit as number | null) !== null);
  return { ...old, spendLimits: Object.fromEntries(limits) };
}
