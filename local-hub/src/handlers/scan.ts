import { type Answer, type Call, ok } from "../route.js";
import { type RepoType, type Scan } from "../store/records.js";
import { requireRepository } from "./access.js";
import { type RepoParams } from "./repositories.js";

const WITHOUT_ISSUES: Scan = { scansDone: true, filesWithIssues: [] };

/** Everyone who can see a repository can read the result of its security scan. */
export function getScan(type: RepoType) {
  return (call: Call<RepoParams>): Answer => {
    const { namespace, repo } = call.params;
    return ok(requireRepository(call, type, namespace, repo).scan ?? WITHOUT_ISSUES);
  };
}
