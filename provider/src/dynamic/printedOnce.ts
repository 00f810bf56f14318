// The SDK prints an error of check, diff, read or delete before the engine shows it. This module suppresses the SDK's copy. If a later
// SDK uses another format, the error is printed twice.

const expected = new Set<string>();
let listening = false;

/** Suppresses the SDK's copy of an error without a stack. */
export function printedOnce(error: Error): void {
  expected.add(`${String(error)}: ${error.stack ?? ""}`);
  if (listening) return;
  listening = true;
  const original = console.error.bind(console);
  console.error = (...parts: unknown[]) => {
    if (parts.length === 1 && expected.has(String(parts[0]))) return;
    original(...parts);
  };
}
