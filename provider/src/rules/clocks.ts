/** How far the Hub's clock and this machine's clock may differ, in milliseconds. */
export const WRONG_CLOCK = 5 * 60_000;

/** The time on the Hub's clock (`now`) and on this machine's clock (`runnerNow`). */
export interface Clocks {
  now: Date;
  runnerNow: Date;
}

/** The earlier of the two times: a period that is over by this time is over on both clocks. */
export function earlierOf({ now, runnerNow }: Clocks): Date {
  return now < runnerNow ? now : runnerNow;
}

/** The later of the two times: the start of a period that must last its full length on both clocks. */
export function laterOf({ now, runnerNow }: Clocks): Date {
  return now > runnerNow ? now : runnerNow;
}

/** Why nothing may be revoked because of the time, or `undefined`. */
export function doubtAboutTime(clocks: Clocks & { hubTimeIsKnown: boolean }): string | undefined {
  // guard: hub-time-known
  if (!clocks.hubTimeIsKnown) return "the Hub did not send its time";
  return clocksDiffer(clocks)
    ? "the clocks of this machine and the Hub differ by more than 5 minutes"
    : undefined;
}

/** Whether the clocks differ so much that nothing may be revoked because of the time. */
export function clocksDiffer({ now, runnerNow }: Clocks): boolean {
  return Math.abs(now.getTime() - runnerNow.getTime()) > WRONG_CLOCK;
}
