import assert from "node:assert/strict";
import { type OrgRepository } from "../../provider/src/client";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { checkFailures, withRepoTypes } from "../../provider/src/resources/organizationVisibility/arguments";
import {
  compare,
  type Found,
  noteShown,
  shownOf,
  toNarrow,
} from "../../provider/src/resources/organizationVisibility/decisions";
import { organizationVisibilityDefinition as definition } from "../../provider/src/resources/organizationVisibility/lifecycle";
import {
  lookedUpInputs,
  type OrganizationVisibilityInputs,
  type OrganizationVisibilityState,
} from "../../provider/src/resources/organizationVisibility/model";
import { type RepoVisibilityInputs } from "../../provider/src/resources/repoVisibility/model";
import { repoVisibilityDefinition } from "../../provider/src/resources/repoVisibility/lifecycle";
import { noteDeclaredVisibility } from "../../provider/src/rules/visibility";
import { inMemory } from "../support/inMemory";

const inputsWith = (changes: object = {}): OrganizationVisibilityInputs => ({
  ...lookedUpInputs("acme"),
  ...changes,
});
const repository = (id: string, visibility = "public", type = "model"): OrgRepository => ({
  id: `acme/${id}`,
  type,
  visibility,
});
const exception = (repo: string, changes: object = {}) => ({
  ...{ repo: `acme/${repo}`, repoType: "model", visibility: "public", reason: "open" },
  ...changes,
});
const found = (repositories: OrgRepository[], changes: object = {}, declaredBy = new Map<string, string>()) =>
  compare(repositories, inputsWith(changes), declaredBy).found;

describe("comparison of an organization with the program", () => {
  it("finds what is wider than allowed: the widest first, then by name", () => {
    const all = [
      ...[repository("b"), repository("c", "private"), repository("d", "internal")],
      ...[repository("a", "protected", "space"), repository("a", "public", "dataset")],
    ];
    const brief = (changes: object) =>
      found(all, changes).map(({ repo, repoType, allowed, target }) =>
        [repo, repoType, allowed, target].join(" "),
      );
    assert.deepEqual(brief({}), [
      "acme/a dataset private private",
      "acme/b model private private",
      "acme/a space private private",
      "acme/d model private private",
    ]);
    assert.deepEqual(brief({ widest: "internal" }), [
      "acme/a dataset internal internal",
      "acme/b model internal internal",
      "acme/a space internal internal",
    ]);
    assert.deepEqual(brief({ widest: "protected" }), [
      "acme/a dataset protected internal",
      "acme/b model protected internal",
    ]);
    assert.deepEqual(brief({ widest: "public" }), []);
  });

  it("lets an exception widen, whatever the case of its name, and never narrow", () => {
    const all = [repository("Llm"), repository("llm", "public", "dataset")];
    const one = exception("LLM");
    assert.deepEqual(
      found(all, { exceptions: [one] }).map(({ repoType }) => repoType),
      ["dataset"],
    );
    const narrow = { widest: "internal", exceptions: [{ ...one, visibility: "private" }] };
    assert.deepEqual(found([repository("llm", "internal")], narrow), []);
    assert.deepEqual(compare(all, inputsWith({ exceptions: [exception("x")] }), new Map()).absent, [
      exception("x"),
    ]);
  });

  it("counts a visibility that this release does not know as public, and does not change it", () => {
    const [one] = found([repository("m", "secret")]);
    assert.deepEqual([one?.visibility, one?.target, one?.obstacle], ["public", undefined, "visibility"]);
    assert.deepEqual(found([repository("m", "secret")], { widest: "public" }), []);
  });

  it("does not change kernels and types that this release does not know", () => {
    for (const type of ["kernel", "galaxy"]) {
      const [one] = found([repository("m", "public", type)]);
      assert.deepEqual([one?.target, one?.obstacle], [undefined, "type"]);
    }
  });

  it("does not change what a RepoVisibility of this run declares, or may declare, wider", () => {
    const declared = (visibility: "private" | "public" | undefined) => {
      const declaredBy = new Map<string, string>();
      noteDeclaredVisibility(declaredBy, { repo: "acme/M", repoType: "model" }, visibility);
      return found([repository("m"), repository("m", "public", "dataset")], {}, declaredBy).map(
        ({ obstacle }) => obstacle,
      );
    };
    assert.deepEqual(declared("public"), [undefined, "declared"]);
    assert.deepEqual(declared(undefined), [undefined, "declared"], "a value that is not known yet");
    assert.deepEqual(declared("private"), [undefined, undefined]);
  });

  it("is noted by the check of a RepoVisibility", () => {
    const { context } = inMemory({});
    const check = (args: RepoVisibilityInputs): unknown =>
      repoVisibilityDefinition.check?.({ ...args, owner: "0123abcd" }, undefined, context, "0123abcd");
    check({
      repo: "acme/m",
      repoType: "model",
      visibility: "public",
      acknowledgePublic: "x",
      onDestroy: "retain",
    });
    assert.deepEqual(found([repository("m")], {}, context.declaredBy)[0]?.obstacle, "declared");
  });
});

describe("violations in the state", () => {
  it("are at most 100, and those that can be narrowed come before others", () => {
    const kernels = Array.from({ length: 100 }, (_, at) => repository(`a${at}`, "public", "kernel"));
    const shown = shownOf(found([...kernels, repository("z", "internal")]));
    assert.equal(shown.length, 100);
    assert.deepEqual(shown.at(-1)?.repo, "acme/z");
  });

  it("leave out names that are too long for the state, and keep the others", () => {
    const shown = shownOf(found([repository("a".repeat(20_000)), repository("b")]));
    assert.deepEqual(
      shown.map(({ repo }) => repo),
      ["acme/b"],
    );
  });
});

