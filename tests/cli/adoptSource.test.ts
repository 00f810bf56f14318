// The text of the program: whatever the Hub contains, it compiles and says exactly that.
import assert from "node:assert/strict";
import fc from "fast-check";
import prettier from "prettier";
import ts from "typescript";
import { named, programFiles } from "../../cli/src/adopt/program";
import { type Found } from "../../cli/src/adopt/found";
import { identifierOf, plainName, slugOf, uniqueNames } from "../../cli/src/adopt/names";
import { Code, commentLine, fileText, quoted, statementText, type Value } from "../../cli/src/adopt/source";
import { HOSTILE } from "../support/largeOrganization";

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }), fc.string());

/** The statements of a text that TypeScript can parse. */
function parsed(text: string): ts.NodeArray<ts.Statement> {
  const file = ts.createSourceFile("index.ts", text, ts.ScriptTarget.ES2022, true);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: ts.Diagnostic[] };
  assert.deepEqual(
    parseDiagnostics.map(({ messageText }) => messageText),
    [],
    text,
  );
  return file.statements;
}

/** The value of an expression that consists of literals. */
function valueOf(node: ts.Node): unknown {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(valueOf);
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries(
      node.properties.map((each) => {
        assert.ok(ts.isPropertyAssignment(each), each.getText());
        return [each.name.getText(), valueOf(each.initializer)];
      }),
    );
  }
  return JSON.parse(node.getText());
}

const PEM = `-----BEGIN CERTIFICATE-----\n${"MIIDFTCCAf2gAwIBAgIJFv8FLbRXgilsMA0GCSqGSIb3DQEBCwUAMBsxGTAXBgNV\n".repeat(3)}-----END CERTIFICATE-----`;

describe("the text of an adopted program", () => {
  it("says exactly the text, in one expression", () =>
    fc.assert(
      fc.property(hostileText, (text) => {
        const [statement, ...others] = parsed(`${quoted(text)};`);
        assert.equal(others.length, 0);
        assert.ok(statement && ts.isExpressionStatement(statement));
        assert.equal(valueOf(statement.expression), text);
        assert.doesNotMatch(quoted(text), /[\p{C}\p{Zl}\p{Zp}]/u, "every character can be seen");
      }),
    ));

  it("keeps the name of a property", () =>
    fc.assert(
      fc.property(hostileText, hostileText, (key, value) => {
        const args = Object.fromEntries([[key, value]]);
        const [statement, ...others] = parsed(statementText({ type: "X", name: "x", args }));
        assert.equal(others.length, 0);
        assert.ok(
          statement && ts.isExpressionStatement(statement) && ts.isNewExpression(statement.expression),
        );
        const object = statement.expression.arguments?.[1];
        assert.ok(object && ts.isObjectLiteralExpression(object));
        assert.deepEqual(
          object.properties.map(
            ({ name }) => name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) && name.text,
          ),
          [key],
        );
      }),
    ));

  it("keeps a text in its comment", () =>
    fc.assert(fc.property(hostileText, (text) => void assert.equal(parsed(commentLine(text)).length, 0))));

  it("keeps a whole statement in its comment", () =>
    fc.assert(
      fc.property(hostileText, hostileText, (name, value) => {
        const text = statementText({ type: "X", name, args: { value }, disabled: true });
        assert.equal(parsed(text).length, 0);
      }),
    ));

  const value = fc.letrec<{ any: Value }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 2 },
      hostileText,
      fc.boolean(),
      fc.nat(),
      fc.constant(PEM),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("repo", "role", "visibility", "longArgumentName"), tie("any"), {
        noNullPrototype: true,
      }),
    ),
  })).any;

  it("says exactly the arguments", () =>
    fc.assert(
      fc.property(
        hostileText,
        fc.dictionary(fc.constantFrom("repo", "name", "members"), value, { noNullPrototype: true }),
        (name, args) => {
          const [statement, ...others] = parsed(statementText({ type: "X", name, args, constant: "x" }));
          assert.equal(others.length, 0);
          assert.ok(statement && ts.isVariableStatement(statement));
          const created = statement.declarationList.declarations[0]?.initializer;
          assert.ok(created && ts.isNewExpression(created) && created.arguments);
          assert.deepEqual(created.arguments.map(valueOf), [name, args]);
        },
      ),
    ));

  /** Texts whose width every program agrees on. */
  const plain = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."abc XYZ0'\"`\\/-_.$é"), maxLength: 90 }),
    fc.constantFrom("acme/llm", "データ", PEM),
  );
  const entry = fc.record(
    { user: plain, role: fc.constantFrom("read", "write"), repo: plain },
    { requiredKeys: ["user"], noNullPrototype: true },
  );
  const args = fc.record(
    {
      organization: fc.constant(new Code("organization")),
      name: plain,
      description: plain,
      enabled: fc.boolean(),
      permissions: fc.array(plain, { maxLength: 5 }),
      autoJoin: entry,
      members: fc.array(entry, { maxLength: 4 }),
      serviceAccount: fc.constant(new Code("serviceAccounts.pipeline.accountId")),
    },
    { requiredKeys: ["name"], noNullPrototype: true },
  );
  const statement = fc.record(
    {
      type: fc.constantFrom("HubToken", "ServiceAccount", "ResourceGroup"),
      name: plain,
      args,
      constant: fc.constantFrom("ci", "theLongestConstantOfThisProject_c"),
      comment: fc.constant(["A comment."]),
    },
    { requiredKeys: ["type", "name", "args"] },
  );

  it("has the form that prettier gives it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 3 }), async (statements) => {
        const text = fileText(['import * as huggingface from "pulumi-huggingface";'], statements);
        assert.equal(await prettier.format(text, { parser: "typescript" }), text);
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);
});

