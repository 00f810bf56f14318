// Which arguments the schema of each resource accepts and refuses, and which saved state counts as damaged.
import assert from "node:assert/strict";
import { type Properties } from "../../provider/src/model/plain";
import { UNKNOWN } from "../../provider/src/model/unknown";
import { defaultsOf, normalise, validate } from "../../provider/src/model/validate";
import { samplesWith } from "../badInput/samples";
import { fixedCertificates } from "../rules/fixedCertificates";

const samples = samplesWith(fixedCertificates.p384);

/** The definition of the first sample with this name, with its valid arguments and state. */
function sampleOf(name: string) {
  const sample = samples.find((each) => each.name === name);
  assert.ok(sample, name);
  const { definition, inputs, state } = sample;
  const reasons = (changes: Properties): string[] =>
    validate(
      definition.schema,
      definition.secrets,
      normalise(definition.schema, { ...inputs, ...changes }),
    ).map(({ property, reason }) => `${property}: ${reason}`);
  const damaged = (changes: Properties): string | undefined => {
    try {
      definition.stateReader?.({ ...state, ...changes }, "");
      return undefined;
    } catch (error) {
      assert.equal((error as Error).name, "ShapeError");
      return (error as Error).message;
    }
  };
  return { definition, inputs, state, reasons, damaged };
}

/** Asserts that every value of the table is accepted. */
function takes(name: string, table: Record<string, readonly unknown[]>): void {
  const { reasons } = sampleOf(name);
  for (const [property, values] of Object.entries(table)) {
    for (const value of values) assert.deepEqual(reasons({ [property]: value }), [], property);
  }
}

/** Asserts that every value of the table is refused in these words. */
function refuses(name: string, table: Record<string, readonly (readonly [unknown, RegExp])[]>): void {
  const { reasons } = sampleOf(name);
  for (const [property, rows] of Object.entries(table)) {
    for (const [value, words] of rows) {
      const found = reasons({ [property]: value });
      assert.equal(found.length, 1, `${property}: ${found.join("\n")}`);
      assert.match(found[0] ?? "", words);
    }
  }
}

/** Asserts that the state is damaged with each value of `damages`, and with none of `whole`. */
function keeps(
  name: string,
  whole: Record<string, readonly unknown[]>,
  damages: Record<string, readonly (readonly [unknown, RegExp])[]>,
): void {
  const { damaged } = sampleOf(name);
  for (const [property, values] of Object.entries(whole)) {
    for (const value of values) assert.equal(damaged({ [property]: value }), undefined, property);
  }
  for (const [property, rows] of Object.entries(damages)) {
    for (const [value, words] of rows) assert.match(damaged({ [property]: value }) ?? "taken", words);
  }
}

describe("arguments", () => {
  for (const { name, definition, inputs, state } of samples) {
    it(`of ${name} accept good values, refuse unknown names and describe what is allowed`, () => {
      const { reasons } = sampleOf(name);
      assert.deepEqual(reasons({}), []);
      assert.match(reasons({ zzzzzzzzzz: 1 }).join("\n"), /^: unknown property "zzzzzzzzzz" Allowed: /);
      for (const [property, { description }] of Object.entries(definition.schema.properties)) {
        assert.match(String(description), /\w{4}/, property);
      }
      assert.equal(definition.stateReader?.(state, "") === undefined, false);
      assert.ok([1, 2].includes(definition.stateVersion));
      for (const property of definition.schema.required) {
        assert.match(
          validate(definition.schema, [], { ...inputs, [property]: undefined }).at(0)?.reason ?? "",
          /^is required: \S/,
        );
      }
    });
  }
});

