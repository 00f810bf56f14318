import { type Terminal } from "../../terminal";
import { type DriftReport } from "../report";
import { asTable } from "./table";

/** The formats of a drift report. */
export const FORMATS = {
  table: asTable,
  json: (report: DriftReport) => JSON.stringify(report, null, 2),
} as const satisfies Record<string, (report: DriftReport, terminal: Terminal) => string>;

/** The name of a format. */
export type Format = keyof typeof FORMATS;
