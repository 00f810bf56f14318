export function serveFolder(
  folder: string,
  base: string,
  port?: number,
): Promise<{ address: string; close(): void }>;
