// Reports of a drift check, for tests of their formats.
import { type Drift, type DriftReport, type Remark, sorted } from "../../cli/src/drift/report";

export const CHECKED_AT = "2026-01-31T12:00:00.000Z";

const urnOf = (name: string, type: string): string =>
  `urn:pulumi:prod::infra::pulumi-nodejs:dynamic/huggingface:${type}::${name}`;

/** A drift that someone made two hours before the check. */
export function driftOf(values: Partial<Drift> = {}): Drift {
  const { name = "model", type = "RepoVisibility" } = values;
  const at = "2026-01-31T10:00:00.000Z";
  return {
    urn: urnOf(name, type),
    name,
    type,
    id: "model/acme/llm",
    object: `${type} of acme/llm`,
    property: "visibility",
    applied: "private",
    onHub: "public",
    category: "exposed",
    since: at,
    events: [
      { id: "1", user: "eve", at, type: "repo.update_settings", message: "Updated", tokenLast4: "a1b2" },
    ],
    up: "reverts",
    command: "pulumi up --refresh --stack prod",
    source: { file: "index.ts", line: 12 },
    ...values,
  };
}

/** A remark about a resource. */
export function remarkOf(name: string, message: string, type = "RepoVisibility"): Remark {
  return { urn: urnOf(name, type), name, type, message };
}

/** A report with these entries, about their resources and more without any. */
export function reportOf(values: Partial<DriftReport> = {}, unchanged = 1): DriftReport {
  const { drifts = [], due = [], notCompared = [], failures = [] } = values;
  const named = [...drifts, ...due, ...notCompared, ...failures];
  const others = Array.from({ length: unchanged }, (_, index) => remarkOf(`same-${index}`, ""));
  const checked = new Map(
    [...named, ...others].map(({ urn, name, type }) => {
      const source = drifts.find((each) => each.urn === urn)?.source;
      return [urn, { urn, name, type, source }];
    }),
  );
  return {
    checkedAt: CHECKED_AT,
    resources: checked.size,
    checked: [...checked.values()],
    ...{ due, notCompared, failures },
    drifts: sorted(drifts),
  };
}

/** Names that would break a format, or that would command the terminal, the pipeline or the page that shows it. */
export const HOSTILE: readonly string[] = [
  "\u001b[31mred\u001b[0m\u009b2J\u0007\u0000\b",
  "::error::stop",
  "a\n::error::stop\r\n##vso[task.complete]",
  "##teamcity[buildStop]",
  "]]><!-- --><x a='b' c=\"d\">&amp;&#0;",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "`code` ``more`` ```",
  "a | b \\| c \\\\| d ` | e",
  "@eve @acme/security eve@acme.example #1 acme/llm#2 !3 GH-4",
  "[text](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example> https://evil.example www.evil.example",
  "**bold** _it_ ~~gone~~ # title\n\n- list\n1. one\n> quote\n---",
  "1. one | two",
  "\u202Eright to left\u2028line\u2029paragraph\uFEFF\u{E0041}",
  "lone \uD800 surrogate \uFFFE \uFFFF",
  "true",
  "",
  " ",
  "x".repeat(10_000),
  "long words ".repeat(1000),
];

/** A report in which every text is hostile. */
export function hostileReport(): DriftReport {
  const categories = ["exposed", "changed", "tightened"] as const;
  const decisions = ["reverts", "refuses", "leaves", "unknown"] as const;
  const drifts = HOSTILE.map((text, index) =>
    driftOf({
      ...{ name: text, id: text, object: text, property: text, applied: text, onHub: text, why: text },
      urn: `urn:pulumi:prod::infra::huggingface:RepoVisibility::${index}-${text}`,
      category: categories[index % 3] as Drift["category"],
      up: decisions[index % 4] as Drift["up"],
      command: `pulumi up --refresh --stack ${text}`,
      events:
        index % 2 === 0
          ? []
          : [1, 2, 3, 4].map((id) => ({
              ...{
                id: String(id),
                user: text,
                at: text,
                type: text,
                message: text,
                tokenLast4: text,
                location: text,
              },
            })),
      since: index % 2 === 0 ? undefined : CHECKED_AT,
      noEvent: text,
      source: { file: text, line: 1 },
    }),
  );
  const remarks = (kind: string): Remark[] =>
    HOSTILE.map((text, index) => ({ ...remarkOf(text, text), urn: `urn:${kind}:${index}` }));
  return reportOf({ drifts, due: remarks("due"), notCompared: remarks("no"), failures: remarks("bad") });
}
