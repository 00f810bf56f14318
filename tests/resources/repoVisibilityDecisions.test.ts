// What a RepoVisibility decides from what is declared, what was last sent and what the Hub shows, on plain data.
import assert from "node:assert/strict";
import { type ConfigurableRepoType, VISIBILITIES } from "../../provider/src/client/types";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { type Gated, type Visibility } from "../../provider/src/client";
import {
  checkFailures,
  decide,
  isChangedOutside,
  isPending,
  longForm,
} from "../../provider/src/resources/repoVisibility/decisions";
import { type View } from "../../provider/src/hub/repositoryView";
import { recognized } from "../../provider/src/resources/repoVisibility/view";
import { noted } from "../../provider/src/rules/intent";
import { inputsWith, open, stateWith } from "../support/repoVisibility";

/** Reads "public auto x": a visibility, a gate ("ungated" for none) and a reason of one letter. */
function from(words: string): { visibility?: Visibility; gated?: Gated; acknowledgePublic?: string } {
  return Object.assign(
    {},
    ...words.split(" ").map((word) => {
      if (word === "ungated") return { gated: false };
      if (word === "auto" || word === "manual") return { gated: word };
      return word.length > 1 ? { visibility: word } : word && { acknowledgePublic: word };
    }),
  ) as ReturnType<typeof from>;
}

/** Reads "private/internal auto": the values that the Hub may hold. */
function viewFrom(words: string): View {
  const [visibilities = "", gates] = words.split(" ").map((word) => word.split("/"));
  const gateOf = (word: string) => (word === "ungated" ? false : (word as Gated));
  return { visibilities: visibilities as Visibility[], ...(gates && { gates: gates.map(gateOf) }) };
}

describe("RepoVisibility, in a check of its arguments,", () => {
  const reasons = (changes: object, declaredBy = new Map<string, string>()): string[] =>
    checkFailures(inputsWith(changes), undefined, { declaredBy, declarer: inputsWith(changes).owner }).map(
      ({ property, reason }) => `${property}: ${reason}`,
    );

  const ALLOWED: Record<ConfigurableRepoType, string> = {
    model: "private, internal, public",
    dataset: "private, internal, public",
    space: "private, internal, protected, public",
    bucket: "private, public",
  };
  for (const repoType of Object.keys(ALLOWED) as ConfigurableRepoType[]) {
    it(`accepts for a ${repoType} only ${ALLOWED[repoType]}`, () => {
      for (const visibility of VISIBILITIES) {
        const allowed = ALLOWED[repoType].split(", ").includes(visibility);
        assert.deepEqual(
          reasons({ ...open, repoType, visibility }),
          allowed
            ? []
            : [
                `visibility: "${visibility}" is not possible for a ${repoType}; allowed: ${ALLOWED[repoType]}`,
              ],
        );
      }
    });
  }

  it("accepts a gate only for models and datasets", () => {
    for (const repoType of ["space", "bucket"]) {
      assert.deepEqual(reasons({ repoType, gated: false }), [
        `gated: is not possible for a ${repoType}: only models and datasets can be gated`,
      ]);
    }
    for (const repoType of ["model", "dataset"]) assert.deepEqual(reasons({ repoType, gated: "auto" }), []);
  });

  it("requires a reason for a repository that outsiders see", () => {
    const missing = (visibility: string, repo = "acme/llm") => [
      `acknowledgePublic: is required with visibility "${visibility}": say why outsiders may see ${repo}`,
    ];
    assert.deepEqual(reasons({ visibility: "public" }), missing("public"));
    assert.deepEqual(reasons({ repoType: "space", visibility: "protected" }), missing("protected"));
    assert.deepEqual(reasons({ repo: UNKNOWN, visibility: "public" }), missing("public", "the repository"));
    assert.deepEqual(reasons({ visibility: "internal" }), []);
  });

  it("requires no reason again for a visibility that the stack already has, as with ignoreChanges", () => {
    const inputs = inputsWith({ visibility: "public" });
    const failures = (previous: object) =>
      checkFailures(inputs, inputsWith(previous), { declaredBy: new Map(), declarer: inputs.owner }).length;
    assert.equal(failures({ visibility: "public" }), 0);
    assert.equal(failures({ visibility: "protected" }), 1);
  });

  it("refuses the short form together with the long form", () =>
    assert.deepEqual(reasons({ private: true }), [
      "private: is the short form of visibility: give only one of the two",
    ]));

  it("does not judge values that are known only during the run", () => {
    for (const changes of [
      { repoType: UNKNOWN, gated: "auto" },
      { repoType: UNKNOWN, visibility: "internal" },
      { repoType: "bucket", visibility: UNKNOWN },
      { owner: UNKNOWN },
    ]) {
      assert.deepEqual(reasons(changes), []);
    }
  });

  it("refuses two resources that declare one repository in the same run", () => {
    const declaredBy = new Map([["SsoConfig acme/sso", "another resource"]]);
    const declares = (owner: string, repo: string) => reasons({ owner, repo }, declaredBy);
    const twice = (repo: string) => [
      `repo: another RepoVisibility of this stack already manages ${repo}. They would revert each other: keep one of the two`,
    ];
    assert.deepEqual(declares("a", "acme/one"), []);
    assert.deepEqual(declares("a", "acme/one"), [], "the same resource again");
    assert.deepEqual(declares("c", "acme/other"), []);
    assert.deepEqual(declares("b", "acme/one"), twice("acme/one"));
    assert.deepEqual(declares("b", "ACME/One"), twice("ACME/One"), "the Hub ignores the case of names");
    assert.deepEqual(reasons({ owner: "b", repo: "acme/one", repoType: "dataset" }, declaredBy), []);
    assert.deepEqual(declares("a", "acme/two"), [], "a resource may declare another repository than before");
    assert.deepEqual(declares("b", "acme/one"), []);
    assert.deepEqual(declares("b", "acme/two"), twice("acme/two"));
    assert.deepEqual(declares("b", "acme/other"), twice("acme/other"));
    assert.deepEqual(
      ["SsoConfig acme/sso", "RepoVisibility model/acme/two"].map((key) => declaredBy.get(key)),
      ["another resource", "a"],
    );
    assert.deepEqual(reasons({ owner: "d", repo: "acme/two" }), [], "each run has its own map");
  });
});

