// The time by which states are said: how far the log was known when the list was answered, going on
// by this device's steady clock since. So a device whose wall clock is wrong shows the same as all
// others.

let reached: number | null = null;
let answered = 0;

export function reachedIs(at: string): void {
  const time = Date.parse(at);
  // An answer that was on its way for longer must not put the time back.
  if (reached !== null && time < reached + (performance.now() - answered)) return;
  reached = time;
  answered = performance.now();
}

export function now(): Date {
  if (reached === null) return new Date();
  return new Date(reached + (performance.now() - answered));
}

/** How far the record lies behind this device's clock; only of use where it is much. */
export const behindMs = (): number => (reached === null ? 0 : Date.now() - now().getTime());