describe("arguments of a RepoVisibility", () => {
  const name = "RepoVisibility of a model";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      repo: ["a/b", "acme/l-l.m_1", `${"a".repeat(96)}/${"b".repeat(96)}`],
      repoType: ["model", "dataset", "space", "bucket"],
      visibility: ["private", "internal", "protected", "public"],
      private: [true, false],
      gated: [false, "auto", "manual"],
      acknowledgePublic: ["x", "x".repeat(500)],
      onDestroy: ["retain", "private"],
      acceptUnseen: [true, false],
    });
    refuses(name, {
      owner: [["0123ABCD", /^owner: does not have the right form; set by the library/]],
      repo: [
        [undefined, /^repo: is required: "namespace\/name", such as "acme\/llm"$/],
        ["acme", /^repo: does not have the right form; "namespace\/name"/],
        ["acme/a/b", /^repo: does not have the right form/],
        ...["/acme/a", "acme/../x", "acme/a%2fb", "acme/a b", "acme/..", "ac..me/x"].map(
          (name) => [name, /^repo: does not have the right form/] as const,
        ),
        [7, /^repo: must be string, not number; "namespace\/name"/],
      ],
      repoType: [["kernel", /^repoType: must be one of "model", "dataset", "space", "bucket"$/]],
      visibility: [
        [
          undefined,
          /^visibility: is required: private, internal, protected, public \(or the short form private: true\)$/,
        ],
        ["hidden", /^visibility: must be one of "private", "internal", "protected", "public"$/],
      ],
      private: [["yes", /^private: must be boolean, not string; true or false$/]],
      gated: [[true, /^gated: must be one of false, "auto", "manual"$/]],
      acknowledgePublic: [
        [" \n", /^acknowledgePublic: does not have the right form; why outsiders may see the repository/],
        ["x".repeat(501), /^acknowledgePublic: must NOT have more than 500 characters; why outsiders/],
        [1, /^acknowledgePublic: must be string, not number/],
      ],
      onDestroy: [["delete", /^onDestroy: must be one of "retain", "private"$/]],
      acceptUnseen: [["yes", /^acceptUnseen: must be boolean, not string; true or false$/]],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      repoType: "model",
      onDestroy: "retain",
    });
  });
  it("decide the identity, the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.equal(definition.type, "RepoVisibility");
    assert.deepEqual(definition.replaceOn, ["repo", "repoType"]);
    assert.deepEqual(definition.secrets, []);
    assert.ok("sharedObject" in definition);
    assert.equal(
      definition.declaredObject?.({ repo: "acme/llm", repoType: "model" }),
      definition.sharedObject?.("model/acme/llm", {}),
    );
    assert.equal(definition.declaredObject?.({ repo: UNKNOWN, repoType: "model" }), undefined);
    assert.equal(definition.declaredObject?.({ repo: "acme/llm", repoType: UNKNOWN }), undefined);
    for (const [inputs, label] of [
      [{ repo: "acme/llm", repoType: "model" }, "of acme/llm"],
      [{ repo: "acme/llm" }, "of acme/llm"],
      [{ repo: "acme/d", repoType: "dataset" }, "of dataset acme/d"],
      [{}, "of "],
    ] as const) {
      assert.equal(definition.label(inputs), label);
    }
  });
  it("are checked when they are read from a state", () => {
    const visibilities = ["private", "internal", "protected", "public"];
    keeps(
      name,
      {
        owner: ["0123abcd", undefined],
        repoType: ["model", "dataset", "space", "bucket"],
        visibility: [...visibilities, undefined],
        gated: [false, "auto", "manual", undefined],
        acknowledgePublic: ["x", undefined],
        ...Object.fromEntries(
          ["applied", "tried"].map((facets) => [
            facets,
            [
              undefined,
              ...visibilities.map((visibility) => ({ visibility })),
              ...[false, "auto", "manual"].map((gated) => ({ gated })),
            ],
          ]),
        ),
        appliedAt: ["2026-01-01T00:00:00.000Z", undefined],
        seen: [{ visibilities }, { visibilities: ["public"], gates: [false, "auto", "manual"] }, undefined],
        heard: [{ seen: [] }, { seen: ["1"], open: { reason: "1", hub: "2" } }, undefined],
        identity: ["65a000000000000000000001", undefined],
        unreported: [true, undefined],
        status: ["active", "missing", undefined],
      },
      {
        owner: [[1, /^owner should be a string/]],
        repo: [["", /^repo should be a non-empty string/]],
        repoType: [["kernel", /^repoType should be one of model, dataset, space, bucket/]],
        visibility: [["hidden", /^visibility should be one of private, internal, protected, public/]],
        gated: [[true, /^gated should be one of false, auto, manual/]],
        acknowledgePublic: [[1, /^acknowledgePublic should be a string/]],
        applied: [
          ["private", /^applied should be an object/],
          [{ visibility: "hidden" }, /^applied.visibility should be one of private/],
          [{ gated: true }, /^applied.gated should be one of false, auto, manual/],
        ],
        tried: [[{ visibility: "hidden" }, /^tried.visibility should be one of private/]],
        appliedAt: [["yesterday", /^appliedAt should be a time/]],
        seen: [
          [{}, /^seen.visibilities should be a list/],
          [{ visibilities: [] }, /^seen.visibilities should not be empty/],
          [{ visibilities: ["hidden"] }, /^seen.visibilities\[0\] should be one of/],
          [{ visibilities: ["public"], gates: [] }, /^seen.gates should not be empty/],
        ],
        heard: [[{}, /^heard.seen should be a list/]],
        identity: [["", /^identity should be a non-empty string/]],
        unreported: [["yes", /^unreported should be true or false/]],
        status: [["gone", /^status should be one of active, missing/]],
      },
    );
  });
});

describe("arguments of an OrganizationVisibility", () => {
  const name = "OrganizationVisibility";
  const exception = { repo: "acme/llm", repoType: "model", visibility: "public", reason: "released" };
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      widest: ["private", "internal", "protected", "public"],
      exceptions: [
        undefined,
        [],
        [exception, { ...exception, repoType: "kernel" }],
        [UNKNOWN, { ...exception, repo: UNKNOWN }],
      ],
      mode: ["report", "enforce"],
      maxChanges: [1, 100],
    });
    refuses(name, {
      organization: [
        [undefined, /^organization: is required: the name of the organization/],
        ["../x", /^organization: does not have the right form/],
        [1, /^organization: must be string, not number/],
      ],
      widest: [["open", /^widest: must be one of "private", "internal", "protected", "public"$/]],
      exceptions: [
        ["all", /^exceptions: must be array, not string; at most 1000 exceptions/],
        [Array(1001).fill(exception), /^exceptions: must NOT have more than 1000 items/],
        [[exception, 1], /^exceptions: item 1: must be object, not number; an object with repo, repoType/],
        [[{ ...exception, repo: "acme" }], /^exceptions: item 0.repo: does not have the right form/],
        [[{ ...exception, repo: 1 }], /^exceptions: item 0.repo: must be string, not number/],
        [[{ ...exception, repoType: "x" }], /^exceptions: item 0.repoType: must be one of "model"/],
        [[{ ...exception, visibility: "x" }], /^exceptions: item 0.visibility: must be one of "private"/],
        [
          [{ ...exception, reason: " " }],
          /^exceptions: item 0.reason: does not have the right form; why more/,
        ],
        [
          [{ ...exception, reason: "x".repeat(501) }],
          /^exceptions: item 0.reason: must NOT have more than 500/,
        ],
        [[{ ...exception, reason: undefined }], /^exceptions: item 0: must have required property 'reason'/],
      ],
      mode: [["fix", /^mode: must be one of "report", "enforce"$/]],
      maxChanges: [
        [0, /^maxChanges: must be >= 1; a whole number from 1 to 100$/],
        [101, /^maxChanges: must be <= 100; a whole number/],
        [1.5, /^maxChanges: must be integer, not number; a whole number/],
      ],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      widest: "private",
      mode: "report",
      maxChanges: 10,
    });
  });
  it("decide the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.deepEqual(definition.replaceOn, ["organization"]);
    assert.deepEqual(definition.secrets, []);
    assert.equal(definition.label({ organization: "acme" }), "of acme");
  });
  it("are read back from a state, which is refused if it is damaged", () => {
    const violation = { repo: "acme/m", repoType: "galaxy", visibility: "public", allowed: "private" };
    keeps(
      name,
      {
        violations: [[], [violation]],
        limit: [undefined],
        onlyReported: [undefined],
        checkedAt: [undefined],
      },
      {
        organization: [[undefined, /^organization should be a non-empty string/]],
        exceptions: [[[{}], /^exceptions\[0\].repo should be a string/]],
        violations: [
          [undefined, /^violations should be a list/],
          [[{ ...violation, visibility: "x" }], /^violations\[0\].visibility should be one of private/],
        ],
        violationCount: [["1", /^violationCount should be a number/]],
        repositoryCount: [[undefined, /^repositoryCount should be a number/]],
        limit: [["x", /^limit should be one of private/]],
        onlyReported: [[[1], /^onlyReported\[0\] should be a string/]],
        checkedAt: [["today", /^checkedAt should be a time/]],
      },
    );
  });
});

