// Checks that a class whose arguments and fields differ does not compile. Compiled with the tests.
import { type Field, type ResourceShape, shapeOf } from "../../provider/src/model/fields";

/** Definitions that do not compile, because their arguments and fields differ. */
export function fieldsAndArguments(field: Field): ResourceShape[] {
  const model = { type: "Thing", outputs: {} } as const;
  return [
    shapeOf<{ name: string; size?: number }>()({
      ...model,
      fields: { owner: field, name: field, size: field },
    }),
    // @ts-expect-error -- an argument without a field
    shapeOf<{ name: string; size?: number }>()({ ...model, fields: { name: field } }),
    // @ts-expect-error -- an argument of one form without a field
    shapeOf<{ name: string } | { id: string }>()({ ...model, fields: { name: field } }),
    // @ts-expect-error -- a field without an argument
    shapeOf<{ name: string }>()({ ...model, fields: { name: field, size: field } }),
  ];
}
