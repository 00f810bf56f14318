import { type Page } from "../../terminal";
import { type DriftReport } from "../report";
import { asJson } from "./json";
import { asJunit } from "./junit";
import { asMarkdown } from "./markdown";
import { asSarif, type Origin } from "./sarif";
import { asTable } from "./table";

/** The formats of a drift report. */
export const FORMATS = {
  table: asTable,
  json: asJson,
  markdown: asMarkdown,
  sarif: (report: DriftReport, _page: Page, origin: Origin) => asSarif(report, origin),
  junit: asJunit,
} as const satisfies Record<string, (report: DriftReport, page: Page, origin: Origin) => string>;

/** The name of a format. */
export type Format = keyof typeof FORMATS;
