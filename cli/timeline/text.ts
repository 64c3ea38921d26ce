import { formatDuration } from "../../provider/core/data/duration.ts";
import type { Zone } from "./zone.ts";

/** Text for HTML, in elements and in attributes. */
export function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}

export function named(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `3m12s`; from two days on in days and hours: `9d4h`. */
export function took(milliseconds: number): string {
  if (milliseconds < 2 * 86_400_000) return formatDuration(milliseconds);
  const hours = Math.round(milliseconds / 3_600_000);
  return `${Math.floor(hours / 24)}d${hours % 24 === 0 ? "" : `${hours % 24}h`}`;
}

/** `10:00:03 – 10:00:13`; the date before the first where it is wanted, before the second where it is another day. */
export function times(
  { from, to }: { from: number; to: number },
  zone: Zone,
  { isDated = false, isOpen = false } = {},
): string {
  const [day, last] = [zone.date(from), zone.date(to)];
  const begin = `${isDated || (day !== last && !isOpen) ? `${day} ` : ""}${zone.clock(from)}`;
  if (isOpen) return `${begin} – ?`;
  return `${begin} – ${day === last ? "" : `${last} `}${zone.clock(to)}`;
}