describe("arguments of a ResourceGroup", () => {
  const name = "ResourceGroup";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      name: ["x", "x".repeat(200), "é 日本"],
      description: [undefined, "", "x".repeat(484)],
      autoJoin: [undefined, { role: "read" }, { role: "admin", scope: "read_plus" }],
      spendLimits: [undefined, {}, { total: 0, inferenceProviders: 1, spaces: 2, jobs: 3, endpoints: 4 }],
      members: [
        undefined,
        [],
        [{ user: "ada", role: "no_access" }],
        UNKNOWN,
        [{ user: UNKNOWN, role: "read" }],
      ],
      repositories: [undefined, [], [{ repo: "acme/m" }], [{ repo: "acme/s", repoType: "space" }]],
      forceDestroy: [true, false],
      recreateIfMissing: [true, false],
      acknowledgeOverwrite: [undefined, "x".repeat(500)],
    });
    refuses(name, {
      owner: [["", /^owner: does not have the right form/]],
      organization: [
        [undefined, /^organization: is required: the name of the organization/],
        ["../x", /^organization: does not have the right form/],
      ],
      name: [
        [undefined, /^name: is required: 1 to 200 characters without control characters$/],
        ["", /^name: must NOT have fewer than 1 characters; 1 to 200 characters/],
        ["x".repeat(201), /^name: must NOT have more than 200 characters/],
        ["a\nb", /^name: does not have the right form; 1 to 200/],
      ],
      description: [["x".repeat(485), /^description: must NOT have more than 484 characters/]],
      autoJoin: [
        ["read", /^autoJoin: must be object, not string; \{ role, scope \}$/],
        [{}, /^autoJoin: must have required property 'role'; \{ role, scope \}$/],
        [{ role: "owner" }, /^autoJoin: item role: must be one of "no_access", "read"/],
        [{ role: "read", scope: "some" }, /^autoJoin: item scope: must be one of "read_plus", "all"$/],
        [{ role: "read", scopes: "all" }, /^: autoJoin: unknown property "scopes"; did you mean "scope"/],
      ],
      spendLimits: [
        [{ totl: 5 }, /spendLimits: unknown property "totl"; did you mean "total"\? Allowed: total, inf/],
        [{ total: -1 }, /^spendLimits: item total: must be >= 0; a whole number of cents a month$/],
        [{ total: 1.5 }, /^spendLimits: item total: must be integer, not number; a whole number/],
      ],
      members: [
        ["ada", /^members: must be array, not string; a list of \{ user, role \}$/],
        [[{ user: "ada" }], /^members: item 0: must have required property 'role'; \{ user, role \}$/],
        [[{ user: "a/b", role: "read" }], /^members: item 0.user: does not have the right form/],
        [[{ user: "ada", role: "owner" }], /^members: item 0.role: must be one of "no_access"/],
        [Array(4001).fill({ user: "ada", role: "read" }), /^members: must NOT have more than 4000 items/],
      ],
      repositories: [
        [["acme/m"], /^repositories: item 0: must be object, not string; \{ repo, repoType \}$/],
        [[{ repo: "m" }], /^repositories: item 0.repo: does not have the right form; "namespace\/name"/],
        [[{ repo: "acme/k", repoType: "kernel" }], /^repositories: item 0.repoType: must be one of "model"/],
      ],
      forceDestroy: [["yes", /^forceDestroy: must be boolean, not string; true or false$/]],
      recreateIfMissing: [["yes", /^recreateIfMissing: must be boolean, not string; true or false$/]],
      acknowledgeOverwrite: [
        [" ", /^acknowledgeOverwrite: does not have the right form; why to revert/],
        ["x".repeat(501), /^acknowledgeOverwrite: must NOT have more than 500 characters/],
      ],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      forceDestroy: false,
      recreateIfMissing: false,
    });
  });
  it("decide the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.equal(definition.type, "ResourceGroup");
    assert.deepEqual(definition.replaceOn, ["organization"]);
    assert.deepEqual(definition.secrets, []);
    assert.equal(definition.label({ organization: "acme", name: "Research" }), '"Research" of acme');
  });
  it("are checked when they are read from a state", () =>
    keeps(
      name,
      {
        owner: ["0123abcd", undefined],
        name: ["x", undefined],
        members: [undefined, []],
        seen: [undefined, { facets: {}, people: {} }],
        status: ["active", "missing"],
      },
      {
        organization: [["", /^organization should be a non-empty string/]],
        members: [[[{ user: "ada" }], /^members\[0\].role should be one of no_access/]],
        applied: [
          [undefined, /^applied should be an object/],
          [{ autoJoin: 1 }, /^applied.autoJoin should be a string/],
        ],
        groupId: [["", /^groupId should be a non-empty string/]],
        complete: [[["people"], /^complete\[0\] should be one of members, repositories/]],
        status: [["gone", /^status should be one of active, missing/]],
      },
    ));
});

