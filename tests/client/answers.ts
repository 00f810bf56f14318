// Correct answers of a Hub, for tests of other subjects.

export const ID = "6650000000000000000000aa";

/** The answer to `listTokens`. */
export const TOKENS = [{ name: "ci", role: "read", createdAt: "2026-01-01T00:00:00Z", lastUsed: null }];

/** The answer to `createToken`. */
export const CREATED = {
  name: "ci",
  role: "read",
  createdAt: "2026-01-01T00:00:00Z",
  token: "hf_NewTokenNewTokenNewTokenNewToken12",
};