describe("RepoVisibility converts the short form to the long form:", () => {
  for (const [given, prepared] of [
    [{ private: true }, { visibility: "private" }],
    [{ private: false }, { visibility: "public" }],
    [{ private: UNKNOWN }, { visibility: UNKNOWN }],
    [{ private: "yes" }, { private: "yes" }],
    [{}, {}],
    [
      { private: true, visibility: "internal" },
      { private: true, visibility: "internal" },
    ],
  ]) {
    it(`${JSON.stringify(given)} becomes ${JSON.stringify(prepared)}`, () =>
      assert.deepEqual(longForm({ repo: "acme/llm", ...given }), { repo: "acme/llm", ...prepared }));
  }
});

describe("RepoVisibility decides what it sends and what it refuses", () => {
  const REFUSED = {
    visibility:
      /^acme\/llm was made \S+( or \S+)* on the Hub after this program set it to \w+\. It is not made \w+ automatically/,
    "other repository":
      /^acme\/llm is \w+ on the Hub, and this program did not set that: it is a different repository with the same name/,
    "missing reason": /it is not made public without a reason: say in acknowledgePublic/,
    gate: /acme\/llm has gated: "\w+" on the Hub, which this program did not set/,
    "unseen visibility":
      /^With these credentials, the Hub does not show whether model acme\/llm is .* the permission org\.read\./,
    "unseen gate":
      /The Hub does not say whether model acme\/llm is gated, .* declare gated: "manual", or leave gated out\./,
  };
  // Last applied ("" for a creation), declared, on the Hub; then what is sent and what is refused.
  const TABLE: [string, string, string, string, (keyof typeof REFUSED)?][] = [
    // A creation takes over, tightens, and widens with the approval that the check requires.
    ["", "private", "private", ""],
    ["", "private auto", "internal ungated", "private auto"],
    ["", "public x", "private", "public"],
    ["", "private ungated", "private manual", "ungated"],
    ["", "public", "private", "", "missing reason"],
    // A difference is sent if the Hub is as applied; a gate that is not declared is left alone.
    ["private", "private", "private manual", ""],
    ["private", "private", "public", "private"],
    ["private", "internal", "private", "internal"],
    ["private", "public x", "private", "public"],
    ["private", "public", "private", "", "missing reason"],
    ["private", "public", "public", ""],
    ["private auto", "private ungated", "private auto", "ungated"],
    ["private", "private auto", "private manual", "auto"],
    // What someone narrowed is widened only for a new reason.
    ["public x", "public x", "private", "", "visibility"],
    ["public x", "internal x", "private", "", "visibility"],
    ["public x", "internal", "private", "", "visibility"],
    ["public x", "public y", "private", "public"],
    ["public x", "private", "internal", "private"],
    ["private auto", "private auto", "private ungated", "auto"],
    ["private manual", "private manual", "private auto", "manual"],
    ["private ungated", "private ungated", "private auto", "", "gate"],
    ["private auto", "private ungated", "private manual", "", "gate"],
    ["private auto", "private auto x", "private manual", "auto"],
    // A narrowing is sent even if something else is refused.
    ["public manual x", "public manual x", "private auto", "manual", "visibility"],
    ["private auto", "private auto", "public manual", "private", "gate"],
    ["public auto x", "public auto x", "private manual", "", "visibility"],
    // What cannot be seen exactly is decided for each possible value.
    ["", "private", "private/internal", "private"],
    ["private", "private", "private/internal", "private"],
    ["internal", "internal", "private/internal", ""],
    ["private", "internal", "private/internal", "internal"],
    ["public x", "public x", "private/internal", "", "visibility"],
    ["public x", "internal x", "private/internal", "", "unseen visibility"],
    ["private x", "public x", "private/internal/public", "", "unseen visibility"],
    ["public x", "public x", "private/internal/public", ""],
    ["private manual", "private manual", "private manual/auto/ungated", "manual"],
    ["private auto", "private ungated", "private manual/auto/ungated", "", "unseen gate"],
    ["private auto", "private auto", "internal manual/auto/ungated", "private", "unseen gate"],
  ];
  for (const [applied, declared, hub, sends, refuses] of TABLE) {
    const title =
      `sends ${sends || "nothing"}${refuses ? ` and refuses the ${refuses}` : ""} ` +
      `if ${applied || "nothing"} was applied, ${declared} is declared, and the Hub has ${hub}`;
    it(title, () => {
      const { changes, refusal } = decide(
        inputsWith(from(declared)),
        applied ? stateWith(from(applied)) : undefined,
        viewFrom(hub),
      );
      const whole = { repoType: "model", visibility: undefined, gated: undefined };
      assert.deepEqual({ ...whole, ...Object.assign({}, ...changes) }, { ...whole, ...from(sends) });
      if (refuses) assert.match(refusal ?? "", REFUSED[refuses]);
      else assert.equal(refusal, undefined);
    });
  }

  it("sends a narrower visibility separately, before the gate", () => {
    const changes = (declared: string, hub: string) =>
      decide(inputsWith(from(declared)), stateWith(from("private auto")), viewFrom(hub)).changes.map(
        ({ visibility, gated }) => [visibility, gated].filter((each) => each !== undefined).join(" "),
      );
    assert.deepEqual(changes("private manual", "public auto"), ["private", "manual"]);
    assert.deepEqual(changes("public manual x", "private auto"), ["public manual"]);
    assert.deepEqual(changes("private auto", "private auto"), []);
  });

  it("reports what someone changed and how to proceed", () => {
    const refusal = (declared: object, view: View) =>
      decide(inputsWith(declared), stateWith(declared), view).refusal;
    assert.equal(
      refusal(open, viewFrom("private")),
      "acme/llm was made private on the Hub after this program set it to public. It is not made public automatically, because someone may have " +
        'narrowed it on purpose. Declare visibility: "private" to keep it, or give a new reason in acknowledgePublic to widen it.',
    );
    assert.equal(
      refusal({ gated: "auto" }, viewFrom("private manual")),
      'acme/llm has gated: "manual" on the Hub, which this program did not set. It is not loosened to "auto" automatically. ' +
        'Declare gated: "manual" to keep it, or give a new reason in acknowledgePublic to loosen it.',
    );
    const both = refusal({ ...open, gated: "auto" }, viewFrom("private manual")) ?? "";
    assert.match(both, REFUSED.visibility);
    assert.match(both, REFUSED.gate);
  });

  it("ignores a reason until another repository was reported, but remembers that it was given", () => {
    for (const state of [stateWith({ unreported: true }), stateWith({ status: "missing" })]) {
      const inputs = inputsWith(open);
      const { refusal, heard } = decide(inputs, { ...state, applied: undefined }, viewFrom("private"));
      assert.match(refusal ?? "", REFUSED["other repository"]);
      assert.deepEqual(heard, noted(undefined, open.acknowledgePublic));
    }
  });

  it("keeps for each facet what counts as applied", () => {
    const state = stateWith({ ...open, gated: "auto" });
    const applied = (declared: object, hub: string) =>
      decide(inputsWith({ ...open, ...declared }), state, viewFrom(hub)).applied;
    assert.deepEqual(applied({ gated: "manual" }, "private auto"), { visibility: "public", gated: "manual" });
    assert.deepEqual(applied({ visibility: "internal" }, "public"), {
      visibility: "internal",
      gated: undefined,
    });
    assert.deepEqual(applied({ acknowledgePublic: undefined }, "private"), {
      visibility: "public",
      gated: undefined,
    });
  });
});

