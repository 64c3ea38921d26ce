import type { Scale, Stretch } from "./scale.ts";
import { took } from "./text.ts";
import type { Zone } from "./zone.ts";

/** A line through the chart, and what is written at it. */
export interface Tick {
  /** Per cent of the width. */
  left: number;
  clock?: string;
  /** Where it is another day than at the tick before. */
  date?: string;
}

/** Per cent of the width that a label takes. */
const [labelWidth, gapLabelWidth] = [10, 5];

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28, 91, 364].map((count) => count * day),
];

/** Round clock times, and where each stretch begins. */
export function ticksOf({ stretches, place }: Scale, zone: Zone): Tick[] {
  const ticks: Tick[] = [];
  let free = 0;
  let lastDate: string | undefined;
  const add = (time: number, left: number, tenths: boolean) => {
    if (left < free || left > 100 - labelWidth) return ticks.push({ left });
    const date = zone.date(time);
    ticks.push({ left, clock: zone.clock(time, tenths), ...(date !== lastDate && { date }) });
    lastDate = date;
    free = left + labelWidth;
    return;
  };
  for (const [index, stretch] of stretches.entries()) {
    const { from, to, left, right } = stretch;
    const step = stepFor(stretch);
    add(from, from === to ? (left + right) / 2 : left, from < to && step < second);
    const next = stretches[index + 1]?.left ?? 100 + labelWidth;
    for (const time of roundTimes(from, to, step, zone)) {
      const at = place(time);
      if (at >= free && at + labelWidth <= next) add(time, at, step < second);
    }
  }
  return ticks;
}

/** The shortest step whose labels have room. */
function stepFor({ from, to, left, right }: Stretch): number {
  const perLabel = right > left ? ((to - from) / (right - left)) * labelWidth : 0;
  return steps.find((step) => step >= perLabel) ?? (steps.at(-1) as number);
}

/** Times after `from` at which the zone's clocks show a multiple of the step. */
function roundTimes(from: number, to: number, step: number, zone: Zone): number[] {
  const offset = zone.offset(from);
  const times: number[] = [];
  for (let shown = (Math.floor((from + offset) / step) + 1) * step; shown - offset <= to; shown += step)
    times.push(shown - offset);
  return times;
}

/** How long each time was that is cut out, as far as there is room to write it. */
export function gapLabels({ cuts }: Scale): { left: number; text: string }[] {
  let free = 0;
  return cuts.flatMap(({ from, to, left, right }) => {
    const middle = (left + right) / 2;
    if (middle < free) return [];
    free = middle + gapLabelWidth;
    return [{ left: middle, text: took(to - from) }];
  });
}
