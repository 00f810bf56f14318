// A declared RepoVisibility, and its state.
import {
  type RepoVisibilityInputs,
  type RepoVisibilityState,
} from "../../provider/src/resources/repoVisibility/model";
import { noted } from "../../provider/src/rules/intent";

export const inputsWith = (changes: object = {}): RepoVisibilityInputs => ({
  owner: "0123abcd",
  repo: "acme/llm",
  repoType: "model",
  visibility: "private",
  onDestroy: "retain",
  ...changes,
});

/** The state after a complete update. */
export const stateWith = (changes: object = {}): RepoVisibilityState => {
  const { visibility, gated, acknowledgePublic } = inputsWith(changes);
  return {
    ...inputsWith(),
    applied: { visibility, gated },
    heard: noted(undefined, acknowledgePublic),
    status: "active",
    ...changes,
  };
};

export const open = { visibility: "public", acknowledgePublic: "product page" } as const;
