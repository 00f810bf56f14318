import { type Route } from "../route.js";
import { auditLogRoutes } from "./audit-log.js";
import { bucketRoutes } from "./buckets.js";
import { collectionRoutes } from "./collections.js";
import { kernelRoutes } from "./kernels.js";
import { memberTokenRoutes } from "./member-tokens.js";
import { memberRoutes } from "./members.js";
import { networkSecurityRoutes } from "./network-security.js";
import { repositoryRoutes } from "./repositories.js";
import { repositoryCreationRoutes } from "./repository-creation.js";
import { repositoryListRoutes } from "./repository-lists.js";
import { resourceGroupRoutes } from "./resource-groups.js";
import { scanRoutes } from "./scan.js";
import { serviceAccountRoutes } from "./service-accounts.js";
import { spaceSettingRoutes } from "./space-settings.js";
import { ssoRoutes } from "./sso.js";
import { userTokenRoutes } from "./user-tokens.js";
import { webhookRoutes } from "./webhooks.js";
import { whoAmIRoutes } from "./whoami.js";

/** All operations of both profiles. */
export const routes: Route[] = [
  ...whoAmIRoutes,
  ...memberRoutes,
  ...auditLogRoutes,
  ...serviceAccountRoutes,
  ...memberTokenRoutes,
  ...userTokenRoutes,
  ...ssoRoutes,
  ...repositoryRoutes,
  ...repositoryCreationRoutes,
  ...repositoryListRoutes,
  ...spaceSettingRoutes,
  ...scanRoutes,
  ...bucketRoutes,
  ...kernelRoutes,
  ...collectionRoutes,
  ...resourceGroupRoutes,
  ...networkSecurityRoutes,
  ...webhookRoutes,
];
