// Finds every regular expression of the provider, so that the test covers new ones automatically.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { type ArgsSchema } from "../../provider/src/model/definition";
import { definitions } from "./definitions";

/** A regular expression and its location. */
export interface FoundExpression {
  where: string;
  expression: RegExp;
}

const SOURCE = join(__dirname, "../../provider/src");

/** The expressions in the code, and the patterns of the schemas as the validator compiles them. */
export function allExpressions(): FoundExpression[] {
  return [...expressionsInCode(), ...definitions.flatMap(({ type, schema }) => patternsIn(type, schema))];
}

function expressionsInCode(): FoundExpression[] {
  const found: FoundExpression[] = [];
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(join(SOURCE, file), "utf8");
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf("/");
        const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
        const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
        found.push({ where: `${file}:${line}`, expression });
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return found;
}

function patternsIn(where: string, schema: ArgsSchema | Record<string, unknown>): FoundExpression[] {
  const found: FoundExpression[] = [];
  for (const [key, value] of Object.entries(schema)) {
    // The validator compiles patterns with this flag.
    if (key === "pattern" && typeof value === "string")
      found.push({ where, expression: new RegExp(value, "u") });
    else if (typeof value === "object" && value !== null) {
      found.push(...patternsIn(`${where}.${key}`, value as Record<string, unknown>));
    }
  }
  return found;
}