describe("the names in an adopted program", () => {
  it("are identifiers that TypeScript accepts, also for reserved words", () => {
    const texts = [
      ...HOSTILE,
      "then",
      "await",
      "Organization",
      "new",
      "arguments",
      "Service Accounts",
      "12 monkeys",
      "x".repeat(99),
    ];
    const identifiers = texts.map((text) => identifierOf(text, "account"));
    for (const each of identifiers) {
      assert.match(each, /^[A-Za-z_][A-Za-z0-9_]{0,33}$/);
      parsed(`export const ${each} = 1;`);
    }
    assert.deepEqual(
      ["CI pipeline", "class", "1st", "データ", "été", "then"].map((text) => identifierOf(text, "account")),
      ["ciPipeline", "classAccount", "account1st", "account", "ete", "thenAccount"],
    );
    fc.assert(
      fc.property(
        hostileText,
        (text) => void assert.match(identifierOf(text, "account"), /^[a-z][A-Za-z0-9]*$/),
      ),
    );
  });

  it("of resources are readable", () => {
    assert.deepEqual(["Build Pipeline!", "データ", "été"].map(slugOf), ["build-pipeline", "", "ete"]);
    assert.deepEqual(["Repo.v1_x", "a b", "x".repeat(100)].map(plainName), [
      "Repo.v1_x",
      "a-b",
      "x".repeat(80),
    ]);
  });

  it("are unique, and do not depend on other objects or their order", () => {
    const rules = {
      wanted: ({ name }: { name: string }) => name,
      id: ({ id }: { id: string }) => id,
      noun: () => "account",
      join: "-",
    };
    const items = [
      { name: "ci", id: "1" },
      { name: "CI", id: "2" },
      { name: "", id: "3" },
      { name: "deploy", id: "4" },
    ];
    const names = uniqueNames(items, rules);
    const again = uniqueNames([...items, { name: "ci", id: "5" }].reverse(), rules);
    for (const each of items) assert.equal(again.get(each), names.get(each));
    assert.equal(new Set([...names.values()].map((name) => name.toLowerCase())).size, 4);
    assert.equal(names.get(items[3] as (typeof items)[0]), "deploy");
    assert.match(names.get(items[0] as (typeof items)[0]) ?? "", /^ci-[0-9a-f]{6}$/);
    assert.match(names.get(items[2] as (typeof items)[0]) ?? "", /^account-[0-9a-f]{6}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom("a", "A", "b", ""), fc.string()), {
          selector: ([, id]) => id,
        }),
        (pairs) => {
          const given = uniqueNames(pairs, { ...rules, wanted: ([name]) => name, id: ([, id]) => id });
          assert.equal(new Set([...given.values()].map((name) => name.toLowerCase())).size, pairs.length);
        },
      ),
    );
  });
});

