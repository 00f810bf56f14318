// Right answers of a Hub, for tests that are about something else.

export const ID = "6650000000000000000000aa";

/** To `listTokens`. */
export const TOKENS = [{ name: "ci", role: "read", createdAt: "2026-01-01T00:00:00Z", lastUsed: null }];

/** To `createToken`. */
export const CREATED = {
  name: "ci",
  role: "read",
  createdAt: "2026-01-01T00:00:00Z",
  token: "hf_NewTokenNewTokenNewTokenNewToken12",
};
