import {
  anyId,
  count,
  flag,
  input,
  listOf,
  mapOf,
  nullable,
  object,
  oneOf,
  positive,
  text,
} from "../schema.js";

/** Hardware for jobs and Spaces. */
export const FLAVORS = [
  "cpu-basic",
  "cpu-upgrade",
  "cpu-performance",
  "cpu-xl",
  "sprx8",
  "zero-a10g",
  "t4-small",
  "t4-medium",
  "l4x1",
  "l4x4",
  "l40sx1",
  "l40sx4",
  "l40sx8",
  "a10g-small",
  "a10g-large",
  "a10g-largex2",
  "a10g-largex4",
  "a100-large",
  "a100x4",
  "a100x8",
  "h200",
  "h200x2",
  "h200x4",
  "h200x8",
  "rtx-pro-6000",
  "rtx-pro-6000x2",
  "rtx-pro-6000x4",
  "rtx-pro-6000x8",
  "inf2x6",
] as const;

const variableName = text({ pattern: "^[a-zA-Z][_a-zA-Z0-9]+$" });
const labelName = text({ max: 100, pattern: "^[a-zA-Z0-9._-]+$" });
const label = text({ max: 100, pattern: "^[a-zA-Z0-9._-]*$" });
const seconds = nullable(positive);
const ports = listOf({ type: "integer", minimum: 1, maximum: 65_535 }, { max: 20 });

/** Name of a secret or variable. */
export const secretName = text({ pattern: "^[a-zA-Z][_a-zA-Z0-9]*$" });

/** Repositories and buckets that are mounted in a job or a Space. */
export const volumes = listOf(
  input({
    type: oneOf("bucket", "model", "dataset", "space"),
    source: text(),
    mountPath: text({ pattern: "^\\/.*" }),
    "revision?": text(),
    "readOnly?": flag,
    "path?": text(),
  }),
);

/** A job in a request. */
export const jobSpec = input({
  "spaceId?": text(),
  "dockerImage?": text(),
  "arguments?": listOf(text()),
  "command?": listOf(text({ min: 1 }), { min: 1 }),
  "environment?": mapOf(text(), variableName),
  "secrets?": mapOf(text(), secretName),
  flavor: oneOf(...FLAVORS),
  "arch?": oneOf("amd64", "arm64"),
  "timeoutSeconds?": seconds,
  "attempts?": { ...count, minimum: 1 },
  "labels?": mapOf(label, labelName),
  "volumes?": { ...volumes, minItems: 1 },
  "expose?": input({ ports, "portsPublic?": ports }),
  "ssh?": input({ "enabled?": flag }),
  "resourceGroupId?": anyId,
});

/** A job in an answer, with the names of its secrets but not their values. */
export const jobInfo = object({
  "dockerImage?": text(),
  "spaceId?": text(),
  environment: mapOf(text(), variableName),
  "arguments?": listOf(text()),
  "command?": listOf(text({ min: 1 }), { min: 1 }),
  flavor: oneOf(...FLAVORS),
  timeoutSeconds: seconds,
  "labels?": mapOf(label, labelName),
  "secrets?": listOf(text()),
});
