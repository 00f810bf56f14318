// What a run of the checker has to reach: a kind of step or a row of the table that is never met is not checked.
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
  "cannot be seen exactly",
  "first declared",
  "gone",
  "looser",
  "tighter, a reason speaks",
  "tighter, as applied",
  "tighter, not as applied",
];

const ROWS: Record<string, readonly string[]> = {
  RepoVisibility: FACETS,
  SsoConfig: FACETS,
  // The Hub shows nothing of it, and a reason has no part in it.
  SsoCredential: ["as declared", "cannot be seen exactly", "first declared", "tighter, as applied"],
  ServiceAccount: ["as declared", "gone"],
  HubToken: [
    "an old trigger",
    "another repository",
    "another repository, a trigger speaks",
    "as declared",
    "due by the clock",
    "due by the clock, narrowed",
    "gone",
    "gone, a trigger speaks",
    "gone, recreateIfInvalid",
    "looser",
    "not expressible",
    "stray revoked",
    "tighter, a trigger speaks",
    "tighter, as applied",
    "tighter, not as applied",
  ],
};

/** What was never reached in a run about this type of resource. */
export function unreached(type: string, { steps, acts, rows }: Counters): string[] {
  const ofTokens = [
    ...TOKEN_ACCIDENTS,
    "DELETE without effect",
    "PATCH without effect",
    "POST without effect",
  ];
  const own = type === "HubToken" ? ofTokens : VIEWS.slice(3);
  const accidents = [...ACCIDENTS, ...VIEWS.slice(1, 3), ...own];
  return [
    ...STEPS.filter((kind) => !steps.has(kind)),
    ...[...ACTS, ...accidents].filter((kind) => !acts.has(kind)),
    ...(ROWS[type] ?? []).map((row) => `${type}: ${row}`).filter((row) => !rows.has(row)),
  ];
}
