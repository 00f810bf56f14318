// What a RepoVisibility decides, on plain data: what is declared, what was sent last, and what the Hub shows.
import assert from "node:assert/strict";
import { type ConfigurableRepoType, VISIBILITIES } from "../../provider/src/client/types";
import { UNKNOWN } from "../../provider/src/model/unknown";
import {
  assumedIfNotPublic,
  assumeWorst,
  checkFailures,
  decide,
  isChangedOutside,
  isPending,
  longForm,
  type Observation,
  refusalToLoosen,
} from "../../provider/src/resources/repoVisibility/decisions";
import {
  type RepoVisibilityInputs as Inputs,
  type RepoVisibilityState as State,
} from "../../provider/src/resources/repoVisibility/model";
import { inMemory } from "../support/inMemory";
import { inputsWith, open, stateWith } from "../support/repoVisibility";

const observed = (current: Partial<Observation>): Observation => ({
  visibility: "private",
  told: "exactly",
  ...current,
});

/** What "public auto x" means, and what the Hub tells: the visibility, the gate ("ungated" is none), a reason of one letter. */
function from(words: string): Partial<Inputs & Observation> {
  return Object.assign(
    {},
    ...words.split(" ").map((word) => {
      if (word === "untold") return { visibility: "public", told: "nothing" };
      if (word === "not-public") return { told: "not public" };
      if (word === "ungated") return { gated: false };
      if (word === "auto" || word === "manual") return { gated: word };
      return word.length > 1 ? { visibility: word } : word && { acknowledgePublic: word };
    }),
  ) as Partial<Inputs & Observation>;
}

