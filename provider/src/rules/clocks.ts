/** Milliseconds by which the Hub's clock and this machine's may differ. */
export const WRONG_CLOCK = 5 * 60_000;

/** The time by the Hub's clock, and by that of the machine that runs this. */
export interface Clocks {
  now: Date;
  runnerNow: Date;
}

/** The earlier of both: what is over by that one is over by both. */
export function earlierOf({ now, runnerNow }: Clocks): Date {
  return now < runnerNow ? now : runnerNow;
}

/** The later of both: what is to last counts from that one. */
export function laterOf({ now, runnerNow }: Clocks): Date {
  return now > runnerNow ? now : runnerNow;
}

/** Why nothing may be revoked by the time, or `undefined`. */
export function doubtAboutTime(clocks: Clocks & { hubTimeIsKnown: boolean }): string | undefined {
  // guard: hub-time-known
  if (!clocks.hubTimeIsKnown) return "the Hub does not tell its time";
  return clocksDiffer(clocks) ? "the clocks of this machine and the Hub differ" : undefined;
}

/** Whether one of them is so wrong that nothing may be revoked by the time. */
export function clocksDiffer({ now, runnerNow }: Clocks): boolean {
  return Math.abs(now.getTime() - runnerNow.getTime()) > WRONG_CLOCK;
}
