// A RepoVisibility that is declared, and what is kept of it.
import { toState } from "../../provider/src/resources/repoVisibility/decisions";
import {
  type RepoVisibilityInputs,
  type RepoVisibilityState,
} from "../../provider/src/resources/repoVisibility/model";

export const inputsWith = (changes: object = {}): RepoVisibilityInputs => ({
  owner: "0123abcd",
  repo: "acme/llm",
  repoType: "model",
  visibility: "private",
  onDestroy: "retain",
  ...changes,
});

export const stateWith = (changes: object = {}): RepoVisibilityState => ({
  ...toState(inputsWith(changes)),
  ...changes,
});

export const open = { visibility: "public", acknowledgePublic: "product page" } as const;
