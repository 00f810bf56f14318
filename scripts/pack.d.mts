export function packAll(destination: string): Promise<Record<string, string>>;
