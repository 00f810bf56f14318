// The picture of the demo in docs/images. The demo itself is tested in tests/examples.
import assert from "node:assert/strict";
import { readText } from "../support/lockfile";

const DRAWING = import("../../scripts/lib/terminalSvg.mjs");
const RECORDING = import("../../scripts/record.mjs");

/** The text of each row, as a reader of the picture sees it. */
const rowsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, content = ""]) =>
    content
      .replace(/<[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&"),
  );

describe("a picture of terminal output", () => {
  const labels = { title: 'A "title" <1>', description: "One & two" };

  it("escapes all text", async () => {
    const { terminalSvg } = await DRAWING;
    const svg = terminalSvg(['<script>alert("1 & 2")</script>'], labels);
    assert.doesNotMatch(svg, /<script|&(?!amp;|lt;|gt;|quot;)/);
    assert.deepEqual(rowsOf(svg), ['<script>alert("1 & 2")</script>']);
    assert.match(svg, />A &quot;title&quot; &lt;1&gt;<\/title>/);
    assert.match(svg, />One &amp; two<\/desc>/);
  });

  it("draws colors and bold text, and forgets both at the end of a line", async () => {
    const { terminalSvg } = await DRAWING;
    const svg = terminalSvg(["\u001b[1mbold\u001b[0m plain \u001b[38;5;1mred", "plain"], labels);
    assert.match(
      svg,
      /<tspan font-weight="bold">bold<\/tspan> plain <tspan fill="#\w+">red<\/tspan><\/text>/,
    );
    assert.match(svg, />plain<\/text>/);
  });

  it("wraps lines of more than 100 columns and repeats the frame", async () => {
    const { terminalSvg } = await DRAWING;
    const words = "word ".repeat(30).trim();
    const rows = rowsOf(terminalSvg([`   │ ${words}`, "x".repeat(250)], labels));
    assert.ok(rows.every((row) => row.length <= 100));
    assert.deepEqual(
      rows.map((row) => row.slice(0, 8)),
      ["   │ wor", "   │   w", "xxxxxxxx", "  xxxxxx", "  xxxxxx"],
    );
    assert.equal(rows.slice(0, 2).join("").replaceAll(/ *│ +/g, " ").trim(), words);
  });
});

describe("npm run record", () => {
  it("takes the steps about drift, without anything that differs in the next run", async () => {
    const { driftSteps } = await RECORDING;
    const lines = [
      "2. Another step.",
      "3. Someone makes it public.",
      "   │ updated (0.2s) [diff: ~visibility]",
      "   │ ~ pulumi-nodejs:dynamic/huggingface:OrganizationVisibility: (refresh)",
      "   │     ~ checkedAt: 1",
      "   │ warning: made public (by wim-write at 2026-01-02T03:04:05.678Z)",
      "   │       open for   9 seconds",
      "   │       by         wim-write, 2026-01-02 03:04:05 UTC, token …a1b2 (repo.update_settings)",
      "   │",
      "   │ Outputs:",
      "   │     pipelineToken: [secret]",
      "   │",
      "   │ Resources:",
      "",
      "4. Someone creates a model",
      "5. Rotate the token",
    ];
    assert.deepEqual(driftSteps(lines), [
      "3. Someone makes it public.",
      "   │ updated",
      "   │ warning: made public (by wim-write)",
      "   │       by         wim-write (repo.update_settings)",
      "   │ Resources:",
    ]);
    assert.throws(() => driftSteps(["1. A step."]), /has no steps about drift/);
  });

  it("has written docs/images/drift.svg", () => {
    const svg = readText("docs/images/drift.svg");
    assert.match(
      svg,
      /^<svg [^>]*role="img" aria-labelledby="title desc">\n<title id="title">.+<\/title>\n<desc /,
    );
    const text = rowsOf(svg).join("\n");
    for (const words of [
      "Someone makes acme/customer-tickets public on the Hub",
      "$ pulumi preview --refresh --diff --expect-no-changes",
      '~ visibility  : "private" => "public"',
      "$ pulumi-huggingface drift",
      "wim-write (repo.update_settings)",
      "$ pulumi up --refresh",
      "acme/customer-tickets is private again",
    ]) {
      assert.ok(text.includes(words), words);
    }
    assert.doesNotMatch(
      svg,
      /hf_\w|127\.0\.0\.1|\/home\/|\/root\/|\/tmp\/|\d\d:\d\d:\d\d|\d\.\d+s\b|<script/,
    );
  });
});
