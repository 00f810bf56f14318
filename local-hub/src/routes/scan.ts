import { getScan } from "../handlers/scan.js";
import { type RepoParams } from "../handlers/repositories.js";
import { type Route, route } from "../route.js";
import { flag, listOf, object, oneOf, text } from "../schema.js";
import { SCAN_LEVELS } from "../store/records.js";

const params = object({ namespace: text(), repo: text() });
const scan = object({
  scansDone: flag,
  filesWithIssues: listOf(object({ path: text(), level: oneOf(...SCAN_LEVELS) })),
});

/** Operations to read the result of a repository's security scan. The Hub has none for buckets and kernels. */
export const scanRoutes: Route[] = (["model", "dataset", "space"] as const).map((type) =>
  route<RepoParams>({
    method: "GET",
    url: `/api/${type}s/:namespace/:repo/scan`,
    auth: "optional",
    params,
    answers: { 200: scan },
    handle: getScan(type),
  }),
);
