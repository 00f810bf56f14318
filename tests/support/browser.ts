import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";

const run = promisify(execFile);

const ADVICE =
  "No browser starts on this machine: install Chrome, Chromium or Edge, or set CHROME_PATH to a browser's executable.";

/** A browser that runs without a window. */
export interface StartedBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/**
 * Starts the Chrome, Edge or Chromium of this machine, or the Chromium that comes with the dependencies on Linux x64.
 *
 * @throws if no browser starts
 */
export async function startBrowser(): Promise<StartedBrowser> {
  const own = process.env["CHROME_PATH"];
  const installed: LaunchOptions[] = own
    ? [{ executablePath: own }]
    : [
        { channel: "chrome" },
        { executablePath: "/usr/bin/chromium" },
        { executablePath: "/usr/bin/chromium-browser" },
        { channel: "msedge" },
      ];
  for (const options of installed) {
    const browser = await chromium.launch(options).catch(() => undefined);
    if (browser) return { browser, close: () => browser.close() };
  }
  if (own || process.platform !== "linux" || process.arch !== "x64") throw new Error(ADVICE);
  return startPacked();
}

/** Unpacks the Chromium from an npm package into its own folder, with its libraries and fonts. */
async function startPacked(): Promise<StartedBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "chromium-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const unpack =
      'import("@sparticuz/chromium").then(({ default: packed }) => packed.executablePath()).then(console.log)';
    const { stdout } = await run(process.execPath, ["-e", unpack], {
      cwd: __dirname,
      // The package unpacks its libraries only on AWS Lambda, so it has to take this machine for one.
      env: { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" },
    });
    // The package's own font list names folders of AWS Lambda.
    const fonts = join(folder, "fonts.conf");
    await writeFile(fonts, `<fontconfig><dir>${join(folder, "fonts")}</dir></fontconfig>`);
    const browser = await chromium.launch({
      executablePath: stdout.trim(),
      env: {
        ...process.env,
        LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
        FONTCONFIG_FILE: fonts,
        XDG_CACHE_HOME: folder,
      },
    });
    const close = async (): Promise<void> => {
      await browser.close();
      await remove();
    };
    return { browser, close };
  } catch (error) {
    await remove();
    throw new Error(ADVICE, { cause: error });
  }
}
