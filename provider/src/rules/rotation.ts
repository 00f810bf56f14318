import { known } from "../model/unknown";

/** Milliseconds in an hour and a day. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** What decides when a token is to be replaced by a successor. */
export interface RotationSchedule {
  createdAt: string;
  rotateEveryDays?: number;
  rotateBeforeDays?: number;
  /** When the token ends. */
  expiresAt?: string;
  /** Whether a person declared that end. A successor would end at the same moment, so the end is no reason to rotate. */
  expiryDeclared: boolean;
}

/** What a rotation needs to know of a token. */
export interface RotatedToken {
  createdAt: string;
  expiresAt?: string;
  /** What was last sent. */
  applied: { expiresAt?: string };
}

/** The schedule of a token under these arguments; an argument that is not known yet asks for nothing. */
export function scheduleOf(
  token: RotatedToken,
  inputs: { rotateEveryDays?: number; rotateBeforeDays?: number },
): RotationSchedule {
  return {
    createdAt: token.createdAt,
    expiresAt: token.expiresAt,
    expiryDeclared: token.applied.expiresAt !== undefined,
    rotateEveryDays: known(inputs.rotateEveryDays),
    rotateBeforeDays: known(inputs.rotateBeforeDays),
  };
}

/** When a successor falls due, or `undefined` if nothing asks for one. */
export function rotateAt(schedule: RotationSchedule): string | undefined {
  const moments: number[] = [];
  if (schedule.rotateEveryDays !== undefined) {
    moments.push(Date.parse(schedule.createdAt) + schedule.rotateEveryDays * DAY);
  }
  if (schedule.rotateBeforeDays !== undefined && schedule.expiresAt && !schedule.expiryDeclared) {
    moments.push(Date.parse(schedule.expiresAt) - schedule.rotateBeforeDays * DAY);
  }
  return moments.length > 0 ? new Date(Math.min(...moments)).toISOString() : undefined;
}

/** Whether the moment has come. */
export function isPast(moment: string | undefined, now: Date): boolean {
  return moment !== undefined && Date.parse(moment) <= now.getTime();
}

/** What the Hub says about a predecessor when its end is considered. */
export interface Predecessor {
  supersededAt: string;
  lastUsedAt?: string | null;
}

/** How a predecessor is to be treated now. */
export type Retirement =
  { verdict: "overlap"; until: string } | { verdict: "in use"; minutesAgo: number } | { verdict: "revoke" };

/**
 * Whether a predecessor may be revoked: after `overlapHours`, once it has not been used for `idleMinutes`
 * (0 asks nothing).
 */
export function retirement(
  predecessor: Predecessor,
  overlapHours: number,
  idleMinutes: number,
  now: Date,
): Retirement {
  const end = Date.parse(predecessor.supersededAt) + overlapHours * HOUR;
  if (end > now.getTime()) return { verdict: "overlap", until: new Date(end).toISOString() };
  if (idleMinutes > 0 && predecessor.lastUsedAt) {
    const idle = Math.max(0, Math.floor((now.getTime() - Date.parse(predecessor.lastUsedAt)) / 60_000));
    if (idle < idleMinutes) return { verdict: "in use", minutesAgo: idle };
  }
  return { verdict: "revoke" };
}
