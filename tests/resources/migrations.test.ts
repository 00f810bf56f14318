// How the data that version 1 kept of a resource is migrated.
import assert from "node:assert/strict";
import { readState } from "../../provider/src/model/state";
import { type Properties } from "../../provider/src/model/plain";
import { hubTokenDefinition } from "../../provider/src/resources/hubToken/lifecycle";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { ssoConfigDefinition } from "../../provider/src/resources/ssoConfig/lifecycle";
import { fingerprint } from "../../provider/src/rules/intent";
import { CREATED, reachWith, repoId } from "../support/tokensInMemory";

type Row = [title: string, before: Properties, after: Properties];

const hash = (reason: unknown): string => String(fingerprint(reason));
const reach = reachWith();
const DAMAGED: Row[] = [undefined, null, "text", 7].map((applied) => [
  `keeps damaged data unchanged, with ${JSON.stringify(applied) ?? "nothing"} as what was applied`,
  { applied, repos: ["acme/a"], repoIds: ["a"], seen: 5 },
  { applied, repos: ["acme/a"], repoIds: ["a"], seen: 5 },
]);

const ofAccount = { organization: "acme", createdAt: CREATED };
const TOKENS: Row[] = [
  [
    "keeps what a service account's token was applied with",
    { ...ofAccount, name: "ci", applied: { reach } },
    { ...ofAccount, name: "ci", applied: { reach, triggers: undefined } },
  ],
  [
    "records the name, the role and the creation time of a user's own token as applied",
    { name: "mine", role: "write", createdAt: CREATED, applied: {} },
    {
      ...{ name: "mine", role: "write", createdAt: CREATED, born: CREATED },
      applied: { triggers: undefined, name: "mine", role: "write" },
    },
  ],
  [
    "reads a token without organization and role as a user's own with the role read",
    { organization: null, role: null, name: "mine", createdAt: CREATED, applied: {} },
    {
      ...{ organization: null, role: null, name: "mine", createdAt: CREATED, born: CREATED },
      applied: { triggers: undefined, name: "mine", role: "read" },
    },
  ],
  [
    "records its rotation triggers as seen and applied",
    { ...ofAccount, rotationTriggers: { incident: "1" }, applied: { reach } },
    {
      ...{ ...ofAccount, rotationTriggers: { incident: "1" } },
      applied: { reach, triggers: hash({ incident: "1" }) },
      heard: { seen: [hash({ incident: "1" })] },
    },
  ],
  [
    "keeps what was last seen",
    { ...ofAccount, applied: { reach }, seen: reachWith({ permissions: [] }) },
    {
      ...{ ...ofAccount, applied: { reach, triggers: undefined } },
      seen: { reach: reachWith({ permissions: [] }) },
    },
  ],
  [
    "keeps nothing as seen if nothing was seen",
    { ...ofAccount, applied: { reach }, seen: null },
    { ...ofAccount, applied: { reach, triggers: undefined } },
  ],
  ...(
    [
      ["of each name", ["acme/a", "acme/b"], [repoId("a"), repoId("b")], [0, 1]],
      ["of a name, but not of an id", [repoId("a"), "acme/b"], [repoId("a"), repoId("b")], [1]],
      ["of a name with an id, but not of one without", ["acme/a", "acme/b"], [repoId("a")], [0]],
      [
        "of a name, but not of an entry that is not a string",
        [{}, "acme/b", 5],
        [repoId("a"), repoId("b"), repoId("c")],
        [1],
      ],
      ["of a name, but not of one that is missing", ["acme/a"], [repoId("a"), repoId("b")], [0]],
    ] as [string, unknown[], string[], number[]][]
  ).map(([title, repos, repoIds, known]): Row => [
    `keeps the id ${title}`,
    { ...ofAccount, applied: { reach }, repos, repoIds },
    {
      ...{ ...ofAccount, applied: { reach, triggers: undefined }, repos },
      resolved: Object.fromEntries(known.map((index) => [repos[index], repoIds[index]])),
    },
  ]),
  ...[{ repos: ["acme/a"] }, { repos: "acme/a", repoIds: ["a"] }, { repos: ["acme/a"], repoIds: "a" }].map(
    (kept): Row => [
      `keeps no ids of ${JSON.stringify(kept)}`,
      { ...ofAccount, applied: { reach }, ...kept },
      { ...ofAccount, applied: { reach, triggers: undefined }, repos: kept.repos },
    ],
  ),
];

