/** `2026-01-31 12:00:00`, in UTC. Returns a text that is not a time unchanged. */
export function timeOf(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** `2026-01-31 12:00:00 UTC`. Returns a text that is not a time unchanged. */
export function timeText(time: string): string {
  return Number.isNaN(Date.parse(time)) ? time : `${timeOf(time)} UTC`;
}
