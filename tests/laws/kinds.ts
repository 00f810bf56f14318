// What a run of the checker has to reach. A kind of step or a table row that is never reached is not checked.
import { type Counters } from "./counters";
import { ACCIDENTS, TOKEN_ACCIDENTS, VIEWS } from "./weather";

const STEPS = [
  "check",
  "create",
  "delete",
  "diff",
  "preview check",
  "preview diff",
  "preview refresh diff",
  "preview refresh read",
  "refresh diff",
  "refresh read",
  "update",
];

const ACTS = [
  "clock",
  "declare",
  "destroy",
  "destroy --refresh",
  "hand",
  "move",
  "preview",
  "preview --refresh",
  "program",
  "provider",
  "refresh",
  "rename",
  "retain",
  "up",
  "up --refresh",
  "wait",
  "--replace",
  "--target",
];

const FACETS = [
  "another identity",
  "as declared",
  "not exactly visible",
  "declared again by a run that knows it",
  "first declared",
  "gone",
  "looser",
  "tighter, fresh reason",
  "tighter, as applied",
  "tighter, not as applied",
];

const UNORDERED = FACETS.filter((row) => row !== "looser");

const ROWS: Record<string, readonly string[]> = {
  RepoVisibility: [...FACETS, "accepted unseen"],
  OrganizationVisibility: [
    "allowed",
    "allowed by an exception",
    "left for a later run",
    "narrowed",
    "only reported",
    "someone is named",
    "too wide, shown before",
    "too wide, shown first",
  ],
  MemberRole: FACETS,
  ResourceGroupMember: FACETS,
  RepoResourceGroup: FACETS,
  SsoConfig: [...FACETS, "tighter, not as applied, adopt still set"],
  // The Hub shows nothing of a credential, and reasons do not apply to it.
  SsoCredential: [
    "as declared",
    "not exactly visible",
    "declared again by a run that knows it",
    "first declared",
    "tighter, as applied",
  ],
  // The Hub's id of a group is part of the resource's id, so it never becomes another one.
  ResourceGroup: [
    "as declared",
    "declared again by a run that knows it",
    "first declared",
    "gone",
    "looser",
    "tighter, fresh reason",
    "tighter, as applied",
    "tighter, not as applied",
  ],
  SpaceSecret: [...UNORDERED, "a new value over a change by hand"],
  SpaceVariable: UNORDERED,
  ServiceAccount: ["as declared", "gone"],
  HubToken: [
    "an old trigger",
    "another repository",
    "another repository, fresh trigger",
    "as declared",
    "due by the clock",
    "due by the clock, narrowed",
    "gone",
    "gone, fresh trigger",
    "gone, recreateIfInvalid",
    "looser",
    "not expressible",
    "stray revoked",
    "tighter, fresh trigger",
    "tighter, as applied",
    "tighter, not as applied",
  ],
};

const ANOTHER = "200 with another visibility";

/** Acts that only some types reach. */
const OTHER_ACTS: Record<string, readonly string[]> = {
  RepoVisibility: [...VIEWS.slice(1), ANOTHER, "an old reason returns"],
  OrganizationVisibility: [...VIEWS.slice(1), ANOTHER],
  MemberRole: [...VIEWS.slice(1), "an old reason returns"],
  ResourceGroupMember: [...VIEWS.slice(1), "an old reason returns"],
  RepoResourceGroup: [...VIEWS.slice(1), "an old reason returns"],
  ResourceGroup: ["an old reason returns"],
  SpaceSecret: ["an old reason returns"],
  SpaceVariable: ["an old reason returns"],
  SsoConfig: ["listing 402", "listing 403", "an old reason returns"],
  HubToken: [
    "an old reason returns",
    "listing 402",
    "listing 403",
    "DELETE without effect",
    "PATCH without effect",
    "POST without effect",
    ...TOKEN_ACCIDENTS,
  ],
};

/** What a run about this type of resource never reached. */
export function unreached(type: string, { steps, acts, rows }: Counters): string[] {
  const accidents = [...ACCIDENTS.filter((accident) => accident !== ANOTHER), ...(OTHER_ACTS[type] ?? [])];
  return [
    ...STEPS.filter((kind) => !steps.has(kind)),
    ...[...ACTS, ...accidents].filter((kind) => !acts.has(kind)),
    ...(ROWS[type] ?? []).map((row) => `${type}: ${row}`).filter((row) => !rows.has(row)),
  ];
}
