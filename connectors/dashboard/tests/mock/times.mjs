// Times of the made-up world, told from the instant at which it stands: days end at midnight in
// London.
const DAY = 86_400_000;

const zone = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

export function wall(instant) {
  const part = Object.fromEntries(zone.formatToParts(instant).map((one) => [one.type, one.value]));
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    hour: Number(part.hour),
    minute: Number(part.minute),
  };
}

export const iso = (instant) => new Date(instant).toISOString().replace('.000Z', 'Z');

/** The civil day so many days from that of an instant. */
export function day(at, offset) {
  const middle = Date.parse(`${wall(at).day}T12:00:00Z`) + offset * DAY;
  return new Date(middle).toISOString().slice(0, 10);
}

/** An instant at a wall time of that day. */
export function time(at, offset, hour = 0, minute = 0) {
  const clock = (h, m) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}:00Z`;
  const wanted = `${day(at, offset)}T${clock(hour, minute)}`;
  const guess = Date.parse(wanted);
  const seen = wall(guess);
  const ahead = Date.parse(`${seen.day}T${clock(seen.hour, seen.minute)}`) - guess;
  return iso(guess - ahead);
}

/** First late instant where the last day in time is so many days from that of the instant. */
export const endOf = (at, offset) => time(at, offset + 1);

export const after = (at, hours) => iso(at + Math.round((hours * 3_600_000) / 1000) * 1000);

export function month(at, offset) {
  const [year, number] = wall(at).day.split('-').map(Number);
  const date = new Date(Date.UTC(year, number - 1 + offset, 1));
  return date.toISOString().slice(0, 7);
}
