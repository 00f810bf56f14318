/** What can be adopted, in the order in which a person reads about an organization. */
export const KINDS = {
  repositories: { file: "repositories", what: "repositories with their visibility and gate" },
  "resource-groups": { file: "resourceGroups", what: "resource groups with their members and repositories" },
  members: { file: "members", what: "roles of members" },
  "service-accounts": { file: "serviceAccounts", what: "service accounts" },
  tokens: { file: "tokens", what: "tokens of service accounts" },
  "own-tokens": { file: "tokens", what: "tokens of the user whose token is used" },
  sso: { file: "sso", what: "single sign-on" },
  spaces: { file: "spaces", what: "variables of Spaces, and the names of their secrets" },
  "organization-visibility": {
    file: "organizationVisibility",
    what: "a limit that reports wider repositories",
  },
} as const;

/** One kind of objects. */
export type Kind = keyof typeof KINDS;

export const ALL_KINDS = Object.keys(KINDS) as Kind[];

/** Kinds that `--all` leaves out: not objects of the organization, or not objects on the Hub. */
const ONLY_NAMED: readonly Kind[] = ["own-tokens", "organization-visibility"];

/** The kinds that `--all` selects. */
export const USUAL_KINDS = ALL_KINDS.filter((kind) => !ONLY_NAMED.includes(kind));

/**
 * The kinds in a list that a person has written.
 *
 * @throws Error that names the allowed kinds
 */
export function kindsIn(text: string): Kind[] {
  const names = text.split(",").map((name) => name.trim());
  return names.map((name) => {
    const kind = ALL_KINDS.find((each) => each === name);
    if (kind) return kind;
    throw new Error(`--kinds: "${name}" is not a kind. Allowed: ${ALL_KINDS.join(", ")}.`);
  });
}
