import type { Zone } from "./zone.ts";

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * From when on work counts.
 *
 * @param text so long before now (`90m`, `1h30m`, `7d`), or a date with or without a time (`2026-11-26`, `2026-11-26T10:00`, with or
 *   without an offset; without one in `zone`)
 * @throws Error when it is neither, or lies ahead
 */
export function parseSince(text: string, now: number, zone: Zone): number {
  const time = before(text, now) ?? dateIn(text, zone);
  if (time === undefined)
    throw new Error(
      `--since ${text}: write a duration such as 90m, 2h or 7d, or a date such as 2026-11-26, 2026-11-26T10:00 or 2026-11-26T10:00:00Z`,
    );
  if (time > now) throw new Error(`--since ${text}: lies ahead`);
  return time;
}

function before(text: string, now: number): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text) return undefined;
  return (
    now - parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit as string] as number), 0)
  );
}

function dateIn(text: string, zone: Zone): number | undefined {
  const found =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/i.exec(text) ?? undefined;
  if (!found) return undefined;
  const [, date = "", clock = "00:00", offset] = found;
  // A month has not always 31 days: such a date would be taken for one of the next month.
  const day = new Date(`${date}T00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) return undefined;
  if (Number.isNaN(Date.parse(`${date}T${clock}Z`))) return undefined;
  return offset ? Date.parse(`${date}T${clock}${offset.toUpperCase()}`) : zone.timeOf(`${date}T${clock}`);
}