describe("what an update narrows", () => {
  const before = (violations: Found[], changes: object = {}): OrganizationVisibilityState => ({
    ...inputsWith(),
    violations,
    violationCount: violations.length,
    repositoryCount: 9,
    ...changes,
  });
  const both = found([repository("a"), repository("b")]);
  const [a, b] = both as [Found, Found];
  const inputs = { mode: "enforce" } as const;
  const narrowed = (state: OrganizationVisibilityState, reported = new Map<string, "new" | "recorded">()) =>
    toNarrow(both, state, inputs, { reported }).map(({ repo }) => repo);

  it("is what the state of an earlier run shows", () => {
    assert.deepEqual(narrowed(before([b])), ["acme/b"]);
    assert.deepEqual(narrowed(before(both)), ["acme/a", "acme/b"]);
    assert.deepEqual(toNarrow(both, before(both), { mode: "report" }, { reported: new Map() }), []);
  });

  it("is not what only the refresh of this run has shown", () => {
    const reported = new Map<string, "new" | "recorded">();
    noteShown([a, b], before([a]), { reported });
    noteShown([a, b], before([a, b]), { reported });
    assert.deepEqual(narrowed(before(both), reported), ["acme/a"]);
  });

  it("is not what a lookup of this run has recorded and the resource shows first", () => {
    const reported = new Map<string, "new" | "recorded">();
    noteShown([a], before([a]), { reported });
    noteShown([a], before([]), { reported });
    assert.deepEqual(narrowed(before(both), reported), ["acme/b"]);
  });

  it("is not what the last update found declared", () => {
    assert.deepEqual(narrowed(before(both, { onlyReported: ["model/acme/a"] })), ["acme/b"]);
  });
});

describe("exceptions of OrganizationVisibility", () => {
  const failures = (exceptions: unknown, changes: object = {}) =>
    checkFailures(withRepoTypes({ ...inputsWith(changes), exceptions }) as never).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );

  it("get the type model if they omit it", () => {
    assert.deepEqual(withRepoTypes({ exceptions: [{ repo: "acme/m" }, UNKNOWN, 1] }), {
      exceptions: [{ repo: "acme/m", repoType: "model" }, UNKNOWN, 1],
    });
    assert.deepEqual(withRepoTypes({ exceptions: UNKNOWN }), { exceptions: UNKNOWN });
  });

  for (const [what, exceptions, reasons] of [
    ["none", undefined, []],
    ["a valid one", [exception("m"), exception("m", { repoType: "dataset" })], []],
    ["a kernel", [exception("m", { repoType: "kernel" })], []],
    [
      "a duplicate",
      [exception("a"), exception("m"), exception("M", { repoType: undefined })],
      ["exceptions: item 2.repo: model acme/M is already in item 1; keep one of the two"],
    ],
    [
      "another organization",
      [exception("m"), exception("m", { repo: "acme-2/m" })],
      ["exceptions: item 1.repo: acme-2/m is not a repository of acme"],
    ],
    [
      "an impossible visibility",
      [exception("m", { visibility: "protected" })],
      [
        'exceptions: item 0.visibility: "protected" is not possible for a model; allowed: private, internal, public',
      ],
    ],
    [
      "an unknown part",
      [exception("m", { note: 1 })],
      ['exceptions: item 0: unknown property "note"; allowed: repo, repoType, visibility, reason'],
    ],
    [
      "values that are not known yet",
      [
        UNKNOWN,
        exception("m", { repo: UNKNOWN }),
        exception("m", { repoType: UNKNOWN, visibility: "protected" }),
      ],
      [],
    ],
    ["a list that is not known yet", UNKNOWN, []],
  ] as const) {
    it(`are checked: ${what}`, () => assert.deepEqual(failures(exceptions), reasons));
  }

  it("may belong to an organization that is not known yet", () =>
    assert.deepEqual(failures([exception("m")], { organization: UNKNOWN }), []));
});

describe("preview of OrganizationVisibility", () => {
  const state = (changes: object = {}): OrganizationVisibilityState => ({
    ...inputsWith(),
    violations: [{ repo: "acme/m", repoType: "model", visibility: "public", allowed: "private" }],
    violationCount: 1,
    repositoryCount: 2,
    limit: "private",
    ...changes,
  });
  const diff = (inputs: object, before: object = {}) => {
    const { context, said } = inMemory({});
    const result = definition.diff?.(state(before), inputsWith(inputs), [], context);
    return { changes: result?.changes, renews: result?.renews, said };
  };

  it("shows an update if there is something to narrow, and says what", () => {
    assert.equal(diff({}).changes, false);
    const { changes, renews, said } = diff({ mode: "enforce" });
    assert.deepEqual([changes, renews], [true, ["violations", "violationCount", "repositoryCount"]]);
    assert.deepEqual(said, ["info `pulumi up` narrows model acme/m from public to private."]);
  });

  it("shows no update for what is only reported or allowed now", () => {
    assert.equal(diff({ mode: "enforce" }, { onlyReported: ["model/acme/m"] }).changes, false);
    assert.equal(diff({ mode: "enforce", exceptions: [exception("m")] }).changes, false);
    assert.deepEqual(diff({ mode: "enforce", exceptions: UNKNOWN }).said, []);
  });

  it("shows an update if the limit is not the one of the last run", () =>
    assert.equal(diff({ widest: "public" }).changes, true));
});