describe("RepoVisibility recognizes a repository", () => {
  const state = stateWith({ identity: "a", tried: { visibility: "public", gated: "auto" }, gated: "manual" });
  const look = (hub: string, identity?: string) => ({ ...viewFrom(hub), ...(identity && { identity }) });

  it("by its identity, which it keeps while the Hub does not show it", () => {
    for (const identity of ["a", undefined])
      assert.deepEqual(recognized({ ...state, tried: undefined }, look("private", identity)), {
        ...state,
        tried: undefined,
      });
  });
  it("and forgets what was applied to another or a missing one, but not the reasons", () => {
    const forgotten = {
      ...{ ...state, applied: undefined, appliedAt: undefined, tried: undefined },
      ...{ unreported: true, status: "active" },
    };
    assert.deepEqual(recognized(state, look("private", "b")), { ...forgotten, identity: "b" });
    const gone = { ...state, status: "missing" } as const;
    assert.deepEqual(recognized(gone, look("private", "a")), { ...forgotten, identity: "a" });
    const open = { seen: ["1"], open: { reason: "1", hub: "2" } };
    assert.deepEqual(recognized({ ...state, heard: open }, look("private", "b")).heard, { seen: ["1"] });
  });
  it("without an identity if it is as applied", () => {
    const { identity: _, ...unknown } = stateWith();
    assert.equal(recognized(unknown, look("private", "b")).identity, "b");
    assert.equal(recognized(unknown, look("private/internal", "b")).identity, "b");
    assert.equal(recognized(unknown, look("public", "b")).identity, undefined);
    assert.equal(recognized({ ...unknown, applied: undefined }, look("private", "b")).identity, undefined);
  });
  it("and forgets what was tried and did not arrive", () => {
    const { tried } = recognized(state, look("private"));
    assert.deepEqual(tried, { visibility: undefined, gated: "auto" });
    assert.equal(recognized(state, look("private manual")).tried, undefined);
    assert.deepEqual(recognized(state, look("private/internal manual")).tried, {
      visibility: "public",
      gated: undefined,
    });
  });
  it("and counts as applied what was tried and arrived", () => {
    const applied = (hub: string) => recognized(state, look(hub)).applied;
    assert.deepEqual(applied("public auto"), { visibility: "public", gated: "auto" });
    assert.deepEqual(applied("public manual"), { visibility: "public", gated: "manual" });
    assert.deepEqual(applied("private/internal auto"), { visibility: "private", gated: "auto" });
    assert.deepEqual(applied("internal"), { visibility: "private", gated: "manual" });
  });
});