describe("arguments of a ServiceAccount", () => {
  const name = "ServiceAccount";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      name: ["x", "x".repeat(50), "é 日本"],
      description: [undefined, "", "x".repeat(484)],
      allowReplace: [true, false],
      forceDestroy: [true, false],
      recreateIfMissing: [true, false],
    });
    refuses(name, {
      owner: [["", /^owner: does not have the right form/]],
      organization: [
        [undefined, /^organization: is required: the name of the organization/],
        ["../x", /^organization: does not have the right form/],
      ],
      name: [
        [undefined, /^name: is required: 1 to 50 characters without control characters$/],
        ["", /^name: must NOT have fewer than 1 characters; 1 to 50 characters/],
        ["x".repeat(51), /^name: must NOT have more than 50 characters/],
        ["a\nb", /^name: does not have the right form; 1 to 50/],
        ["a\u0007", /^name: does not have the right form; 1 to 50/],
        [1, /^name: must be string, not number/],
      ],
      description: [
        [
          "x".repeat(485),
          /^description: must NOT have more than 484 characters; at most 484 characters \(the mark after it needs the rest of 500\)$/,
        ],
        [1, /^description: must be string, not number/],
      ],
      allowReplace: [["yes", /^allowReplace: must be boolean, not string; true or false$/]],
      forceDestroy: [["yes", /^forceDestroy: must be boolean, not string; true or false$/]],
      recreateIfMissing: [["yes", /^recreateIfMissing: must be boolean, not string; true or false$/]],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      allowReplace: false,
      forceDestroy: false,
      recreateIfMissing: false,
    });
  });
  it("decide the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.equal(definition.type, "ServiceAccount");
    assert.deepEqual(definition.replaceOn, ["organization", "name", "description"]);
    assert.deepEqual(definition.secrets, []);
    assert.equal(definition.label({ organization: "acme", name: "ci" }), '"ci" of acme');
    assert.equal(definition.label({}), '"" of ');
  });
  it("are checked when they are read from a state", () =>
    keeps(
      name,
      {
        owner: ["0123abcd", undefined],
        description: ["", undefined],
        status: ["active", "missing"],
      },
      {
        owner: [[1, /^owner should be a string/]],
        organization: [["", /^organization should be a non-empty string/]],
        name: [[undefined, /^name should be a string/]],
        description: [[1, /^description should be a string/]],
        accountId: [["", /^accountId should be a non-empty string/]],
        status: [["gone", /^status should be one of active, missing/]],
      },
    ));
});

describe("arguments of an SsoConfig", () => {
  const name = "SsoConfig with SAML";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      provider: ["saml", "oidc"],
      enabled: [true, false],
      ssoUrl: ["x", "x".repeat(2048)],
      certificate: ["x".repeat(10_000)],
      metadataXml: ["x".repeat(1_048_576)],
      metadataUrl: ["x".repeat(2048)],
      verifyIssuer: [true, false],
      clientId: ["x".repeat(1024)],
      clientSecret: ["x".repeat(1024)],
      warnBeforeDays: [0, 0.5, 3650],
      adopt: [true, false],
      acknowledgeOverwrite: ["x".repeat(500)],
      onDestroy: ["retain", "disable"],
    });
    refuses(name, {
      organization: [[undefined, /^organization: is required: the name of the organization/]],
      provider: [
        [undefined, /^provider: is required: saml or oidc$/],
        ["ldap", /^provider: must be one of "saml", "oidc"$/],
      ],
      enabled: [["yes", /^enabled: must be boolean, not string; true or false$/]],
      ssoUrl: [
        ["", /^ssoUrl: must NOT have fewer than 1 characters; an https URL of at most 2048 characters$/],
        ["x".repeat(2049), /^ssoUrl: must NOT have more than 2048 characters/],
        [1, /^ssoUrl: must be string/],
      ],
      certificate: [
        ["", /^certificate: must NOT have fewer than 1 characters; a PEM certificate of at most 10000/],
        ["x".repeat(10_001), /^certificate: must NOT have more than 10000 characters/],
        [1, /^certificate: must be string/],
      ],
      metadataXml: [
        ["", /^metadataXml: must NOT have fewer than 1 characters; SAML metadata of at most 1048576/],
        ["x".repeat(1_048_577), /^metadataXml: must NOT have more than 1048576 characters/],
        [1, /^metadataXml: must be string/],
      ],
      metadataUrl: [
        ["", /^metadataUrl: must NOT have fewer than 1 characters; an https URL of at most 2048/],
        ["x".repeat(2049), /^metadataUrl: must NOT have more than 2048 characters/],
        [1, /^metadataUrl: must be string/],
      ],
      verifyIssuer: [["yes", /^verifyIssuer: must be boolean, not string; true or false$/]],
      clientId: [
        ["", /^clientId: must NOT have fewer than 1 characters; 1 to 1024 characters$/],
        [1, /^clientId: must be string/],
      ],
      // Reported without the property, so that the engine does not print the value.
      clientSecret: [
        ["", /^: clientSecret: must NOT have fewer than 1 characters; 1 to 1024 characters$/],
        ["x".repeat(1025), /^: clientSecret: must NOT have more than 1024 characters/],
        [1, /^: clientSecret: must be string/],
      ],
      warnBeforeDays: [
        [-1, /^warnBeforeDays: must be >= 0; days, 0 to 3650$/],
        [3651, /^warnBeforeDays: must be <= 3650; days/],
        ["1", /^warnBeforeDays: must be number, not string/],
      ],
      adopt: [["yes", /^adopt: must be boolean, not string; true or false$/]],
      acknowledgeOverwrite: [
        [
          " ",
          /^acknowledgeOverwrite: does not have the right form; why to revert a change that someone made on the Hub/,
        ],
        ["x".repeat(501), /^acknowledgeOverwrite: must NOT have more than 500 characters/],
        [1, /^acknowledgeOverwrite: must be string/],
      ],
      onDestroy: [["private", /^onDestroy: must be one of "retain", "disable"$/]],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      enabled: true,
      verifyIssuer: true,
      warnBeforeDays: 30,
      adopt: false,
      onDestroy: "retain",
    });
  });
  it("decide the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.equal(definition.type, "SsoConfig");
    assert.deepEqual(definition.replaceOn, ["organization"]);
    assert.deepEqual(definition.secrets, ["clientSecret", "applied", "tried", "seen", "lastCertificate"]);
    assert.ok("sharedObject" in definition);
    assert.equal(
      definition.declaredObject?.({ organization: "acme" }),
      definition.sharedObject?.("acme/sso", {}),
    );
    assert.equal(definition.declaredObject?.({ organization: UNKNOWN }), undefined);
    assert.equal(definition.label({ organization: "acme" }), "of acme");
    assert.equal(definition.label({}), "of ");
  });
  it("are checked when they are read from a state", () => {
    const identityProvider = { provider: "saml" };
    const facets = { enabled: true, identityProvider };
    keeps(
      name,
      {
        provider: ["saml", "oidc"],
        enabled: [true, false],
        ssoUrl: ["", undefined],
        certificate: [undefined],
        clientId: ["", undefined],
        clientSecret: ["", undefined],
        applied: [undefined, {}, facets, { enabled: false, identityProvider: { provider: "oidc" } }],
        tried: [undefined, facets],
        seen: [undefined, { ...identityProvider, enabled: true }],
        heard: [undefined, { seen: [] }],
        unreported: [undefined, true],
      },
      {
        organization: [["", /^organization should be a non-empty string/]],
        provider: [["ldap", /^provider should be one of saml, oidc/]],
        enabled: [["yes", /^enabled should be true or false/]],
        ssoUrl: [[1, /^ssoUrl should be a string/]],
        certificate: [[1, /^certificate should be a string/]],
        clientId: [[1, /^clientId should be a string/]],
        clientSecret: [[1, /^clientSecret should be a string/]],
        applied: [
          [1, /^applied should be an object/],
          [{ enabled: 1 }, /^applied.enabled should be true or false/],
          ...(["provider", "ssoUrl", "clientId", "certificateFingerprint"] as const).map(
            (part) =>
              [
                { identityProvider: { ...identityProvider, [part]: 1 } },
                new RegExp(`^applied\\.identityProvider\\.${part} should be `),
              ] as const,
          ),
        ],
        tried: [[1, /^tried should be an object/]],
        seen: [
          [identityProvider, /^seen.enabled should be true or false/],
          [{ enabled: true }, /^seen.provider should be one of saml, oidc/],
        ],
        heard: [[{ seen: 1 }, /^heard.seen should be a list/]],
        appliedAt: [[1, /^appliedAt should be a string/]],
        missing: [[false, /^missing should be one of true/]],
        unreported: [[false, /^unreported should be one of true/]],
        lastCertificate: [[1, /^lastCertificate should be a string/]],
      },
    );
  });
});

