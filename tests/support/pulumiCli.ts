let found: Promise<string> | undefined;

/** The folder that holds the Pulumi CLI; the first call may install one, which takes minutes. */
export function pulumiBinDir(): Promise<string> {
  found ??= (async () => {
    const { ensurePulumi } = await import("../../scripts/pulumi-cli.mjs");
    return (await ensurePulumi()).binDir;
  })();
  return found;
}