describe("the files of an adopted program", () => {
  const account: Found = {
    ...{ kind: "service-accounts", type: "ServiceAccount", id: "acme/0123456789abcdef01234567" },
    ...{ subject: "CI", title: "CI", name: "ci", constant: { text: "CI", noun: "account" } },
    args: { organization: "acme", name: "CI" },
  };
  const token: Found = {
    ...{ kind: "tokens", type: "HubToken", id: "acme/0123456789abcdef01234567/76543210fedcba9876543210" },
    ...{
      subject: "CI/deploy",
      title: "deploy of CI",
      name: "ci-deploy",
      constant: { text: "CI deploy", noun: "token" },
    },
    args: {
      organization: "acme",
      serviceAccount: "0123456789abcdef01234567",
      name: "deploy",
      permissions: [],
    },
  };
  const secret: Found = {
    ...{
      kind: "spaces",
      type: "SpaceSecret",
      id: "acme/demo/KEY",
      subject: "acme/demo/KEY",
      title: "KEY",
      name: "demo-KEY",
    },
    args: { space: "acme/demo", key: "KEY" },
    ...{ unknown: "value", by: "overwriting" },
  };
  const files = (found: Found[], fromConfig = false) =>
    programFiles(named(found, "why"), { organization: "acme", fromConfig });

  it("refer to a service account that the program declares", () => {
    const both = files([account, token]);
    assert.match(both.get("tokens.ts") ?? "", /serviceAccount: serviceAccounts\.ci\.accountId/);
    assert.match(both.get("tokens.ts") ?? "", /import \* as serviceAccounts from "\.\/serviceAccounts";/);
    assert.equal(
      both.get("index.ts"),
      '// The organization acme, written by `pulumi-huggingface adopt`.\nimport "./serviceAccounts";\nimport "./tokens";\n',
    );
    assert.match(files([token]).get("tokens.ts") ?? "", /serviceAccount: "0123456789abcdef01234567"/);
  });

  it("leave a secret out, or read it from the configuration", () => {
    const without = files([secret]).get("spaces.ts") ?? "";
    assert.ok(
      parsed(without).every(ts.isExportDeclaration),
      "only `export {}`, so that the file is a module",
    );
    assert.match(without, /^\/\/ {3}value: config\.requireSecret\("demo-KEY-secret"\),$/m);
    assert.match(without, /^\/\/ {3}pulumi config set --secret demo-KEY-secret$/m);
    assert.match(
      files([secret], true).get("spaces.ts") ?? "",
      /^ {2}value: config\.requireSecret\("demo-KEY-secret"\),$/m,
    );
  });

  it("say why outsiders may see a repository", () => {
    const open: Found = {
      ...{
        kind: "repositories",
        type: "RepoVisibility",
        id: "model/acme/llm",
        subject: "acme/llm",
        title: "llm",
      },
      ...{ name: "model-llm", isOpen: true, args: { repo: "acme/llm", visibility: "public" } },
    };
    assert.match(files([open]).get("repositories.ts") ?? "", /acknowledgePublic: "why"/);
  });
});
