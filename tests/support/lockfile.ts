// What the lockfile says about packages, read without npm.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  inBundle?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export const ROOT = join(__dirname, "../..");

export const readText = (path: string): string => readFileSync(join(ROOT, path), "utf8");

export const lockedPackages = (): Record<string, LockedPackage> =>
  (JSON.parse(readText("package-lock.json")) as { packages: Record<string, LockedPackage> }).packages;

/** The package name at the end of a lockfile path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + 13);

/** The paths of all packages that a workspace package installs, without peer dependencies. Other workspace packages are links. */
export function broughtAlong(folder: string, packages = lockedPackages()): string[] {
  const found = new Set<string>();
  const follow = (from: string): void => {
    const { dependencies, optionalDependencies } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = upwards(from)
        .map((place) => `${place}node_modules/${name}`)
        .find((place) => packages[place]);
      if (path === undefined) throw new Error(`The lockfile does not contain ${name}, which ${from} needs.`);
      if (found.has(path)) continue;
      found.add(path);
      const { link, resolved } = packages[path] ?? {};
      follow(link && resolved !== undefined ? resolved : path);
    }
  };
  follow(folder);
  return [...found];
}

/** The folders in which Node.js looks for a package's dependencies, nearest first, each with a slash at the end. */
function upwards(path: string): string[] {
  const parts = path.split("/node_modules/");
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join("/node_modules/")}/`), ""];
}