describe("RepoVisibility checks its arguments", () => {
  const reasons = (changes: object, declaredBy = new Map<string, string>()): string[] =>
    checkFailures(inputsWith(changes), declaredBy).map(({ property, reason }) => `${property}: ${reason}`);

  const ALLOWED: Record<ConfigurableRepoType, string> = {
    model: "private, internal, public",
    dataset: "private, internal, public",
    space: "private, internal, protected, public",
    bucket: "private, public",
  };
  for (const repoType of Object.keys(ALLOWED) as ConfigurableRepoType[]) {
    it(`a ${repoType} can be ${ALLOWED[repoType]}`, () => {
      for (const visibility of VISIBILITIES) {
        const allowed = ALLOWED[repoType].split(", ").includes(visibility);
        assert.deepEqual(
          reasons({ ...open, repoType, visibility }),
          allowed
            ? []
            : [`visibility: "${visibility}" is not for a ${repoType}; allowed: ${ALLOWED[repoType]}`],
        );
      }
    });
  }

  it("only models and datasets can be gated", () => {
    for (const repoType of ["space", "bucket"]) {
      assert.deepEqual(reasons({ repoType, gated: false }), [
        `gated: is not for a ${repoType}: only models and datasets can be gated`,
      ]);
    }
    for (const repoType of ["model", "dataset"]) assert.deepEqual(reasons({ repoType, gated: "auto" }), []);
  });

  it("a repository that outsiders see needs a reason", () => {
    const missing = (visibility: string, repo = "acme/llm") => [
      `acknowledgePublic: is required with visibility "${visibility}": say why outsiders may see ${repo}`,
    ];
    assert.deepEqual(reasons({ visibility: "public" }), missing("public"));
    assert.deepEqual(reasons({ repoType: "space", visibility: "protected" }), missing("protected"));
    assert.deepEqual(reasons({ repo: UNKNOWN, visibility: "public" }), missing("public", "the repository"));
    assert.deepEqual(reasons({ visibility: "internal" }), []);
  });

  it("the short form and the long form exclude each other", () =>
    assert.deepEqual(reasons({ private: true }), [
      "private: is the short form of visibility: give one of the two",
    ]));

  it("values that only the run knows are not judged", () => {
    for (const changes of [
      { repoType: UNKNOWN, gated: "auto" },
      { repoType: UNKNOWN, visibility: "internal" },
      { repoType: "bucket", visibility: UNKNOWN },
      { owner: UNKNOWN },
    ]) {
      assert.deepEqual(reasons(changes), []);
    }
  });

  it("two resources cannot declare one repository in the same run", () => {
    const declaredBy = new Map([["SsoConfig acme/sso", "another resource"]]);
    const declares = (owner: string, repo: string) => reasons({ owner, repo }, declaredBy);
    const twice = (repo: string) => [
      `repo: another RepoVisibility of this stack declares ${repo} too. Two would undo each other: keep one`,
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
    assert.deepEqual(reasons({ owner: "d", repo: "acme/two" }), [], "each run has a map of its own");
  });
});

describe("RepoVisibility replaces the short form by the long one", () => {
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
      /^acme\/llm was made \w+ on the Hub since it was last \w+ by this program, and it is not made \w+ again/,
    gate: /^Access to acme\/llm was made gated: "\w+" on the Hub since, and it is not loosened to .* again/,
    "unknown visibility":
      /^The Hub does not say whether model acme\/llm is private: .* the permission org\.read\)\.$/,
    "unknown gate":
      /^The Hub does not say whether model acme\/llm is gated, .* declare gated: "manual", or leave gated out\.$/,
  };
  // Sent last, declared, on the Hub: what is sent, and what is refused.
  const TABLE: [string, string, string, string, (keyof typeof REFUSED)?][] = [
    // What differs is sent, and a gate that is not declared is left alone.
    ["", "private", "private", ""],
    ["", "private", "private manual", ""],
    ["", "private auto", "internal ungated", "private auto"],
    ["", "public x", "private", "public"],
    ["private", "private", "public", "private"],
    ["private", "internal", "private", "internal"],
    ["private auto", "private ungated", "private auto", "ungated"],
    // What is not public may be wider than private.
    ["", "private", "private not-public", "private"],
    ["internal", "internal", "internal not-public", ""],
    // What someone narrowed is widened only for a new reason.
    ["public x", "public x", "private", "", "visibility"],
    ["public x", "internal", "private", "", "visibility"],
    ["public x", "protected x", "internal", "", "visibility"],
    ["public x", "public y", "private", "public"],
    ["public x", "private", "internal", "private"],
    ["private auto", "private auto", "private ungated", "auto"],
    ["private manual", "private manual", "private ungated", "manual"],
    ["private manual", "private manual", "private auto", "manual"],
    ["private ungated", "private ungated", "private auto", "", "gate"],
    ["private ungated", "private ungated", "private manual", "", "gate"],
    ["private auto", "private auto", "private manual", "", "gate"],
    ["private auto", "private auto x", "private manual", "auto"],
    // What has to become narrower is sent even if something else is refused.
    ["public manual x", "public manual x", "private auto", "manual", "visibility"],
    ["private auto", "private auto", "public manual", "private", "gate"],
    ["public auto x", "public auto x", "private manual", "", "visibility"],
    // What the Hub does not tell is only set to what lets the fewest people in.
    ["", "private", "untold", "private"],
    ["public x", "public x", "untold", "", "unknown visibility"],
    ["", "private manual", "private", "manual"],
    ["", "private ungated", "private", "", "unknown gate"],
    ["public auto x", "private auto", "public", "private", "unknown gate"],
    ["", "private auto", "untold", "private", "unknown gate"],
    ["", "public manual x", "untold", "manual", "unknown visibility"],
    ["", "public manual x", "untold auto", "manual", "unknown visibility"],
    ["", "public ungated x", "untold auto", "", "unknown visibility"],
  ];
  for (const [applied, declared, current, sends, refuses] of TABLE) {
    const title =
      `sends ${sends || "nothing"}${refuses ? ` and refuses the ${refuses}` : ""} ` +
      `if ${applied || "nothing"} was sent last, ${declared} is declared, and the Hub has ${current}`;
    it(title, () => {
      const { settings, refusal } = decide(
        inputsWith(from(declared)),
        observed(from(current)),
        applied ? stateWith(from(applied)).applied : undefined,
      );
      const whole = { repoType: "model", visibility: undefined, gated: undefined, ...from(sends) };
      assert.deepEqual(settings, sends ? whole : undefined);
      if (refuses) assert.match(refusal ?? "", REFUSED[refuses]);
      else assert.equal(refusal, undefined);
    });
  }

  it("says what someone changed and how to go on", () => {
    const refusal = (declared: object, current: object) =>
      refusalToLoosen(stateWith(declared).applied, inputsWith(declared), observed(current));
    assert.equal(
      refusal(open, {}),
      "acme/llm was made private on the Hub since it was last public by this program, and it is not made public again automatically: someone " +
        'may have had a reason. Declare visibility: "private" to keep it so, or give a new reason in acknowledgePublic to widen it again.',
    );
    assert.equal(
      refusal({ gated: "auto" }, { gated: "manual" }),
      'Access to acme/llm was made gated: "manual" on the Hub since, and it is not loosened to "auto" again automatically. Declare what it ' +
        "is now, or give a new reason in acknowledgePublic.",
    );
  });
  it("refuses nothing of a value that only the run knows", () => {
    for (const changes of [{ gated: UNKNOWN }, { visibility: UNKNOWN }]) {
      const { applied } = stateWith({ ...open, gated: "auto" });
      const current = observed({ gated: "manual" });
      assert.equal(refusalToLoosen(applied, inputsWith(changes), current), undefined);
    }
  });
});

