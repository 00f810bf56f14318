// What the parts of the survey share.
import { type AuthoredRepo } from "pulumi-huggingface/client";
import { type Survey } from "../found";
import { isOutage, type Reader } from "../reader";

export type Part = Pick<Survey, "found" | "leftOut">;

/** What a part of the survey can use. */
export interface Asked {
  reader: Reader;
  organization: string;
}

/** The repositories of the organization of one type. */
export async function listed(
  { reader, organization }: Asked,
  type: "model" | "dataset" | "space" | "bucket",
): Promise<AuthoredRepo[]> {
  const repositories = await reader.ask((client) =>
    type === "bucket"
      ? client.listBuckets(organization)
      : client.listReposOf(organization, { type, ...(type !== "space" && { gates: true }) }),
  );
  reader.know(type, repositories);
  return repositories;
}

/** Whether an error is not about one object or kind: the token cannot be used, or the Hub does not answer. */
export function endsSurvey(error: unknown): boolean {
  const isAboutToken =
    (error as { status?: unknown }).status === 401 || (error as Error).name === "ConfigurationError";
  return isAboutToken || isOutage(error);
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** In the order of their titles, which does not depend on the Hub's. */
export function sorted<T extends { title: string }>(items: readonly T[]): T[] {
  return [...items].sort((one, other) => (one.title < other.title ? -1 : one.title > other.title ? 1 : 0));
}
