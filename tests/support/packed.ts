/** The newest release of the SDK that the packages were tried with. */
export const NEWEST_SDK = "3.276.0";

/** Packs both packages into a folder; returns their files by the package's name. */
export async function packAll(destination: string): Promise<Record<string, string>> {
  const scripts = await import("../../scripts/pack.mjs");
  return scripts.packAll(destination);
}

/** The settings for the compiler in Pulumi's template for TypeScript. */
export const TEMPLATE = {
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  sourceMap: true,
  experimentalDecorators: true,
  pretty: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};
