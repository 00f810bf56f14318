let found: Promise<string> | undefined;

/** The folder with the Pulumi CLI. The first call may install it, which takes minutes. */
export function pulumiBinDir(): Promise<string> {
  found ??= (async () => {
    const { ensurePulumi } = await import("../../scripts/pulumi-cli.mjs");
    return (await ensurePulumi()).binDir;
  })();
  return found;
}