const memory = {
  applied: [[1, /^applied should be a string/]],
  appliedAt: [["yesterday", /^appliedAt should be /]],
  tried: [[1, /^tried should be a string/]],
  seen: [
    [1, /^seen should be an object/],
    [{ value: 1 }, /^seen.value should be a string/],
  ],
  heard: [[{ seen: 1 }, /^heard.seen should be a list/]],
  identity: [["", /^identity should be /]],
  gone: [["yes", /^gone should be true or false/]],
  unreported: [["yes", /^unreported should be true or false/]],
  status: [["gone", /^status should be one of active, missing/]],
} as const;
const role = /^role: must be one of "no_access", "read", "contributor", "write", "admin"$/;
const groupId = /^groupId: does not have the right form; an id of the Hub: 24 hexadecimal digits$/;

describe("arguments of a MemberRole", () => {
  const name = "MemberRole";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      user: ["a", "Ana_Lopez", "ana.lopez-2"],
      role: ["no_access", "read", "contributor", "write", "admin"],
      onDestroy: ["retain", "read"],
      allowOwnDemotion: [true, false],
      acknowledgeOverwrite: ["x", "x".repeat(500)],
    });
    refuses(name, {
      organization: [[undefined, /^organization: is required/]],
      user: [
        [undefined, /^user: is required/],
        ["ana/b", /^user: does not have the right form/],
      ],
      role: [["owner", role]],
      onDestroy: [["remove", /^onDestroy: must be one of "retain", "read"$/]],
      allowOwnDemotion: [["yes", /^allowOwnDemotion: must be boolean/]],
      acknowledgeOverwrite: [
        [" ", /^acknowledgeOverwrite: does not have the right form; why to revert a change/],
        ["x".repeat(501), /^acknowledgeOverwrite: must NOT have more than 500 characters/],
      ],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      allowOwnDemotion: false,
      onDestroy: "retain",
    });
  });
  it("decide the replacement, the label and the object", () => {
    const { definition, inputs } = sampleOf(name);
    assert.deepEqual(definition.replaceOn, ["organization", "user"]);
    assert.equal(definition.label(inputs), "of ana in acme");
    assert.equal(definition.declaredObject?.({ ...inputs, role: UNKNOWN }), "acme/ana");
    assert.equal(definition.declaredObject?.({ ...inputs, user: UNKNOWN }), undefined);
    assert.equal(definition.identityOf?.({ ...inputs, organization: "Acme", identity: "1" }), "acme 1");
    assert.equal(definition.identityOf?.(inputs), undefined);
  });
  it("and its state are read again", () => {
    keeps(name, { role: [undefined], seen: [undefined, {}] }, memory);
  });
});

describe("arguments of a ResourceGroupMember", () => {
  const name = "ResourceGroupMember";
  it("accept only values within their limits, and have no defaults", () => {
    takes(name, { role: ["no_access", "read", "contributor", "write", "admin"] });
    refuses(name, {
      groupId: [
        [undefined, /^groupId: is required/],
        ["research", groupId],
        ["0123456789ABCDEF01234567", groupId],
      ],
      role: [["owner", role]],
      user: [["ana b", /^user: does not have the right form/]],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {});
  });
  it("decide the replacement, the label and the object", () => {
    const { definition, inputs } = sampleOf(name);
    const id = String(inputs["groupId"]);
    assert.deepEqual(definition.replaceOn, ["organization", "groupId", "user"]);
    assert.equal(definition.label(inputs), `of ana in ${id}`);
    assert.equal(definition.declaredObject?.(inputs), `acme/${id}/ana`);
    assert.equal(definition.declaredObject?.({ ...inputs, groupId: UNKNOWN }), undefined);
    assert.equal(definition.identityOf?.({ ...inputs, identity: "1" }), `acme/${id} 1`);
  });
  it("and its state are read again", () => keeps(name, { role: [undefined] }, memory));
});

describe("arguments of a RepoResourceGroup", () => {
  const name = "RepoResourceGroup";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, { repoType: ["model", "dataset", "space", "bucket"], onDestroy: ["retain", "remove"] });
    refuses(name, {
      repo: [["llm", /^repo: does not have the right form; "namespace\/name"/]],
      repoType: [["kernel", /^repoType: must be one of "model", "dataset", "space", "bucket"$/]],
      groupId: [["research", groupId]],
      onDestroy: [["read", /^onDestroy: must be one of "retain", "remove"$/]],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      repoType: "model",
      onDestroy: "retain",
    });
  });
  it("decide the replacement, the label and the object", () => {
    const { definition, inputs } = sampleOf(name);
    assert.deepEqual(definition.replaceOn, ["repo", "repoType"]);
    assert.equal(definition.label(inputs), "of dataset acme/corpus");
    assert.equal(definition.label({ ...inputs, repoType: "model" }), "of acme/corpus");
    assert.equal(definition.declaredObject?.(inputs), "dataset/acme/corpus");
    assert.equal(definition.declaredObject?.({ ...inputs, repoType: undefined }), undefined);
    assert.equal(definition.identityOf?.({ ...inputs, identity: "1" }), "1");
  });
  it("and its state are read again", () => keeps(name, { groupId: [undefined] }, memory));
});

