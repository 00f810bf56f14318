import * as handlers from "../handlers/audit-log.js";
import { type ExportQuery } from "../handlers/audit-log.js";
import { type Route, route } from "../route.js";
import { anyObject, constant, flag, id, listOf, object, oneOf, text, time } from "../schema.js";

export const auditLogRoutes: Route[] = [
  route<{ org: string }, ExportQuery>({
    method: "GET",
    url: "/api/organizations/:org/audit-log/export",
    // It reads, and yet asks for a permission to write: an export leaves a trace.
    readOnly: false,
    params: object({ org: text() }),
    query: object({ "q?": text(), "cursor?": text() }),
    answers: {
      200: listOf(
        object({
          _id: id,
          createdAt: time,
          type: text({ min: 1 }),
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
            "role?": text(),
            "last4?": text({ min: 4, max: 4 }),
            deleted: flag,
          }),
          "oauth?": object({ clientId: text(), "name?": text() }),
        }),
      ),
    },
    handle: handlers.exportAuditLog,
  }),
];
