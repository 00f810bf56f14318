import * as handlers from "../handlers/repository-creation.js";
import { type NewRepositoryBody } from "../handlers/repository-creation.js";
import { type Route, route } from "../route.js";
import {
  anyId,
  constant,
  either,
  flag,
  id,
  input,
  listOf,
  nullable,
  object,
  oneOf,
  positive,
  text,
  type Schema,
} from "../schema.js";
import { VISIBILITIES } from "../store/records.js";
import { FLAVORS, secretName, volumes } from "./job-spec.js";
import { LICENSES } from "./licenses.js";

const keyed = listOf(input({ key: secretName, "description?": text(), value: text() }));

const everyType = {
  name: text({ min: 1, max: 96 }),
  "organization?": nullable(text()),
  "type?": oneOf("model", "dataset", "kernel", "space"),
  "region?": oneOf("us", "eu"),
  "license?": oneOf(...LICENSES),
  "license_name?": text({ pattern: "^[a-z0-9-.]+$" }),
  "license_link?": either(oneOf("LICENSE", "LICENSE.md"), { type: "string", format: "uri" }),
  "private?": nullable(flag),
  "visibility?": oneOf(...VISIBILITIES),
  "resourceGroupId?": nullable(anyId),
  "files?": listOf(input({ content: text(), path: text(), "encoding?": oneOf("utf-8", "base64") })),
};

const spacesOnly = input({
  sdk: oneOf("gradio", "docker", "static"),
  "sdkVersion?": nullable(text()),
  "template?": text(),
  "short_description?": text({ max: 60 }),
  "hardware?": oneOf(...FLAVORS, "zerogpu"),
  "sleepTimeSeconds?": either(positive, constant(-1)),
  "devModeEnabled?": flag,
  "secrets?": keyed,
  "variables?": keyed,
  "volumes?": volumes,
});

/** For other types, the fields of a Space are unknown fields and are ignored. */
const body: Schema = {
  ...input(everyType),
  if: { type: "object", properties: { type: constant("space") }, required: ["type"] },
  then: spacesOnly,
};

/** The answer to creating a repository of any type. */
export const created = object({ url: text(), name: text(), id });

export const repositoryCreationRoutes: Route[] = [
  route<unknown, unknown, NewRepositoryBody>({
    method: "POST",
    url: "/api/repos/create",
    body,
    answers: { 200: created },
    handle: handlers.createRepository,
  }),
];