describe("arguments of an SsoCredential", () => {
  const name = "SsoCredential with a certificate";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      clientSecret: ["x", "x".repeat(1024)],
      certificate: ["x".repeat(10_000)],
      metadataXml: ["x".repeat(1_048_576)],
      metadataUrl: ["x".repeat(2048)],
      warnBeforeDays: [0, 0.5, 3650],
      replaceExisting: [true, false],
    });
    refuses(name, {
      organization: [[undefined, /^organization: is required: the name of the organization/]],
      clientSecret: [
        ["", /^: clientSecret: must NOT have fewer than 1 characters; 1 to 1024 characters$/],
        ["x".repeat(1025), /^: clientSecret: must NOT have more than 1024 characters/],
        [1, /^: clientSecret: must be string/],
      ],
      certificate: [
        ["", /^certificate: must NOT have fewer than 1 characters; a PEM certificate of at most 10000/],
        ["x".repeat(10_001), /^certificate: must NOT have more than 10000 characters/],
        [1, /^certificate: must be string/],
      ],
      metadataXml: [
        ["", /^metadataXml: must NOT have fewer than 1 characters; SAML metadata of at most 1048576/],
        ["x".repeat(1_048_577), /^metadataXml: must NOT have more than 1048576 characters/],
        [1, /^metadataXml: must be string/],
      ],
      metadataUrl: [
        ["", /^metadataUrl: must NOT have fewer than 1 characters; an https URL of at most 2048/],
        ["x".repeat(2049), /^metadataUrl: must NOT have more than 2048 characters/],
        [1, /^metadataUrl: must be string/],
      ],
      warnBeforeDays: [
        [-1, /^warnBeforeDays: must be >= 0; days, 0 to 3650$/],
        [3651, /^warnBeforeDays: must be <= 3650; days/],
        ["1", /^warnBeforeDays: must be number, not string/],
      ],
      replaceExisting: [["yes", /^replaceExisting: must be boolean, not string; true or false$/]],
    });
    assert.deepEqual(defaultsOf(sampleOf(name).definition.schema), {
      warnBeforeDays: 30,
      replaceExisting: false,
    });
  });
  it("decide the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.equal(definition.type, "SsoCredential");
    assert.deepEqual(definition.replaceOn, ["organization"]);
    assert.deepEqual(definition.secrets, ["clientSecret"]);
    assert.ok("sharedObject" in definition);
    assert.equal(
      definition.declaredObject?.({ organization: "acme" }),
      definition.sharedObject?.("acme/sso", {}),
    );
    assert.equal(definition.declaredObject?.({ organization: UNKNOWN }), undefined);
    assert.equal(definition.label({ organization: "acme" }), "of acme");
    assert.equal(definition.label({}), "of ");
  });
  it("are checked when they are read from a state", () =>
    keeps(
      name,
      { clientSecret: ["", undefined], certificate: [undefined] },
      {
        organization: [["", /^organization should be a non-empty string/]],
        clientSecret: [[1, /^clientSecret should be a string/]],
        certificate: [[1, /^certificate should be a string/]],
      },
    ));
});

describe("arguments of a SpaceSecret", () => {
  const name = "SpaceSecret";
  it("accept only values within their limits, and have no defaults", () => {
    takes(name, {
      space: ["acme/demo", "A.b_c-d/E.f_g-h"],
      key: ["A", "api_key", "A1_", "K".repeat(200)],
      value: ["four", "    ", "x".repeat(100_000)],
      description: ["", "x".repeat(500)],
      acknowledgeOverwrite: ["x", "x".repeat(500)],
    });
    refuses(name, {
      space: [
        [undefined, /^space: is required: "namespace\/name" of the Space, such as "acme\/demo"$/],
        ["demo", /^space: does not have the right form; "namespace\/name" of the Space/],
        ["spaces/acme/demo", /^space: does not have the right form/],
        [`acme/${"x".repeat(97)}`, /^space: does not have the right form/],
      ],
      key: [
        [undefined, /^key: is required: the name of an environment variable/],
        [
          "",
          /^key: does not have the right form; the name of an environment variable: a letter, followed by/,
        ],
        ["1A", /^key: does not have the right form/],
        ["_A", /^key: does not have the right form/],
        ["A-B", /^key: does not have the right form/],
        ["K".repeat(201), /^key: must NOT have more than 200 characters/],
      ],
      value: [
        [undefined, /^value: is required: at least 4 characters, because a shorter value cannot be hidden/],
        ["abc", /^: value: must NOT have fewer than 4 characters; at least 4 characters/],
        [1, /^: value: must be string/],
      ],
      description: [["x".repeat(501), /^description: must NOT have more than 500 characters/]],
      acknowledgeOverwrite: [
        [" ", /^acknowledgeOverwrite: does not have the right form; why to revert a change/],
        ["x".repeat(501), /^acknowledgeOverwrite: must NOT have more than 500 characters/],
      ],
    });
  });
  it("decide the replacement, the secrets and the label", () => {
    const { definition, inputs, state } = sampleOf(name);
    assert.equal(definition.type, "SpaceSecret");
    assert.deepEqual(definition.replaceOn, ["space", "key"]);
    assert.deepEqual(definition.secrets, ["value", "applied", "tried", "seen", "heard"]);
    assert.equal(definition.declaredObject?.(inputs), definition.sharedObject?.("", state));
    assert.equal(definition.declaredObject?.({ space: "acme/demo", key: UNKNOWN }), undefined);
    assert.equal(definition.label({ space: "acme/demo", key: "KEY" }), "KEY of acme/demo");
    assert.equal(definition.label({}), " of ");
  });
  it("are checked when they are read from a state", () =>
    keeps(
      name,
      { value: [undefined, ""], status: ["active", "changed", "missing"], setAt: [undefined] },
      {
        space: [["", /^space should be a non-empty string/]],
        key: [["", /^key should be a non-empty string/]],
        value: [[1, /^value should be a string/]],
        status: [["gone", /^status should be one of active, changed, missing/]],
        setAt: [["yesterday", /^setAt should be a time/]],
      },
    ));
});

