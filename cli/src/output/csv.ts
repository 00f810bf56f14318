import { stringify } from "csv-stringify/sync";
import { shown } from "../terminal";

/**
 * One line of CSV, without the line break at its end. Cells that a spreadsheet would run as a formula get a leading apostrophe.
 *
 * @param cells - may contain text from outside
 */
export function csvLine(cells: readonly string[]): string {
  return stringify([cells.map(shown)], { escape_formulas: true }).replace(/\n$/, "");
}