describe("RepoVisibility needs an update, although no argument changed,", () => {
  // Last applied, declared, on the Hub.
  for (const [applied, declared, hub, pending] of [
    ["private", "private", "private", false],
    ["internal", "private", "private", true],
    ["private", "private", "public", true],
    ["public x", "public y", "public", false],
    ["private", "private", "private/internal", false],
    ["internal", "private", "private/internal", true],
    ["private auto", "private auto", "private auto", false],
    ["private auto", "private", "private", true],
    ["private", "private auto", "private auto", true],
    ["private auto", "private auto", "private manual", true],
    ["private auto", "private auto", "private", true],
  ] as const) {
    it(`${pending ? "if" : "but not if"} ${applied} was applied, ${declared} is declared, and the Hub has ${hub}`, () =>
      assert.equal(isPending(inputsWith(from(declared)), stateWith(from(applied)), viewFrom(hub)), pending));
  }
  it("if another repository must be reported", () =>
    assert.ok(isPending(inputsWith(), stateWith({ unreported: true }), viewFrom("private"))));

  // No update can settle a missing repository, so only a narrowing is tried each time.
  for (const [seen, declared, pending] of [
    ["public", "private", true],
    ["private auto", "private manual", true],
    ["private", "public x", false],
    ["private manual", "private auto", false],
    ["private auto", "private", false],
    ["private", "private", false],
  ] as const) {
    it(`${pending ? "if" : "but not if"} it is missing, was ${seen}, and ${declared} is declared`, () => {
      const state = stateWith({ status: "missing", applied: undefined });
      assert.equal(isPending(inputsWith(from(declared)), state, viewFrom(seen)), pending);
    });
  }
});

describe("RepoVisibility considers a visibility to be someone else's change", () => {
  for (const [title, visibility, applied, expected] of [
    ["if it is neither applied nor declared", "internal", "private", true],
    ["but not if it was applied", "private", "private", false],
    ["but not if it is declared, because an interrupted run may have sent it", "public", "private", false],
    ["but not if nothing counts as applied", "internal", undefined, false],
    ["but not if it cannot be seen exactly", undefined, "private", false],
  ] as const) {
    it(title, () =>
      assert.equal(isChangedOutside(inputsWith(open), visibility, { visibility: applied }), expected),
    );
  }
});
