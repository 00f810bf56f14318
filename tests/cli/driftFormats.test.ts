// The formats of a drift report that programs read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import MarkdownIt from "markdown-it";
import { parser } from "sax";
import { FORMATS } from "../../cli/src/drift/formats";
import { asSarif } from "../../cli/src/drift/formats/sarif";
import { type DriftReport } from "../../cli/src/drift/report";
import { filePage } from "../../cli/src/terminal";
import { driftOf, HOSTILE, hostileReport, remarkOf, reportOf } from "../support/driftReport";

const format = (name: keyof typeof FORMATS, report: DriftReport): string =>
  FORMATS[name](report, filePage(), {});

const SAMPLE = reportOf({
  drifts: [
    driftOf(),
    driftOf({ property: "gated", applied: "manual", onHub: "none" }),
    driftOf({ name: "sso", type: "SsoConfig", category: "changed", up: "refuses", why: "Give a reason." }),
    driftOf({ name: "token", type: "HubToken", category: "tightened", up: "leaves", source: undefined }),
    driftOf({ name: "hidden", property: "value", applied: "[secret]", onHub: "[secret]" }),
  ],
  failures: [remarkOf("unread", "The Hub answered 403.")],
  notCompared: [remarkOf("sealed", "value cannot be compared.")],
  due: [remarkOf("rotating", "The token is due.")],
});