const repository = { repo: "acme/llm", visibility: "public" };
const REPOSITORIES: Row[] = [
  [
    "records its reason as seen",
    { ...repository, status: "active", applied: { visibility: "public", gated: "auto", reason: "x" } },
    {
      ...{ ...repository, status: "active", applied: { visibility: "public", gated: "auto" } },
      heard: { seen: [hash("x")] },
    },
  ],
  [
    "records no reason that is not a string",
    { ...repository, applied: { visibility: "public", reason: 5 } },
    { ...repository, applied: { visibility: "public", gated: undefined }, heard: { seen: [] } },
  ],
  [
    "records what was applied to a missing repository as last seen",
    { ...repository, status: "missing", applied: { visibility: "public", gated: "auto", reason: "x" } },
    {
      ...{ ...repository, status: "missing", heard: { seen: [hash("x")] } },
      seen: { visibilities: ["public"], gates: ["auto"] },
    },
  ],
  [
    "records no gate as seen if none was applied",
    { ...repository, status: "missing", applied: { visibility: "public" } },
    {
      ...{ ...repository, status: "missing", heard: { seen: [] } },
      seen: { visibilities: ["public"], gates: undefined },
    },
  ],
];

const identityProvider = { provider: "saml", ssoUrl: "https://idp.example", certificateFingerprint: "AA" };
const CONFIGURATIONS: Row[] = [
  [
    "splits what was applied, and records the former reason and the program's reason as seen",
    {
      ...{ organization: "acme", acknowledgeOverwrite: "now" },
      applied: { ...identityProvider, enabled: true, reason: "then" },
    },
    {
      ...{ organization: "acme", acknowledgeOverwrite: "now" },
      ...{ applied: { enabled: true, identityProvider }, heard: { seen: [hash("then"), hash("now")] } },
      lastCertificate: "AA",
    },
  ],
  [
    "records a reason only once, and none if none was given",
    { acknowledgeOverwrite: "now", applied: { enabled: true, reason: "now" } },
    {
      ...{ acknowledgeOverwrite: "now", applied: { enabled: true, identityProvider: {} } },
      ...{ heard: { seen: [hash("now")] }, lastCertificate: undefined },
    },
  ],
  [
    "records nothing as applied to a missing configuration",
    { missing: true, applied: { ...identityProvider, enabled: false } },
    { missing: true, heard: { seen: [] }, lastCertificate: "AA" },
  ],
];

for (const [definition, rows] of [
  [hubTokenDefinition, [...TOKENS, ...DAMAGED]],
  [repoVisibilityDefinition, [...REPOSITORIES, ...DAMAGED]],
  [ssoConfigDefinition, [...CONFIGURATIONS, ...DAMAGED]],
] as const) {
  describe(`${definition.type} reads what version 1 kept, and`, () => {
    for (const [title, before, after] of rows) {
      it(title, () => assert.deepEqual(definition.migrate?.(before, 1), after));
    }
  });
}

describe("A state of version 1 with damaged data of what was applied", () => {
  const token = {
    ...{ owner: "0123abcd", name: "mine", overlapHours: 24, idleMinutes: 60, recreateIfInvalid: false },
    ...{ tokenId: "mine", hubName: "mine", createdAt: CREATED, expiryEnforced: false, status: "active" },
    predecessors: [],
  };
  const model = { repo: "acme/llm", repoType: "model", visibility: "private", onDestroy: "retain" };
  for (const [definition, kept, sound] of [
    [hubTokenDefinition, token, {}],
    [repoVisibilityDefinition, model, { visibility: "private" }],
  ] as const) {
    it(`is an error for ${definition.type}, and not a state in which nothing was applied`, () => {
      const read = (applied: unknown) => readState(definition, { ...kept, applied, stateVersion: 1 });
      assert.ok(read(sound)["applied"]);
      for (const applied of ["text", 7]) assert.throws(() => read(applied), /is damaged: applied/);
    });
  }
});
