import { known } from "../model/unknown";

/** Milliseconds in an hour and in a day. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The values that decide when a token gets a successor. */
export interface RotationSchedule {
  createdAt: string;
  rotateEveryDays?: number;
  rotateBeforeDays?: number;
  /** When the token expires. */
  expiresAt?: string;
  /** Whether a person declared that expiry. A successor would expire at the same time, so it is not a reason to rotate. */
  expiryDeclared: boolean;
}

/** The data of a token that a rotation needs. */
export interface RotatedToken {
  createdAt: string;
  expiresAt?: string;
  /** The values that were last sent. */
  applied: { expiresAt?: string };
}

/** The rotation schedule of a token with these arguments. Arguments that are not known yet are ignored. */
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

/** When a successor is due; `undefined` if no rotation is scheduled. */
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

/** Whether the time has passed. */
export function isPast(moment: string | undefined, now: Date): boolean {
  return moment !== undefined && Date.parse(moment) <= now.getTime();
}

/** The data of a predecessor that decides whether it may be revoked. */
export interface Predecessor {
  supersededAt: string;
  lastUsedAt?: string | null;
}

/** What to do with a predecessor now. */
export type Retirement =
  { verdict: "overlap"; until: string } | { verdict: "in use"; minutesAgo: number } | { verdict: "revoke" };

/**
 * Decides whether a predecessor may be revoked: after `overlapHours`, and once it has not been used for `idleMinutes` (0 disables the
 * idle check).
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
