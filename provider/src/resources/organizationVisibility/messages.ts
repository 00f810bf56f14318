// The messages of OrganizationVisibility.
import { printableLine } from "../../client/printable";
import { firstOf, messageOf } from "../../model/words";
import { type Found, type Obstacle } from "./decisions";
import { type OrganizationVisibilityInputs } from "./model";

/** A repository in words, such as "model acme/llm". */
export function named({ repo, repoType }: { repo: string; repoType: string }): string {
  return printableLine(`${repoType} ${repo}`, 200);
}

/** Why it is unclear whether a list has all repositories. */
export function mayHideSome(organization: string): { message: string } {
  return { message: `The Hub lists the repositories of ${organization} that these credentials may see.` };
}

/** The violations, the widest ones by name. */
export function violationsText(
  found: readonly Found[],
  { organization, mode, maxChanges }: OrganizationVisibilityInputs,
  { repositoryCount, authorOf }: { repositoryCount: number; authorOf: (each: Found) => string },
): string {
  const names = found.map(
    (each) => `${named(each)} (${each.visibility}, allowed: ${each.allowed})${authorOf(each)}`,
  );
  const plan =
    mode === "enforce"
      ? `A later \`pulumi up\` narrows them, at most ${maxChanges} in each run.`
      : "Narrow them on the Hub, or add them to exceptions with a reason.";
  return [
    `more people can see ${found.length} of the ${repositoryCount} repositories of ${organization} than the program allows: ${firstOf(names)}.`,
    ...(found.some(({ target }) => target) ? [plan] : []),
    ...Object.entries(OBSTACLES).flatMap(([obstacle, textOf]) => {
      const hindered = found.filter((each) => each.obstacle === obstacle);
      return hindered.length === 0 ? [] : [textOf(firstOf(hindered.map(named)))];
    }),
  ].join(" ");
}

/** Why some violations are only reported, and what to do. */
const OBSTACLES: Record<Obstacle, (names: string) => string> = {
  type: (names) =>
    `This release cannot change the visibility of ${names}. Change it on the Hub, or add the repository to exceptions.`,
  visibility: (names) =>
    `The visibility of ${names} is not known to this release, so it counts as public and is not changed. Install a later release.`,
  declared: (names) =>
    `A RepoVisibility of this stack declares ${names} wider than allowed, so it is not narrowed. Pass that resource in exceptions, or declare a narrower visibility.`,
};

export function absentText(absent: readonly { repo: string; repoType: string }[]): string {
  return `no repository matches these exceptions: ${firstOf(absent.map(named))}. Remove them, or correct repo and repoType.`;
}

/** What an update is going to narrow. */
export function planText(targets: readonly Found[], most: number): string {
  const next = targets
    .slice(0, most)
    .map((each) => `${named(each)} from ${each.visibility} to ${each.target}`);
  const later = targets.length - next.length;
  return `\`pulumi up\` narrows ${firstOf(next)}${later > 0 ? `, and ${later} more in later runs` : ""}.`;
}

/** Repositories that could not be narrowed, all by name. */
export function failuresText(failures: readonly { each: Found; error: unknown }[], tried: number): string {
  const names = failures.map(({ each }) => named(each)).join(", ");
  const reasons = [...new Set(failures.map(({ error }) => messageOf(error)))];
  return (
    `${failures.length} of ${tried} repositories could not be narrowed: ${names}. Other changes of this run are done and kept. ` +
    `Fix the cause and run \`pulumi up\` again. ${reasons.join(" ")}`
  );
}
