// The drift report as JUnit XML: one test case for each resource, for pipelines that show test results.
import { type Checked, type Drift, type DriftReport, type Remark } from "../report";
import * as words from "./words";

const SUITE = "pulumi-huggingface drift";

/** What a resource's test case contains. Tools show only the first failure or error, so there is at most one. */
interface Case {
  resource: Checked;
  drifts: Drift[];
  errors: Remark[];
}

/** The report as JUnit XML. */
export function asJunit(report: DriftReport): string {
  const drifts = byUrn(report.drifts);
  const errors = byUrn([...report.failures, ...report.notCompared]);
  const cases = report.checked.map((resource): Case => {
    const { urn } = resource;
    return { resource, drifts: drifts.get(urn) ?? [], errors: errors.get(urn) ?? [] };
  });
  const counts = {
    tests: cases.length,
    failures: cases.filter(isFailure).length,
    errors: cases.filter((each) => !isFailure(each) && each.errors.length > 0).length,
    skipped: 0,
    time: 0,
  };
  // The schema of the format wants a time without a zone, and a host.
  const timestamp = report.checkedAt.slice(0, 19);
  const due = report.due.map(({ name, type, message }) => words.sentence(`${name} (${type}): ${message}`));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: SUITE, ...counts })}>`,
    `  <testsuite${attributes({ name: SUITE, package: "drift", id: 0, timestamp, hostname: "localhost", ...counts })}>`,
    "    <properties/>",
    ...cases.flatMap(caseLines),
    `    <system-out>${escaped(due.join("\n"))}</system-out>`,
    "    <system-err/>",
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

function isFailure({ drifts }: Case): boolean {
  return drifts.length > 0;
}

function caseLines({ resource, drifts, errors }: Case): string[] {
  const { name, type } = resource;
  const open = `    <testcase${attributes({ classname: type, name, time: 0 })}`;
  const [first] = drifts;
  const remarks = errors.map(({ message }) => words.sentence(message));
  if (!first && remarks.length === 0) return [`${open}/>`];
  const [element, kind, message] = first
    ? ["failure", first.category, drifts.map(words.changeText).join("; ")]
    : ["error", "incomplete", remarks.join(" ")];
  const text = [...drifts.map(driftText), ...remarks].join("\n\n");
  return [
    `${open}>`,
    `      <${element}${attributes({ message: words.sentence(message), type: kind })}>${escaped(text)}</${element}>`,
    "    </testcase>",
  ];
}

function driftText(drift: Drift): string {
  return [
    `${words.shortName(drift.object)}: ${words.changeText(drift)}`,
    `by: ${words.authorText(drift)}`,
    `pulumi up: ${words.upText(drift)}`,
    ...(drift.source ? [`declared in: ${words.shortName(`${drift.source.file}:${drift.source.line}`)}`] : []),
  ].join("\n");
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(typeof value === "string" ? words.sentence(value) : String(value))}"`,
    )
    .join("");
}

/** All texts are printable, so they have no character that XML does not allow. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}

function byUrn<T extends { urn: string }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(each.urn, [...(groups.get(each.urn) ?? []), each]);
  return groups;
}
