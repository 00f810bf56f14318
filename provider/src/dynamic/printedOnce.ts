// What a check, a diff, a read or a delete throws, the SDK prints itself, with a colon and the stack behind it, before the engine
// shows it. Should the SDK write it otherwise some day, it is printed twice again, and nothing is lost.

const expected = new Set<string>();
let listening = false;

/** Keeps the SDK from printing an error without a stack, which the engine shows as well. */
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
