import { type RepoParams } from "../handlers/repositories.js";
import * as handlers from "../handlers/space-settings.js";
import { type Route, route } from "../route.js";
import { input, mapOf, object, text, time, type Schema } from "../schema.js";
import { type SpaceSettingKind } from "../store/records.js";
import { type NewSpaceSetting } from "../store/space-settings.js";
import { secretName } from "./job-spec.js";

const params = object({ namespace: text(), repo: text() });
const described = { "description?": text(), "updatedAt?": time };

/** By key. The document describes no answers to POST and DELETE; official clients read all variables from them. */
const ANSWERS: Record<SpaceSettingKind, Schema> = {
  secret: mapOf(object({ key: text(), ...described })),
  variable: mapOf(object({ key: text(), value: text(), ...described })),
};

function routesOf(kind: SpaceSettingKind): Route[] {
  const url = `/api/spaces/:namespace/:repo/${kind}s`;
  const answers = { 200: ANSWERS[kind] };
  return [
    route<RepoParams>({
      method: "GET",
      url,
      auth: kind === "variable" ? "optional" : "required",
      params,
      answers,
      handle: handlers.listSpaceSettings(kind),
    }),
    route<RepoParams, unknown, NewSpaceSetting>({
      method: "POST",
      url,
      params,
      body: input({ key: secretName, "description?": text(), value: { ...text(), default: "" } }),
      answers,
      handle: handlers.saveSpaceSetting(kind),
    }),
    route<RepoParams, unknown, { key: string }>({
      method: "DELETE",
      url,
      params,
      body: input({ key: text() }),
      answers,
      handle: handlers.deleteSpaceSetting(kind),
    }),
  ];
}

/** Operations for the secrets and variables of a Space. */
export const spaceSettingRoutes: Route[] = (["secret", "variable"] as const).flatMap(routesOf);
