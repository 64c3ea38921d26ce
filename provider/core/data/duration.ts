import { InputError } from "./errors.ts";

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const whole = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** Node's timers overflow beyond this (24.8 days): longer durations are refused rather than silently shortened. */
const longest = 2 ** 31 - 1;

/**
 * Milliseconds of a duration as users write it: `"90s"`, `"30m"`, `"1h30m"`, or seconds as a number.
 *
 * @param property where it stands, for the error
 * @param zero whether none at all is a duration, too
 * @throws InputError when it is not a duration, shorter than 1 ms, or longer than 24 days
 */
export function parseDuration(value: string | number, property: string, { zero = false } = {}): number {
  const text = String(value).trim();
  const total = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : sumOf(text);
  if (total === 0 && zero) return 0;
  if (total === undefined || total < 1 || total > longest) {
    throw new InputError(
      property,
      `${JSON.stringify(value)} ${objectionTo(total)}: write "90s", "30m", "1h30m" or a number of seconds`,
    );
  }
  return total;
}

function objectionTo(total: number | undefined): string {
  if (total === undefined) return "is not a duration";
  if (!(total > 0)) return "must be positive";
  return total < 1 ? "is shorter than 1ms" : "is too long";
}

function sumOf(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(part))
    sum += Number(amount) * (units[unit as string] as number);
  return sum;
}

/** A duration as people read it: `0.4s`, `42s`, `3m12s`, `1h30m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(milliseconds / 1_000).toFixed(1)}s`;
  const seconds = Math.round(milliseconds / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60];
  return [h && `${h}h`, m && `${m}m`, s && `${s}s`].filter(Boolean).join("") || "0s";
}