describe("arguments of a SpaceVariable", () => {
  const name = "SpaceVariable";
  it("accept only values within their limits, and have no defaults", () => {
    takes(name, { value: ["", "x", "x".repeat(100_000)], description: [""] });
    refuses(name, {
      value: [
        [undefined, /^value: is required: the value of the variable, without secrets$/],
        [1, /^value: must be string, not number; the value of the variable/],
      ],
      key: [["A B", /^key: does not have the right form/]],
    });
  });
  it("decide the replacement, the secrets and the label", () => {
    const { definition, inputs, state } = sampleOf(name);
    assert.equal(definition.type, "SpaceVariable");
    assert.deepEqual(definition.replaceOn, ["space", "key"]);
    assert.deepEqual(definition.secrets, ["applied", "tried", "seen", "heard"]);
    assert.equal(definition.declaredObject?.(inputs), definition.sharedObject?.("", state));
    assert.equal(definition.label({ space: "acme/demo", key: "KEY" }), "KEY of acme/demo");
  });
  it("are checked when they are read from a state", () =>
    keeps(
      name,
      { value: [undefined, ""], status: ["active", "missing"] },
      {
        value: [[1, /^value should be a string/]],
        status: [["changed", /^status should be one of active, missing/]],
      },
    ));
});

describe("arguments of a HubToken", () => {
  const name = "a service account's HubToken";
  it("accept only values within their limits, and have defaults", () => {
    takes(name, {
      name: ["x", "x".repeat(84), "é 日本"],
      serviceAccount: ["f".repeat(24)],
      permissions: [[], ["org.read"]],
      repos: [[], ["acme/m"], ["models/acme/m", "datasets/acme/d", "spaces/acme/s"], ["0".repeat(24)]],
      repoPermissions: [[], ["repo.content.read", "repo.write"]],
      endpointPatterns: [
        [],
        ["x".repeat(256), "acme/*"],
        Array.from({ length: 20 }, (_, index) => `${index}`),
      ],
      skipNetworkSecurity: [true, false],
      role: ["read", "write", "admin"],
      expiresAt: ["2027-01-31T00:00Z", "2027-01-31T00:00:00.000000001+01:00"],
      rotateEveryDays: [1, 3650],
      rotateBeforeDays: [1, 3650],
      rotationTriggers: [{}, { a: "b" }],
      overlapHours: [0, 0.5, 8760],
      idleMinutes: [0, 0.5, 525_600],
      recreateIfInvalid: [true, false],
    });
    const days = /must be integer, not number; a whole number of days, 1 to 3650$/;
    refuses(name, {
      owner: [["x", /^owner: does not have the right form; set by the library/]],
      name: [
        [
          undefined,
          /^name: is required: 1 to 84 characters without control characters \(the mark after the name needs the rest of 100\)$/,
        ],
        ["", /^name: must NOT have fewer than 1 characters; 1 to 84/],
        ["x".repeat(85), /^name: must NOT have more than 84 characters/],
        ["a\nb", /^name: does not have the right form/],
        ["a\u0007", /^name: does not have the right form/],
        [1, /^name: must be string/],
      ],
      organization: [["../x", /^organization: does not have the right form/]],
      serviceAccount: [
        ["ci", /^serviceAccount: does not have the right form; the output accountId of a ServiceAccount: 24/],
      ],
      permissions: [
        ["org.read", /^permissions: must be array, not string; a list of the Hub's permissions/],
        [["everything"], /^permissions: item 0: must be one of "repo.content.read", "repo.write"/],
        [["org.read", "org.read"], /^permissions: must NOT have duplicate items/],
      ],
      repos: [
        ["acme/m", /^repos: must be array, not string; a list of repositories$/],
        [["m"], /^repos: item 0: does not have the right form; "namespace\/name" for a model/],
        [["kernels/acme/m"], /^repos: item 0: does not have the right form/],
        [["acme/m", "acme/m"], /^repos: must NOT have duplicate items/],
      ],
      repoPermissions: [
        ["x", /^repoPermissions: must be array, not string; a list of repo.content.read and repo.write$/],
        [["org.read"], /^repoPermissions: item 0: must be one of "repo.content.read", "repo.write"$/],
        [["repo.write", "repo.write"], /^repoPermissions: must NOT have duplicate items/],
      ],
      endpointPatterns: [
        ["x", /^endpointPatterns: must be array, not string; a list of at most 20 patterns$/],
        ...["", "a.b", "a?", "(a", "a)", "[a", "a]", "{a", "a}", "a\\b"].map((pattern): [unknown, RegExp] => [
          [pattern],
          /^endpointPatterns: item 0: .*1 to 256 characters without \. \? \\ and brackets$/,
        ]),
        [["x".repeat(257)], /^endpointPatterns: item 0: must NOT have more than 256 characters/],
        [[1], /^endpointPatterns: item 0: must be string/],
        [["a", "a"], /^endpointPatterns: must NOT have duplicate items/],
        [
          Array.from({ length: 21 }, (_, index) => `${index}`),
          /^endpointPatterns: must NOT have more than 20 items/,
        ],
      ],
      skipNetworkSecurity: [["yes", /^skipNetworkSecurity: must be boolean, not string; true or false$/]],
      role: [["owner", /^role: must be one of "read", "write", "admin"$/]],
      expiresAt: [
        ["tomorrow", /^expiresAt: does not have the right form; a date and time with a time zone/],
        [1, /^expiresAt: must be string/],
      ],
      rotateEveryDays: [
        [0, /^rotateEveryDays: must be >= 1; a whole number of days/],
        [3651, /^rotateEveryDays: must be <= 3650/],
        [1.5, days],
      ],
      rotateBeforeDays: [
        [0, /^rotateBeforeDays: must be >= 1; a whole number of days/],
        [3651, /^rotateBeforeDays: must be <= 3650/],
        [1.5, days],
      ],
      rotationTriggers: [
        ["x", /^rotationTriggers: must be object, not string; an object with strings as values$/],
        [{ a: 1 }, /^rotationTriggers: item a: must be string, not number; a string$/],
      ],
      overlapHours: [
        [-1, /^overlapHours: must be >= 0; hours, 0 to 8760$/],
        [8761, /^overlapHours: must be <= 8760/],
        ["1", /^overlapHours: must be number/],
      ],
      idleMinutes: [
        [-1, /^idleMinutes: must be >= 0; minutes, 0 to 525600$/],
        [525_601, /^idleMinutes: must be <= 525600/],
        ["1", /^idleMinutes: must be number/],
      ],
      recreateIfInvalid: [["yes", /^recreateIfInvalid: must be boolean, not string; true or false$/]],
    });
    const { definition } = sampleOf(name);
    assert.deepEqual(defaultsOf(definition.schema), {
      overlapHours: 24,
      idleMinutes: 60,
      recreateIfInvalid: false,
    });
    assert.match(
      sampleOf(name)
        .reasons({ permissions: [1], repoPermissions: [2] })
        .join("\n"),
      /^permissions: item 0: must be string, not number; a permission of the Hub$[^]*^repoPermissions: item 0: must be string, not number; repo.content.read or repo.write$/m,
    );
    // Every list also describes its items.
    for (const property of ["permissions", "repos", "repoPermissions", "endpointPatterns"]) {
      const { items } = definition.schema.properties[property] as { items: { description: string } };
      assert.match(items.description, /\w{4}/, property);
    }
  });
  it("decide the replacement and the label", () => {
    const { definition } = sampleOf(name);
    assert.equal(definition.type, "HubToken");
    assert.deepEqual(definition.replaceOn, ["organization", "serviceAccount"]);
    assert.deepEqual(definition.secrets, ["token", "resolved", "applied", "tried", "seen"]);
    assert.equal(definition.label({ organization: "acme", name: "ci" }), '"ci" of acme');
    assert.equal(definition.label({ name: "mine" }), '"mine"');
    assert.equal(definition.label({}), '""');
  });
  it("are checked when they are read from a state", () => {
    const reach = {
      permissions: [],
      repoPermissions: [],
      repoIds: [],
      endpointPatterns: [],
      skipNetworkSecurity: false,
    };
    const predecessor = { tokenId: "a", supersededAt: "2026-01-02T03:04:05Z" };
    const text = [[1, /should be a string/]] as const;
    const texts = [
      ["x", /should be a list/],
      [[1], /should be a string/],
    ] as const;
    keeps(
      name,
      {
        owner: [undefined],
        organization: [undefined],
        serviceAccount: [undefined],
        permissions: [undefined, ["x"]],
        repos: [undefined, ["x"]],
        resolved: [undefined, { "acme/m": "x" }],
        born: [undefined, "2026-01-02T03:04:05Z"],
        tried: [undefined, reach],
        seen: [undefined, {}, { reach, role: "read", expiresAt: "2026-01-02T03:04:05Z" }],
        heard: [undefined, { seen: ["a"] }, { seen: ["a"], open: { reason: "a", hub: "b" } }],
        repoPermissions: [undefined, ["x"]],
        endpointPatterns: [undefined, ["x"]],
        expiresAt: [undefined, "2026-01-02T03:04:05Z"],
        last4: [undefined, "abcd"],
        user: [undefined, "alice"],
        status: ["active", "revoked", "expired", "missing"],
        applied: [
          {},
          { reach },
          { expiresAt: "2026-01-02T03:04:05Z", name: "ci", role: "read", triggers: "a" },
        ],
        predecessors: [[], [predecessor]],
      },
      {
        owner: text,
        name: [[undefined, /^name should be a string/]],
        organization: text,
        serviceAccount: text,
        permissions: texts,
        repos: texts,
        resolved: [[{ "acme/m": 1 }, /^resolved.acme\/m should be a string/]],
        born: [["tomorrow", /^born should be a time/]],
        tried: [[{}, /^tried.permissions should be a list/]],
        seen: [[{ role: 1 }, /^seen.role should be a string/]],
        heard: [[{}, /^heard.seen should be a list/]],
        repoPermissions: texts,
        endpointPatterns: texts,
        expiresAt: [["tomorrow", /^expiresAt should be a time/]],
        tokenId: [["", /^tokenId should be a non-empty string/]],
        hubName: [[undefined, /^hubName should be a string/]],
        last4: text,
        user: text,
        createdAt: [["yesterday", /^createdAt should be a time/]],
        status: [["gone", /^status should be one of active, revoked, expired, missing/]],
        applied: [
          [undefined, /^applied should be an object/],
          [{ expiresAt: "tomorrow" }, /^applied.expiresAt should be a time/],
          ...Object.keys(reach).map(
            (part) =>
              [
                { reach: { ...reach, [part]: undefined } },
                new RegExp(`^applied.reach.${part} should be `),
              ] as const,
          ),
        ],
        predecessors: [
          [undefined, /^predecessors should be a list/],
          [[{ ...predecessor, tokenId: "" }], /^predecessors\[0\].tokenId should be a non-empty string/],
          [[{ ...predecessor, supersededAt: "x" }], /^predecessors\[0\].supersededAt should be a time/],
        ],
      },
    );
  });
});
