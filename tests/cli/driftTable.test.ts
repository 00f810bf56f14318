// The drift report on a terminal: every line fits, nothing is repeated, and what is exposed stands out.
import assert from "node:assert/strict";
import { asTable } from "../../cli/src/drift/formats/table";
import { colorsOf, filePage, note, type Page, print, progress, type Terminal } from "../../cli/src/terminal";
import { driftOf, hostileReport, remarkOf, reportOf } from "../support/driftReport";

const LONG =
  "It was not reverted automatically because people may rely on it to sign in; nothing was sent. ".repeat(5);

function pageOf(columns: number, env: NodeJS.ProcessEnv = { NO_COLOR: "1" }): Page {
  return { out: { isTTY: true, columns }, colors: colorsOf({ isTTY: true }, env) };
}

// eslint-disable-next-line no-control-regex -- the sequences of colours
const withoutColors = (text: string): string => text.replace(/\u001b\[\d+m/g, "");

const count = (text: string, part: string): number => text.split(part).length - 1;

describe("drift report on a terminal", () => {
  const wide = reportOf({
    drifts: [
      driftOf({ name: "n".repeat(150), object: `RepoVisibility of acme/${"llm-".repeat(60)}`, why: LONG }),
      driftOf({ name: "sso", category: "changed", up: "refuses", why: LONG, noEvent: LONG, events: [] }),
    ],
    failures: [remarkOf("unread", LONG), remarkOf("m".repeat(150), "403")],
  });

  for (const columns of [60, 80, 120]) {
    it(`fits into ${columns} columns, with and without colours`, () => {
      for (const report of [wide, hostileReport()]) {
        const plain = asTable(report, pageOf(columns));
        // A command is not wrapped, so that it can be copied.
        const lines = plain.split("\n").filter((line) => !line.startsWith("To revert"));
        const longest = Math.max(...lines.map((line) => line.length));
        // A space is put into `::` at the start of a line.
        assert.ok(longest <= columns + 1, `${longest}`);
        assert.equal(withoutColors(asTable(report, pageOf(columns, {}))), plain);
      }
    });
  }

  it("wraps a long explanation below its start", () => {
    const lines = asTable(wide, pageOf(80)).split("\n");
    const at = lines.findIndex((line) => line.includes("pulumi up  refuses"));
    assert.match(lines[at] ?? "", /^ {6}pulumi up {2}refuses, and fails: It was/);
    assert.match(lines[at + 1] ?? "", /^ {17}\S/);
  });

  it("does not wrap in a pipe or a file", () => {
    const text = asTable(wide, filePage());
    assert.ok(text.includes(LONG.trim()));
  });

  it("shows the drifts of one resource together, and what they share once", () => {
    const why = "Give a reason in acknowledgeOverwrite.";
    const shared = { name: "sso", category: "changed", up: "refuses", why } as const;
    const text = asTable(
      reportOf({
        drifts: [
          driftOf({ ...shared, property: "clientId" }),
          driftOf({ ...shared, property: "ssoUrl" }),
          driftOf({ ...shared, property: "issuer", up: "leaves", why: "Another." }),
          driftOf({ name: "other", category: "changed" }),
        ],
      }),
      pageOf(100),
    );
    assert.equal(count(text, "\n  sso  "), 1);
    assert.equal(count(text, why), 1);
    assert.equal(count(text, "Another."), 1);
    assert.equal(count(text, "by         eve"), 3);
    assert.match(text, /change {5}clientId: private → public\n {17}ssoUrl: private → public\n/);
  });

  it("explains once why several properties of a resource were not compared", () => {
    const why = "the stack has it only encrypted. Add --show-secrets.";
    const remarks = ["value", "role"].map((property) => remarkOf("m", `${property} differs or not: ${why}`));
    const notCompared = [
      ...remarks,
      remarkOf("other", `value differs or not: ${why}`),
      remarkOf("m", "Else."),
    ];
    const text = asTable(reportOf({ notCompared }), pageOf(120));
    assert.match(text, /^Not compared \(3\)\n/);
    assert.ok(text.includes(`value, role differ or not: ${why}`));
    assert.equal(count(text, "only encrypted"), 2);
  });

  it("shows a remark about several resources once, with at most 20 names", () => {
    const failures = Array.from({ length: 30 }, (_, index) => remarkOf(`r${index}`, "The Hub answered 403."));
    const text = asTable(reportOf({ failures: [...failures, remarkOf("x", "Else.")] }), pageOf(80));
    assert.match(text, /Could not be read \(31\)/);
    assert.equal(count(text, "The Hub answered 403."), 1);
    assert.match(text, /r19 \(RepoVisibility\), and\s+10 more: see --format json/);
  });

  it("paints the value on the Hub, also if it is wrapped, and nothing with NO_COLOR", () => {
    const onHub = "read ".repeat(30).trim();
    const report = reportOf({ drifts: [driftOf({ onHub })] });
    const lines = asTable(report, pageOf(60, {}))
      .split("\n")
      .filter((line) => line.includes("read"));
    assert.ok(lines.length > 2);
    const red = colorsOf({ isTTY: true }, {}).red("|").split("|")[0] as string;
    for (const line of lines) assert.match(line.split(red)[1] ?? "", /^read.*read/);
    assert.match(lines[0] ?? "", /visibility: private → /);
    assert.equal(asTable(report, pageOf(60)).includes(red), false);
  });

  it("lets what is exposed stand out without colours too, and ends with the counts and the command", () => {
    const text = asTable(
      reportOf({ drifts: [driftOf(), driftOf({ name: "b", category: "tightened", up: "leaves" })] }),
      pageOf(80),
    );
    assert.match(text, /^EXPOSED: looser than applied \(1\)\n/);
    assert.match(
      text,
      /\n3 resources checked: 1 exposed, 0 changed, 1 tightened\.\nTo revert 1 of them: pulumi up --refresh --stack prod$/,
    );
  });

  it("reports no drift in one line, and an incomplete check too", () => {
    assert.equal(asTable(reportOf({}, 2), pageOf(80)), "2 resources checked: no drift.");
    const incomplete = asTable(reportOf({ failures: [remarkOf("a", "b")] }), pageOf(80));
    assert.match(incomplete, /\n2 resources checked, not all of them completely: no drift found\.$/);
  });

  it("counts the less likely events that are not shown", () => {
    const [event] = driftOf().events;
    const events = Array.from({ length: 5 }, (_, index) => ({
      ...event!,
      id: `${index}`,
      user: `u${index}`,
    }));
    const text = asTable(reportOf({ drifts: [driftOf({ events })] }), pageOf(100));
    assert.match(
      text,
      /by {9}u0, .*\n {6}or by {6}u1, .*\n {17}u2, .*\n {17}and 2 less likely events: see --format json\n/,
    );
  });
});

describe("progress of a drift check", () => {
  function terminalOf(isTTY: boolean): { terminal: Terminal; written: () => string } {
    let text = "";
    const stream = {
      isTTY,
      columns: 40,
      write: (part: string) => (text += part).length > 0,
      clearLine: () => (text += "<clear>"),
      cursorTo: () => (text += "<start>"),
    } as unknown as NodeJS.WriteStream;
    return { terminal: { out: stream, err: stream, colors: colorsOf({}, {}) }, written: () => text };
  }

  it("is one line of a terminal that disappears before the result", async () => {
    const { terminal, written } = terminalOf(true);
    progress(terminal, `Reading ${"x".repeat(100)}`);
    await print(terminal, "result");
    assert.equal(written(), `<clear><start>Reading ${"x".repeat(31)}<clear><start>result\n`);
  });

  it("does not appear in a pipe", async () => {
    const { terminal, written } = terminalOf(false);
    progress(terminal, "Reading");
    note(terminal, "note");
    await print(terminal, "result");
    assert.equal(written(), "note\nresult\n");
  });
});

describe("colours", () => {
  it("appear only on a terminal, and not with NO_COLOR or on a dumb terminal", () => {
    const painted = (isTTY: boolean, env: NodeJS.ProcessEnv): boolean =>
      colorsOf({ isTTY }, env).red("x") !== "x";
    assert.equal(painted(true, {}), true);
    assert.equal(painted(true, { NO_COLOR: "" }), true);
    assert.equal(painted(true, { NO_COLOR: "0" }), false);
    assert.equal(painted(false, { FORCE_COLOR: "1" }), true);
    assert.equal(painted(true, { FORCE_COLOR: "0" }), false);
    assert.equal(painted(false, { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
    assert.equal(painted(true, { TERM: "dumb" }), false);
    assert.equal(painted(false, {}), false);
  });
});
