import { type Found, type LeftOut } from "../found";
import { plainName } from "../names";
import { forEach } from "../reader";
import { type Asked, endsSurvey, listed, type Part, sorted } from "./part";

export async function spaces({ reader, organization }: Asked): Promise<Part> {
  const kind = "spaces";
  const all = await listed({ reader, organization }, "space");
  const leftOut: LeftOut[] = [];
  const lists = await forEach(all, async ({ id: space }): Promise<Found[]> => {
    try {
      const [variables, secrets] = await Promise.all([
        reader.ask((client) => client.listSpaceVariables(space)),
        reader.ask((client) => client.listSpaceSecrets(space)),
      ]);
      const described = (description: string | undefined): object => (description ? { description } : {});
      return [
        ...Object.values(variables).map(({ key, value, description }): Found => ({
          ...{ ...setting(space, key), title: `variable ${key} of ${space}`, type: "SpaceVariable" },
          args: { space, key, value, ...described(description) },
        })),
        ...Object.values(secrets).map(({ key, description }): Found =>
          secretOf(space, key, described(description)),
        ),
      ];
    } catch (error) {
      if (endsSurvey(error)) throw error;
      leftOut.push({ kind, title: space, why: error instanceof Error ? error.message : String(error) });
      return [];
    }
  });
  return { found: sorted(lists.flat()), leftOut };
}

function setting(space: string, key: string) {
  const name = `${plainName(space.split("/")[1] ?? "")}-${plainName(key)}`;
  return { kind: "spaces" as const, id: `${space}/${key}`, subject: `${space}/${key}`, name };
}

function secretOf(space: string, key: string, described: object): Found {
  return {
    ...{ ...setting(space, key), title: `secret ${key} of ${space}`, type: "SpaceSecret" },
    args: { space, key, ...described, acknowledgeOverwrite: "Set by the program from now on." },
    ...{ unknown: "value", by: "overwriting" },
  };
}