describe("formats of a drift report", () => {
  for (const name of Object.keys(FORMATS) as (keyof typeof FORMATS)[]) {
    it(`${name}: prints no control character, and no command for the log of a pipeline`, () => {
      const text = format(name, hostileReport());
      // The invisible space belongs to the format: it breaks up mentions.
      assert.doesNotMatch(text.replaceAll("\u200b", ""), /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
      assert.doesNotMatch(text, /^\s*::/m);
      assert.doesNotMatch(text, /##\w{0,20}\[/);
    });
  }

  describe("json", () => {
    it("is the report with a version", () => {
      assert.deepEqual(JSON.parse(format("json", SAMPLE)), {
        version: 1,
        ...(JSON.parse(JSON.stringify(SAMPLE)) as DriftReport),
      });
    });

    it("keeps every character of a name", () => {
      const { drifts } = JSON.parse(format("json", hostileReport())) as DriftReport;
      assert.deepEqual(new Set(drifts.map(({ name }) => name)), new Set(HOSTILE));
    });

    it("has the fields that docs/command-line.md lists, and no others", () => {
      const page = readFileSync(join(__dirname, "../../docs/command-line.md"), "utf8");
      const section = page.split("### JSON fields")[1] ?? "";
      const documented = [...section.split("\n## ")[0]!.matchAll(/^\| `([\w.[\]]+)`/gm)].map(
        ([, field]) => field,
      );
      const report = reportOf({
        drifts: [
          driftOf({
            ...{ noEvent: "none", why: "why" },
            events: [{ id: "1", user: "eve", at: "", type: "", message: "", tokenLast4: "", location: "" }],
          }),
        ],
        due: [remarkOf("due", "due")],
      });
      // The other remarks have the same fields.
      const fields = [...fieldsOf({ version: 1, ...report }), "failures[]", "notCompared[]"];
      assert.deepEqual([...documented].sort(), fields.sort());
    });
  });

  describe("sarif", () => {
    interface Result {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      partialFingerprints: Record<string, string>;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
    }
    interface Log {
      runs: {
        results: Result[];
        automationDetails: { id: string };
        invocations: { executionSuccessful: boolean }[];
        tool: { driver: { name: string; version: string; rules: { id: string }[] } };
      }[];
    }
    const runOf = (report: DriftReport, folder?: string): Log["runs"][number] =>
      (JSON.parse(asSarif(report, { folder })) as Log).runs[0] as Log["runs"][number];

    it("is valid by the schema of SARIF 2.1.0", () => {
      const file = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
      const { $schema, id, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
      assert.match(`${String($schema)} ${String(id)}`, /draft-04.*sarif-2\.1\.0/);
      const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
      addFormats(ajv);
      const isValid = ajv.compile(schema);
      for (const report of [SAMPLE, hostileReport(), reportOf(), reportOf({}, 0)]) {
        assert.ok(isValid(JSON.parse(format("sarif", report))), JSON.stringify(isValid.errors?.slice(0, 3)));
      }
      assert.equal(isValid({ version: "2.1.0", runs: [{ results: [{ level: "bad" }] }] }), false);
    });

    it("has one result for each drift and each incomplete resource, with the level of its rule", () => {
      const { results, tool, invocations, automationDetails } = runOf(SAMPLE);
      const counts = results.map(({ ruleId, level }) => `${ruleId} ${level}`);
      assert.deepEqual(counts, [
        ...Array<string>(3).fill("drift/exposed error"),
        "drift/changed warning",
        "drift/tightened note",
        ...Array<string>(2).fill("drift/incomplete warning"),
      ]);
      for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.equal(tool.driver.name, "pulumi-huggingface");
      assert.match(tool.driver.version, /^\d+\.\d+\.\d+/);
      assert.deepEqual(
        invocations.map(({ executionSuccessful }) => executionSuccessful),
        [false],
      );
      assert.equal(automationDetails.id, "pulumi-huggingface-drift/infra/prod/");
    });

    it("points to the line of the program, or to Pulumi.yaml", () => {
      const places = (folder?: string): string[] =>
        runOf(SAMPLE, folder).results.map(({ locations: [location] }) => {
          const { artifactLocation, region } = location!.physicalLocation;
          return `${artifactLocation.uri}:${region.startLine}`;
        });
      assert.deepEqual(new Set(places()), new Set(["index.ts:12", "Pulumi.yaml:1"]));
      assert.deepEqual(
        new Set(places("infra/hub")),
        new Set(["infra/hub/index.ts:12", "infra/hub/Pulumi.yaml:1"]),
      );
      assert.deepEqual(new Set(places("../elsewhere")), new Set(places()));
    });

    it("identifies a drift by its resource and property: the value, the time and the author do not matter", () => {
      const prints = (report: DriftReport): string[] =>
        runOf(report).results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
      const [one, gated] = prints(reportOf({ drifts: [driftOf(), driftOf({ property: "gated" })] }));
      const [other] = prints(
        reportOf({ drifts: [driftOf({ onHub: "internal", events: [], since: undefined })] }),
      );
      assert.equal(one, other);
      assert.notEqual(one, gated);
    });

    it("has no links in a message", () => {
      for (const { message } of runOf(hostileReport()).results) assert.doesNotMatch(message.text, /\]\(/);
    });
  });

  describe("junit", () => {
    it("has one test case for each resource, with at most one failure or error, and counts that add up", () => {
      const [root, suite, ...others] = elements(format("junit", SAMPLE));
      const cases = others.filter(({ name }) => name === "testcase");
      assert.equal(cases.length, SAMPLE.resources);
      for (const each of [root, suite]) {
        assert.equal(Number(each?.attributes["tests"]), cases.length);
        for (const [attribute, element] of Object.entries({ failures: "failure", errors: "error" })) {
          const found = others.filter(({ name, parent }) => name === element && parent === "testcase");
          assert.equal(Number(each?.attributes[attribute]), found.length);
        }
      }
      assert.deepEqual(
        others
          .filter(({ name }) => name === "failure" || name === "error")
          .map(({ attributes: { type } }) => type),
        ["exposed", "changed", "tightened", "exposed", "incomplete", "incomplete"],
      );
      assert.ok(Object.values(groupsOf(others)).every((children) => children <= 1));
    });

    it("has the elements and attributes that the common schemas require", () => {
      for (const report of [SAMPLE, hostileReport(), reportOf(), reportOf({}, 0)]) {
        for (const { name, parent, attributes } of elements(format("junit", report))) {
          const rule = JUNIT[name];
          assert.ok(rule, name);
          assert.equal(parent, rule.parent, name);
          assert.deepEqual(Object.keys(attributes).sort(), [...rule.attributes].sort(), name);
          for (const count of ["tests", "failures", "errors", "skipped", "time", "id"]) {
            if (count in attributes) assert.match(attributes[count] as string, /^\d+$/);
          }
        }
      }
      const suite = elements(format("junit", SAMPLE))[1];
      assert.match(suite?.attributes["timestamp"] ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      const parts = elements(format("junit", SAMPLE)).filter(({ parent }) => parent === "testsuite");
      const order = parts.map(({ name }) => name).filter((name, index, all) => name !== all[index - 1]);
      assert.deepEqual(order, ["properties", "testcase", "system-out", "system-err"]);
    });

    it("keeps printable names, also those that look like XML", () => {
      const names = elements(format("junit", hostileReport())).map(({ attributes }) => attributes["name"]);
      for (const name of ["<script>alert(1)</script><img src=x onerror=alert(1)>", "true"]) {
        assert.ok(names.includes(name), name);
      }
    });
  });

  describe("markdown", () => {
    const renderers = [
      new MarkdownIt({ html: true, linkify: true }),
      new MarkdownIt("default", { html: true, linkify: true, breaks: true, typographer: true }),
    ];

    it("has a headline, a table for each category, and the remarks", () => {
      const text = format("markdown", SAMPLE);
      const lines = text.split("\n").filter((line) => line.startsWith("#"));
      assert.deepEqual(lines, [
        "## Drift on the Hub: 3 exposed, 1 changed, 1 tightened",
        "### Exposed: looser than applied (3)",
        "### Changed (1)",
        "### Tightened by hand (1)",
        "### Could not be read (1)",
        "### Not compared (1)",
        "### Due, not drift (1)",
      ]);
      assert.match(
        text,
        /`visibility`: `private` → \*\*`public`\*\*.*eve, 2026-01-31 10:00:00 UTC.*open for 2 hours/,
      );
      assert.match(text, /value has changed \(not shown\)/);
      assert.match(text, /To revert 3 of them: `pulumi up --refresh --stack prod`/);
    });

    it("does not call an incomplete check clean", () => {
      const headline = (report: DriftReport): string | undefined => format("markdown", report).split("\n")[0];
      assert.equal(headline(reportOf()), "## No drift on the Hub");
      assert.equal(
        headline(reportOf({ failures: [remarkOf("a", "b")] })),
        "## No drift found, but the check is incomplete",
      );
    });

    for (const renderer of renderers) {
      it(`keeps each name in its cell, without HTML, links and mentions (typographer: ${renderer.options.typographer})`, () => {
        for (const text of HOSTILE) {
          const report = reportOf({
            drifts: hostileReport().drifts.filter(({ name }) => name === text),
            failures: [remarkOf(text, text)],
          });
          const tokens = renderer.parse(format("markdown", report), {});
          const inline = tokens.flatMap(({ children }) => children ?? []);
          const kinds = new Set([...tokens, ...inline].map(({ type }) => type.replace(/_(open|close)$/, "")));
          assert.deepEqual(
            [...kinds].filter((kind) => !ALLOWED.has(kind)),
            [],
            text.slice(0, 80),
          );
          assert.equal(tokens.filter(({ type }) => type === "tr_open").length, 2, text.slice(0, 80));
          assert.equal(tokens.filter(({ type }) => type === "td_open").length, 4, text.slice(0, 80));
          assert.equal(tokens.filter(({ type }) => type === "list_item_open").length, 1);
          const visible = inline.map(({ content }) => content).join("");
          assert.doesNotMatch(visible, /@[\w-]|#\d|!\d/);
        }
      });
    }

    it("shows a name unchanged", () => {
      const [renderer] = renderers;
      const name = "a | b \\| c ` _d_ <b> &amp; *e*";
      const tokens = renderer!.parse(format("markdown", reportOf({ drifts: [driftOf({ name })] })), {});
      const cell = tokens[tokens.findIndex(({ type }) => type === "td_open") + 1];
      const visible = (cell?.children ?? []).map(({ content }) => content).join("");
      assert.equal(visible.split(", RepoVisibility")[0]?.replaceAll("\u200b", ""), name);
    });

    it("has at most 60 000 characters, and says how many entries are left out", () => {
      for (const each of ["x", "`|".repeat(300)]) {
        const drifts = Array.from({ length: 2000 }, (_, index) =>
          driftOf({
            name: `${each}${index}`,
            object: each,
            why: each,
            applied: each,
            onHub: each,
            urn: `urn:${index}`,
          }),
        );
        const report = reportOf({ drifts, failures: [remarkOf("a", "b")] });
        const text = format("markdown", report);
        const [, left] = /\*\*(\d+) more entries are left out/.exec(text) ?? [];
        const rows = text.split("\n").filter((line) => /^\| (?!Resource|---)/.test(line)).length;
        assert.ok(text.length <= 60_000, String(text.length));
        assert.ok(text.length > 50_000, String(text.length));
        assert.equal(rows + Number(left), drifts.length + 1);
      }
    });
  });
});

/** What Markdown may become: nothing that a name could have made. */
const ALLOWED = new Set(
  "heading paragraph inline table thead tbody tr th td text text_special code_inline strong bullet_list list_item".split(
    " ",
  ),
);

const COUNTS = ["tests", "failures", "errors", "skipped", "time"];

/** The parent and the attributes of each element, as the schemas of Ant and of Jenkins have them. */
const JUNIT: Record<string, { parent: string | undefined; attributes: string[] }> = {
  testsuites: { parent: undefined, attributes: ["name", ...COUNTS] },
  testsuite: {
    parent: "testsuites",
    attributes: ["name", "package", "id", "timestamp", "hostname", ...COUNTS],
  },
  properties: { parent: "testsuite", attributes: [] },
  testcase: { parent: "testsuite", attributes: ["classname", "name", "time"] },
  failure: { parent: "testcase", attributes: ["message", "type"] },
  error: { parent: "testcase", attributes: ["message", "type"] },
  "system-out": { parent: "testsuite", attributes: [] },
  "system-err": { parent: "testsuite", attributes: [] },
};

interface Element {
  name: string;
  parent: string | undefined;
  /** The number of the parent among all elements. */
  within: number;
  attributes: Record<string, string>;
}

/** The elements of an XML document in their order. Fails if it is not well-formed. */
function elements(text: string): Element[] {
  const found: Element[] = [];
  const open: number[] = [];
  const reader = parser(true);
  reader.onerror = (error) => {
    throw error;
  };
  reader.onopentag = ({ name, attributes }) => {
    const within = open.at(-1) ?? -1;
    open.push(found.length);
    found.push({
      name,
      parent: found[within]?.name,
      within,
      attributes: attributes as Record<string, string>,
    });
  };
  reader.onclosetag = () => void open.pop();
  reader.write(text).close();
  assert.deepEqual(open, []);
  return found;
}

/** How many failures and errors each test case has. */
function groupsOf(all: readonly Element[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { parent, within } of all) {
    if (parent === "testcase") counts[within] = (counts[within] ?? 0) + 1;
  }
  return counts;
}

/** The paths of all fields, such as `drifts[].source.file`. */
function fieldsOf(value: object, path = ""): string[] {
  return Object.entries(value).flatMap(([name, each]: [string, unknown]): string[] => {
    const [own, inner] = Array.isArray(each)
      ? [`${path}${name}[]`, each[0] as unknown]
      : [`${path}${name}`, each];
    if (typeof inner === "object" && inner !== null) return fieldsOf(inner, `${own}.`);
    return each === undefined || inner === undefined ? [] : [own];
  });
}
