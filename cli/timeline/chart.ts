import { gapLabels, type Tick, ticksOf } from "./axis.ts";
import { type Scale, scaleOf } from "./scale.ts";
import { escaped, times, took } from "./text.ts";
import type { Work } from "./work.ts";
import type { Zone } from "./zone.ts";

/** All rows on one scale. */
export interface Chart {
  from: number;
  to: number;
  /** Whether clock times alone do not say when. */
  isDated: boolean;
  scale: Scale;
  ticks: Tick[];
  draw(work: Work): string;
}

/** Units of the drawings, which are stretched to the width that there is. */
const width = 1_000;
const [height, top, bar] = [22, 5, 12];
/** What is shorter is still to be seen. */
const least = 2.5;

export function chartOf(works: Work[], zone: Zone): Chart {
  const spans = works.flatMap(({ span }) => span ?? []);
  const scale = scaleOf(spans);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to));
  return {
    from,
    to,
    isDated: zone.date(from) !== zone.date(to),
    scale,
    ticks: ticksOf(scale, zone),
    draw: (work) => draw(work, scale, zone),
  };
}

/** The clock times and the cuts above the chart, and what every row has of them. */
export function headOf({ ticks, scale }: Chart): string {
  const labels = ticks.flatMap(({ left, clock, date }) =>
    clock === undefined
      ? []
      : [`<span class="tick" style="left:${percent(left)}">${date ? `<b>${date}</b>` : ""}${clock}</span>`],
  );
  const gaps = gapLabels(scale).map(
    ({ left, text }) => `<span class="gap" style="left:${percent(left)}">${text}</span>`,
  );
  const lines = ticks.map(({ left }) => `<path class="grid" d="M${units(left)} 0V${height}"/>`);
  const cuts = scale.cuts.map(({ left, right }) => {
    const [begin, end] = [units(left), units(right)];
    const tear = (at: string) => `<path class="tear" d="M${at} 0l3 5.5l-6 5.5l6 5.5l-3 5.5"/>`;
    return `<rect class="cut" x="${begin}" y="0" width="${units(right - left)}" height="${height}"/>${tear(begin)}${tear(end)}`;
  });
  return `<svg width="0" height="0" style="position:absolute;width:0;height:0" aria-hidden="true"><defs><g id="grid">${lines.join("")}</g><g id="cuts">${cuts.join("")}</g></defs></svg>${[...labels, ...gaps].join("")}`;
}

function draw({ span, state }: Work, { place }: Scale, zone: Zone): string {
  if (!span) return "";
  const box = (from: number, to: number) => {
    const left = place(from) * (width / 100);
    return `x="${round(left)}" y="${top}" width="${round(Math.max(place(to) * (width / 100) - left, least))}" height="${bar}"`;
  };
  // What is between two waits belongs to no phase of its own: requests.
  const base = `<rect class="request" ${box(span.from, span.to)}/>`;
  const phases = span.phases
    .filter(({ kind }) => kind !== "request")
    .map(
      ({ kind, what, from, to }) =>
        `<rect class="${kind}" ${box(from, to)}><title>${escaped(`${what ?? kind}: ${took(to - from)}`)}</title></rect>`,
    );
  const frame = state === "done" ? "" : `<rect class="frame" ${box(span.from, span.to)}/>`;
  const end =
    state === "done"
      ? ""
      : `<span class="end" style="left:${percent(place(span.to))}" aria-hidden="true">${state === "failed" ? "✖" : "▸"}</span>`;
  return `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${times(span, zone, { isDated: true })}"><use href="#grid"/>${base}${phases.join("")}${frame}<use href="#cuts"/></svg>${end}`;
}

function percent(value: number): string {
  return `${round(value)}%`;
}

function units(percentage: number): string {
  return round(percentage * (width / 100));
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
