import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/**
 * Serves the files of a folder on 127.0.0.1.
 *
 * @param {string} folder
 * @param {string} base The path of the address that stands for the folder: `/` or `/NAME/`.
 * @param {number} [port] Default: 4173, or any other if that is taken.
 * @returns {Promise<{ address: string, close(): void }>}
 */
export function serveFolder(folder, base, port = 4173) {
  const server = createServer((request, response) => {
    const file = fileOf(folder, base, new URL(request.url ?? "/", "http://127.0.0.1").pathname);
    if (!file)
      return response.writeHead(404, { "content-type": "text/plain" }).end("There is no such page.\n");
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    return createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE" && port !== 0) resolve(serveFolder(folder, base, 0));
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => {
      const { port: used } = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve({ address: `http://127.0.0.1:${used}${base}`, close: () => server.close() });
    });
  });
}

/** @param {string} folder @param {string} base @param {string} path @returns {string | undefined} */
function fileOf(folder, base, path) {
  if (!path.startsWith(base)) return undefined;
  let name;
  try {
    name = normalize(decodeURIComponent(path.slice(base.length)));
  } catch {
    return undefined;
  }
  if (name.startsWith("..") || name.includes("\0")) return undefined;
  const file = join(folder, name);
  return [file, join(file, "index.html")].find((each) => existsSync(each) && statSync(each).isFile());
}
