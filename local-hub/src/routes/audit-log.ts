import * as handlers from "../handlers/audit-log.js";
import { type ExportQuery } from "../handlers/audit-log.js";
import { type Route, route } from "../route.js";
import { anyObject, constant, flag, id, input, listOf, object, oneOf, text, time } from "../schema.js";
import { AUDIT_TYPES } from "../store/records.js";

export const auditLogRoutes: Route[] = [
  route<{ org: string }, ExportQuery>({
    method: "GET",
    url: "/api/organizations/:org/audit-log/export",
    // This operation only reads, although the Hub requires a write permission for it.
    readOnly: false,
    params: object({ org: text() }),
    query: input({ "q?": text(), "cursor?": text() }),
    answers: {
      200: listOf(
        object({
          _id: id,
          createdAt: time,
          type: oneOf(...AUDIT_TYPES),
          message: text(),
          "data?": anyObject,
          "ip?": text(),
          "location?": object({ formatted: text(), "country?": text(), "city?": text() }),
          "userAgent?": text(),
          author: object({
            _id: id,
            user: text(),
            avatarUrl: text(),
            type: oneOf("user", "system"),
            "deleted?": flag,
          }),
          "token?": object({
            type: constant("access_token"),
            id,
            "role?": oneOf("read", "write", "fineGrained"),
            "last4?": text(),
            deleted: flag,
          }),
          "oauth?": object({ clientId: text(), "name?": text() }),
        }),
      ),
    },
    handle: handlers.exportAuditLog,
  }),
];
