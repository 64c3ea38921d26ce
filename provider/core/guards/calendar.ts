import { DateTime, IANAZone } from "luxon";
import type { GuardTime, Weekday } from "./settings.ts";

/*
 * Times of a calendar. It is a file of its own when it is built, and loaded once there are guards: nothing in here may be shared with the
 * rest, classes of errors among it.
 */

/** From, and up to but not including, in milliseconds since the epoch; without an end on a side, infinite. */
export interface Period {
  from: number;
  to: number;
}

const weekdays: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const clockTime = /^(?:([01]?\d|2[0-3]):([0-5]\d)|(24):(00))$/;
const isoDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/i;
/** East and west of Greenwich no clock is further away than a day: `+01:70` is a slip. */
const offset = /T.*(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/i;
/** So many days ahead each weekly time has begun once, also where summer time has swallowed one. */
const fortnight = 15;

/** What is wrong with a time, and in which of its fields. Undefined: nothing. */
export function problemOf(time: GuardTime): { field: keyof GuardTime | ""; reason: string } | undefined {
  const { days, from, to, timeZone } = time;
  if (days === undefined && from === undefined && to === undefined)
    return { field: "", reason: "says no time: give days, from or to" };
  if (timeZone !== undefined && !isZone(timeZone))
    return {
      field: "timeZone",
      reason: `${JSON.stringify(timeZone)} is no time zone: write its IANA name, e.g. Europe/Berlin, or UTC`,
    };
  const isTimeOfDay = isWeekly(time);
  for (const field of ["from", "to"] as const) {
    const text = time[field];
    if (text === undefined) continue;
    const isRight = isTimeOfDay
      ? clockTime.test(text) && !(field === "from" && text === "24:00")
      : isoDate.test(text) && dateOf(text, timeZone ?? "UTC").isValid;
    if (!isRight)
      return {
        field,
        reason: isTimeOfDay
          ? `${JSON.stringify(text)} is no time of day: write "22:00", in quotes`
          : `${JSON.stringify(text)} is no date: write ISO 8601, e.g. "2026-12-01T22:00:00+01:00"`,
      };
    if (timeZone === undefined && (isTimeOfDay || !offset.test(text)))
      return {
        field: "timeZone",
        reason: "is required for times without an offset: the IANA name, e.g. Europe/Berlin, or UTC",
      };
  }
  if (timeZone === undefined && isTimeOfDay)
    return {
      field: "timeZone",
      reason: "is required for a weekly time: the IANA name, e.g. Europe/Berlin, or UTC",
    };
  if (isTimeOfDay ? isSameTime(from, to) : isEmpty(time))
    return {
      field: "to",
      reason: isTimeOfDay
        ? `is the same as from, so that it never opens: for the whole day leave both out`
        : "is not after from, so that it never opens",
    };
  return undefined;
}

/** `9:00` is `09:00`. */
function isSameTime(from: string | undefined, to: string | undefined): boolean {
  return from !== undefined && to !== undefined && minutesOf(from) === minutesOf(to);
}

function isEmpty(time: GuardTime): boolean {
  const { from, to } = datesOf(time);
  return !(from < to);
}

/** The time that goes on at that moment, until its end. Undefined: none. */
export function periodAt(time: GuardTime, now: number): Period | undefined {
  const { days, from = "00:00", to = "24:00" } = time;
  if (isWeekly(time) && days === undefined && from === "00:00" && to === "24:00") return always;
  return periodsFrom(time, now, -2, 0).find((period) => period.from <= now && now < period.to);
}

/** The first time that begins later. Undefined: there is none. */
export function periodAfter(time: GuardTime, now: number): Period | undefined {
  return periodsFrom(time, now, -1, fortnight).find((period) => period.from > now);
}

const always: Period = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** In the order of their beginnings: those of the days around that moment. */
function periodsFrom(time: GuardTime, now: number, first: number, last: number): Period[] {
  if (!isWeekly(time)) return [datesOf(time)];
  const { days = weekdays, from = "00:00", to = "24:00", timeZone = "UTC" } = time;
  const today = DateTime.fromMillis(now, { zone: timeZone }).startOf("day");
  return Array.from({ length: last - first + 1 }, (_, index) => today.plus({ days: first + index }))
    .filter(({ weekday }) => days.includes(weekdays[weekday - 1] as Weekday))
    .map((day) => {
      const begin = at(day, from);
      const end = at(day, to);
      return { from: begin, to: minutesOf(to) > minutesOf(from) ? end : at(day.plus({ days: 1 }), to) };
    })
    .filter((period) => period.from < period.to);
}

function isWeekly({ days, from, to }: GuardTime): boolean {
  return days !== undefined || [from, to].some((text) => text !== undefined && clockTime.test(text));
}

function datesOf({ from, to, timeZone = "UTC" }: GuardTime): Period {
  return {
    from: from === undefined ? always.from : momentOf(from, timeZone),
    to: to === undefined ? always.to : momentOf(to, timeZone),
  };
}

/** With an offset, a time says itself which of two it is, whatever zone stands beside it. */
function momentOf(text: string, zone: string): number {
  const date = dateOf(text, zone);
  return offset.test(text) ? date.toMillis() : earliest(date);
}

function dateOf(text: string, zone: string): DateTime {
  return DateTime.fromISO(text, { zone });
}

function minutesOf(text: string): number {
  const [, hours, minutes, midnight] = clockTime.exec(text) ?? [];
  return midnight ? 24 * 60 : Number(hours) * 60 + Number(minutes);
}

/** A time of day on that day: the first of two, where a clock that is put back shows it twice. */
function at(day: DateTime, text: string): number {
  const minutes = minutesOf(text);
  if (minutes === 24 * 60) return at(day.plus({ days: 1 }), "00:00");
  const { year, month, day: date, zone } = day;
  const time = { year, month, day: date, hour: Math.floor(minutes / 60), minute: minutes % 60 };
  return earliest(DateTime.fromObject(time, { zone }));
}

function earliest(time: DateTime): number {
  return Math.min(...time.getPossibleOffsets().map((each) => each.toMillis()));
}

/** Whether the name is one of a time zone, as IANA writes it. */
export function isZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** E.g. `from Sat 2026-11-28 22:00 to Sun 2026-11-29 04:00 Europe/Berlin (Sat 2026-11-28 21:00 to Sun 2026-11-29 03:00 UTC)`. */
export function describePeriod({ from, to }: Period, zone: string): string {
  const said = (name: string) => {
    const [begin, end] = [from, to].map((time) =>
      Number.isFinite(time)
        ? DateTime.fromMillis(time, { zone: name, locale: "en" }).toFormat(format)
        : undefined,
    );
    return [begin, end && `to ${end}`].filter(Boolean).join(" ");
  };
  return inZoneAndUtc(said, zone);
}

/** E.g. `Sun 2026-11-29 04:00 Europe/Berlin (Sun 2026-11-29 03:00 UTC)`. */
export function describeTime(time: number, zone: string): string {
  return inZoneAndUtc(
    (name) => DateTime.fromMillis(time, { zone: name, locale: "en" }).toFormat(format),
    zone,
  );
}

const format = "ccc yyyy-MM-dd HH:mm";

function inZoneAndUtc(said: (zone: string) => string, zone: string): string {
  return zone === "UTC" ? `${said("UTC")} UTC` : `${said(zone)} ${zone} (${said("UTC")} UTC)`;
}

/** The zone in which a time is told: its own, or the offset in which it was written. */
export function zoneOf({ timeZone, from, to }: GuardTime): string {
  if (timeZone !== undefined) return timeZone;
  return DateTime.fromISO(from ?? to ?? "", { setZone: true }).zoneName ?? "UTC";
}
