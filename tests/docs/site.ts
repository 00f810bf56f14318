// The site, built into a folder of its own as for a path below an address.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./documents";

const run = promisify(execFile);

export const BASE = "/below/a/path/";

export interface Site {
  folder: string;
  /** The paths of the pages, such as `resources/hub-token.html`. */
  pages: string[];
  html(page: string): string;
  /** The ids of a page's elements. */
  ids(page: string): Set<string>;
  remove(): Promise<void>;
}

export async function buildSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "site-"));
  await run(process.execPath, ["scripts/docs.mjs"], {
    cwd: ROOT,
    env: { ...process.env, DOCS_OUT: folder, DOCS_BASE: BASE },
  });
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const pages = files.map((file) => file.replaceAll("\\", "/")).filter((file) => file.endsWith(".html"));
  const html = (page: string): string => readFileSync(join(folder, page), "utf8");
  const ids = (page: string): Set<string> =>
    new Set([...html(page).matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id as string));
  return { folder, pages, html, ids, remove: () => rm(folder, { recursive: true, force: true }) };
}