describe("RepoVisibility needs an update without a changed argument", () => {
  // Status, sent last, declared.
  for (const [status, applied, declared, pending] of [
    ["active", "private", "private", false],
    ["active", "internal", "private", true],
    ["active", "public x", "public y", true],
    // No update can settle what is missing, so only what has to become narrower is tried each time.
    ["missing", "public x", "private", true],
    ["missing", "private auto", "private manual", true],
    ["missing", "private", "private auto", true],
    ["missing", "private", "public x", false],
    ["missing", "public x", "public y", false],
    ["missing", "private manual", "private auto", false],
    ["missing", "private auto", "private", false],
    ["missing", "private", "private ungated", false],
  ] as const) {
    it(`${pending ? "if" : "not if"} it is ${status}, ${applied} was sent last, and ${declared} is declared`, () => {
      const state = { ...stateWith(), applied: stateWith(from(applied)).applied, status };
      assert.equal(isPending(inputsWith(from(declared)), state), pending);
    });
  }
});

describe("RepoVisibility takes a visibility for someone else's change", () => {
  for (const [title, visibility, told, expected] of [
    ["if it is neither what was sent nor what is declared", "internal", "exactly", true],
    ["also if the Hub only says that it is not public", "internal", "not public", true],
    ["not if it is what was sent", "private", "exactly", false],
    ["not if it is what is declared: an interrupted run may have sent it", "public", "exactly", false],
    ["not if the Hub does not tell it", "protected", "nothing", false],
  ] as const) {
    it(title, () =>
      assert.equal(isChangedOutside(inputsWith(open), { visibility, told }, stateWith().applied), expected),
    );
  }
});

describe("RepoVisibility fills in what the Hub does not tell", () => {
  const assumed = (state: State | undefined) => {
    const { context, said } = inMemory({});
    return [assumedIfNotPublic(state, context.log), said];
  };
  it("a repository that is not public counts as private, unless it was internal or protected", () => {
    for (const visibility of ["internal", "protected"] as const) {
      assert.deepEqual(assumed(stateWith({ visibility })), [
        visibility,
        [
          `warn these credentials may not list the organization's repositories, so whether this one is still ${visibility} or private cannot be told.`,
        ],
      ]);
    }
    for (const state of [undefined, stateWith(), stateWith(open)]) {
      assert.deepEqual(assumed(state), ["private", []]);
    }
  });

  const untold = "warn The Hub does not say whether model acme/llm is ";
  const MAKES = " To be sure, `pulumi up --refresh` makes it private.";
  const SENDS = " To be sure, `pulumi up --refresh` sends it.";
  for (const [title, state, current, expected, warning, next] of [
    ["nothing if all is told", "private auto", "internal manual", "internal manual"],
    ["nothing of a gate that is not declared", "private", "private", "private"],
    [
      "public for what has to be private, so that `up` closes it",
      "private",
      "untold",
      "public",
      "private",
      MAKES,
    ],
    [
      "the last known visibility, if it may be open",
      "internal x",
      "untold",
      "internal",
      "private",
      "org.read).",
    ],
    [
      "no gate if it has to be the narrowest, so that `up` sends it",
      "private manual",
      "private",
      "private ungated",
      "gated",
      SENDS,
    ],
    [
      "the last known gate, if it may be looser",
      "private auto",
      "private",
      "private auto",
      "gated",
      "leave gated out.",
    ],
  ] as const) {
    it(`a refresh assumes ${title}`, () => {
      const { context, said } = inMemory({});
      const seen = assumeWorst(stateWith(from(state)), observed(from(current)), context.log);
      const { visibility, gated } = from(expected);
      assert.deepEqual(seen, { visibility, gated });
      assert.equal(said.length, warning ? 1 : 0);
      if (warning) assert.ok(said[0]?.startsWith(untold + warning) && said[0].endsWith(next ?? ""), said[0]);
    });
  }
});
