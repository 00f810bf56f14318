// What the scripts say while they work: always on standard error, because standard output belongs to the command
// that the user asked for (`npm run hub` prints one line of JSON there).

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Says what begins, then how long it took; a line every 15 seconds in between, so that minutes do not pass in
 * silence.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [log]
 * @returns {Promise<T>}
 */
export async function step(what, work, log = say) {
  const begin = Date.now();
  log(`${what} …`);
  const timer = setInterval(() => log(`${what} … ${duration(Date.now() - begin)} so far`), 15_000);
  timer.unref();
  try {
    const result = await work();
    log(`${what}: done in ${duration(Date.now() - begin)}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** An error whose message is all that a user needs to see. */
export class Problem extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Problem";
  }
}

/**
 * Runs a script's main function: a {@link Problem} prints its message only, anything else its stack.
 *
 * @param {() => Promise<number | void>} main Returns the exit code.
 */
export function runMain(main) {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      say(error instanceof Problem ? error.message : String(error?.stack ?? error));
      process.exitCode = 1;
    },
  );
}
