import { clock } from "../core/data/clock.ts";

/** The longest pause that is taken for meant. No documented call ends one early, so a slip of the pen would stay. */
const longestYears = 10;
const longest = longestYears * 366 * 86_400_000;

/** With a time zone: without one it would mean another time on another machine. */
const iso8601 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** Milliseconds since the epoch, or why it is no time that can be meant. Says nothing about now. */
export function readTime(value: string | number): number | string {
  const quoted = JSON.stringify(value);
  if (typeof value === "number" || /^-?\d+$/.test(value.trim())) return readEpoch(Number(value));
  const [, day] = iso8601.exec(value.trim()) ?? [];
  const time = Date.parse(value.trim());
  if (day && !Number.isNaN(time) && isCalendarDay(day)) return time;
  const withZone = `${value.trim().replace(" ", "T").slice(0, 16)}`;
  return /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(value.trim()) && !Number.isNaN(time)
    ? `${quoted} has no time zone: write "${withZone.length === 10 ? `${withZone}T00:00` : withZone}Z", or with +02:00 for yours`
    : `${quoted} is not a date: write ${example()}`;
}

/** Why a time cannot be paused until now, if so. */
export function untimely(time: number, now = clock.now()): string | undefined {
  if (time <= now) {
    return `${new Date(time).toISOString()} is in the past (it is ${new Date(now).toISOString()}): write a time to come`;
  }
  if (time - now <= longest) return undefined;
  return `${new Date(time).toISOString()} is more than ${longestYears} years away, and no call ends a pause early: write a nearer time`;
}

/** A number counts milliseconds; what would be a time between 1973 and 5138 in another unit is named as such. */
function readEpoch(value: number): number | string {
  const inUnit = [
    ["seconds", 1_000],
    ["microseconds", 1 / 1_000],
    ["nanoseconds", 1 / 1_000_000],
  ] as const;
  const isPlausible = (time: number) => time >= 1e11 && time < 1e14;
  if (isPlausible(value))
    return Number.isInteger(value) ? value : `${value} is not a whole number of milliseconds`;
  for (const [unit, milliseconds] of inUnit) {
    const time = Math.round(value * milliseconds);
    if (isPlausible(time))
      return `${value} looks like ${unit} (${new Date(time).toISOString()}): write ${time}, in milliseconds since the epoch`;
  }
  return `${value} is no time in milliseconds since the epoch: write ${example()}`;
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function example(): string {
  const soon = new Date(clock.now() + 3_600_000);
  soon.setUTCMilliseconds(0);
  return `${JSON.stringify(soon.toISOString())} or ${soon.getTime()} (an hour from now)`;
}
