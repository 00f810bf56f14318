// What a drift check needs to know about a secret or a variable of a Space.
import { type DriftRules } from "../model/drift";
import { type SettingAddress, type SettingKind } from "../rules/spaceSetting";
import { objectKey, repoPatterns } from "./auditEvents";
import { namespaceOf } from "./repository";

/** The rules that secrets and variables share. */
export function settingDrift<S extends SettingAddress>(kind: SettingKind): DriftRules<S> {
  return {
    events({ property }, { space, key }) {
      const address = { repo: space, repoType: "space" as const };
      const about = [objectKey.setting(key)];
      const types = ["add", "update", "remove"].flatMap((verb) => [
        `repo.${verb}_${kind}`,
        `repo.${verb}_${kind}s`,
      ]);
      const ended = repoPatterns(address, { types: ["repo.delete", "repo.move"] });
      return [...repoPatterns(address, { types, about }), ...(property === "status" ? ended : [])];
    },
    organization: ({ space }) => namespaceOf(space),
  };
}
