// What a drift check needs to know about a secret or a variable of a Space.
import { type DriftRules, SEALED } from "../model/drift";
import { type Properties } from "../model/plain";
import { type SettingAddress, type SettingKind } from "../rules/spaceSetting";
import { noted } from "../rules/intent";
import { objectKey, repoPatterns } from "./auditEvents";
import { namespaceOf } from "./repository";

/**
 * Completes a state whose memory is encrypted.
 *
 * @param appliedFrom - returns the value that was last applied, if it is encrypted
 */
export function unsealed(state: Properties, appliedFrom: (state: Properties) => unknown): Properties {
  const { applied, tried, seen, heard, ...others } = state;
  return {
    ...others,
    ...(applied !== undefined && { applied: applied === SEALED ? appliedFrom(others) : applied }),
    ...(tried !== SEALED && { tried }),
    ...(seen !== undefined && { seen: seen === SEALED ? seenFrom(others) : seen }),
    // The run that stored the reason has seen it.
    ...(heard !== undefined && {
      heard: heard === SEALED ? noted(undefined, others["acknowledgeOverwrite"]) : heard,
    }),
  };
}

/** A variable that changed is in the arguments. A secret that changed has no value that could be shown. */
function seenFrom({ status, value }: Properties): Properties {
  return status === "missing" ? {} : { value: value ?? SEALED };
}

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
