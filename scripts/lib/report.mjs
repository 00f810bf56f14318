// The scripts' progress messages. They go to standard error, because standard output belongs to the command that the user
// runs (`npm run hub` prints one line of JSON there).

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
 * Does some work and reports it if it takes more than a second: the start, a line every 15 seconds, and the duration.
 *
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} [log]
 * @returns {Promise<T>}
 */
export async function step(what, work, log = say) {
  const begin = Date.now();
  const soFar = () => Date.now() - begin;
  const first = setTimeout(() => log(`${what} …`), 1_000);
  const further = setInterval(() => log(`${what} … ${duration(soFar())} so far`), 15_000);
  try {
    const result = await work();
    if (soFar() > 1_000) log(`${what}: done in ${duration(soFar())}`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(further);
  }
}

/** An error for the user: only its message is printed, without a stack trace. */
export class Problem extends Error {
  name = "Problem";
}

/**
 * Runs a script's main function. For a {@link Problem}, it prints only the message; for other errors, the stack trace.
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
