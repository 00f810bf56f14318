// The drift report as SARIF 2.1.0, for code scanning.
import { createHash } from "node:crypto";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { type Category, type Checked, type Drift, type DriftReport, type Remark } from "../report";
import { printableJson } from "./json";
import * as words from "./words";

const { name: PACKAGE, version } = require("../../../package.json") as { name: string; version: string };

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** The file to which results belong if the engine did not record the line of the program. */
const PROJECT_FILE = "Pulumi.yaml";

interface Rule {
  id: string;
  level: "error" | "warning" | "note";
  /** From 0 to 10, as code scanning sorts alerts. */
  severity: string;
  title: string;
  help: string;
}

const RULES: Record<Category | "incomplete", Rule> = {
  exposed: {
    id: "drift/exposed",
    level: "error",
    severity: "8.0",
    title: "Something on the Hub is looser than applied",
    help: "Someone outside Pulumi made something on the Hub more visible, or gave more permissions, than the program last applied. Find out why. Run `pulumi up --refresh` to tighten it, or declare the new value in the program to accept it.",
  },
  changed: {
    id: "drift/changed",
    level: "warning",
    severity: "5.0",
    title: "Something on the Hub differs from what was applied",
    help: "Someone outside Pulumi changed something on the Hub that the program manages. `pulumi up --refresh` reverts it, or refuses and names the argument for a reason. Declare the new value in the program to accept it.",
  },
  tightened: {
    id: "drift/tightened",
    level: "note",
    severity: "2.0",
    title: "Something on the Hub is tighter than applied",
    help: "Someone outside Pulumi made something on the Hub less visible, took permissions away, or revoked it. The provider does not loosen it automatically. Declare the new value in the program to accept it, or give a reason to restore the old one.",
  },
  incomplete: {
    id: "drift/incomplete",
    level: "warning",
    severity: "5.0",
    title: "A resource could not be compared",
    help: "The check could not read a resource, or could not compare a property of it. It may have drifted. Follow the message, and run the check again.",
  },
};

const RULE_ORDER = Object.keys(RULES) as (keyof typeof RULES)[];

/** Where the program is. */
export interface Origin {
  /** The folder of the Pulumi project. Paths in the result begin at the current folder. */
  folder?: string | undefined;
}

/** The report as SARIF. */
export function asSarif(report: DriftReport, { folder }: Origin = {}): string {
  const prefix = prefixOf(folder);
  const sources = new Map(report.checked.map(({ urn, source }) => [urn, source]));
  const incomplete = [...report.failures, ...report.notCompared];
  const [first] = report.checked;
  const run = {
    tool: { driver: driver() },
    ...(first && { automationDetails: { id: automationId(first) } }),
    invocations: [
      {
        executionSuccessful: incomplete.length === 0,
        endTimeUtc: report.checkedAt,
        toolExecutionNotifications: report.due.map((each) => ({
          level: "note",
          message: { text: remarkText(each) },
        })),
      },
    ],
    results: [
      ...report.drifts.map((drift) => ({
        ...resultOf(drift.category, driftText(drift), [drift.urn, drift.property]),
        locations: [locationOf(drift, drift.source, prefix)],
        properties: propertiesOf(drift),
      })),
      ...incomplete.map((remark) => ({
        ...resultOf("incomplete", remarkText(remark), [remark.urn]),
        locations: [locationOf(remark, sources.get(remark.urn), prefix)],
      })),
    ],
    columnKind: "utf16CodeUnits",
  };
  return printableJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] });
}

function driver() {
  return {
    name: "pulumi-huggingface",
    semanticVersion: version,
    version,
    informationUri: `https://www.npmjs.com/package/${PACKAGE}`,
    rules: RULE_ORDER.map((name) => {
      const { id, level, severity, title, help } = RULES[name];
      return {
        id,
        name: `Drift${name[0]?.toUpperCase()}${name.slice(1)}`,
        shortDescription: { text: title },
        fullDescription: { text: help },
        help: { text: help, markdown: help },
        defaultConfiguration: { level },
        properties: { tags: ["security", "drift"], "security-severity": severity },
      };
    }),
  };
}

/** The category of the analysis: results of other stacks do not replace it. */
function automationId({ urn }: Checked): string {
  const [, , stack = "", project = ""] = urn.split(":").filter((part) => part !== "");
  return words.shortName(`pulumi-huggingface-drift/${project}/${stack}/`);
}

function resultOf(name: keyof typeof RULES, text: string, identity: readonly string[]) {
  const { id, level } = RULES[name];
  const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return {
    ruleId: id,
    ruleIndex: RULE_ORDER.indexOf(name),
    level,
    message: { text },
    // Code scanning compares only the first one. Without it, two drifts on one line would be one alert.
    partialFingerprints: { primaryLocationLineHash: `${hash.slice(0, 16)}:1`, "drift/v1": hash },
  };
}

function driftText(drift: Drift): string {
  const { object, up } = drift;
  const end = words.upText(drift).replace(/[.]?$/, ".");
  return plain(
    `${words.shortName(object)}: ${words.changeText(drift)}. By: ${words.authorText(drift)}. ${up === "unknown" ? "What pulumi up does is" : "pulumi up"} ${end}`,
  );
}

function remarkText({ name, type, message }: Remark): string {
  return plain(words.sentence(`${words.shortName(name)} (${type}): ${message}`));
}

/** A message without links: a viewer would show `[text](address)` as one. */
function plain(text: string): string {
  return text.replaceAll("](", "] (");
}

function propertiesOf({ urn, property, category, applied, onHub, since, up }: Drift) {
  return { urn, property, category, applied, onHub, since, up };
}

function locationOf({ urn, name }: Pick<Checked, "urn" | "name">, source: Checked["source"], prefix: string) {
  const { file, line } = source ?? { file: PROJECT_FILE, line: 1 };
  const uri = words.sentence(`${prefix}${file}`).split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
      region: { startLine: Math.max(1, line) },
    },
    logicalLocations: [{ name: words.shortName(name), fullyQualifiedName: urn, kind: "resource" }],
  };
}

/** The path from the current folder to the project, which is the path in the repository if the check runs in its root. */
function prefixOf(folder: string | undefined): string {
  if (folder === undefined) return "";
  const path = relative(process.cwd(), resolve(folder)).split(sep).join("/");
  return path === "" || path.startsWith("..") || isAbsolute(path) ? "" : `${path}/`;
}
