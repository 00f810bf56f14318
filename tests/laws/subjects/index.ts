import { repoVisibility } from "./repositories";
import { spaceSecret, spaceVariable } from "./spaces";
import { ssoConfig, ssoCredential } from "./sso";
import { type Subject } from "./subject";

export type { Look, Subject } from "./subject";

/** By the type of the resource. */
export const subjects: Record<string, Subject> = Object.fromEntries(
  [repoVisibility, ssoConfig, ssoCredential, spaceSecret, spaceVariable].map((subject) => [
    subject.type,
    subject,
  ]),
);
