import { stringify } from "csv-stringify/sync";
import { shown } from "../terminal";

/** The start of a formula. A spreadsheet that separates cells with semicolons finds it after one, too. */
const FORMULA = /(^|;)(\s*)(?=[=+\-@＝＋－＠])/g;

/**
 * One line of CSV, without the line break at its end. Cells that a spreadsheet would run as a formula get a leading apostrophe.
 *
 * @param cells - may contain text from outside
 */
export function csvLine(cells: readonly string[]): string {
  return stringify([cells.map((cell) => shown(cell).replace(FORMULA, "$1$2'"))]).replace(/\n$/, "");
}
