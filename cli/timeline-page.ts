import { formatDuration } from "../provider/core/data/duration.ts";
import type { Bar, Phase } from "./timeline.ts";

const rowHeight = 22;
const labelWidth = 300;
const chartWidth = 900;
const noteWidth = 90;
const axisHeight = 34;

const colors: Record<Phase["kind"], string> = { request: "#8a94a6", wait: "#2f6fde", verify: "#27a06b" };
const failureColor = "#d33a2c";

/** One self-contained HTML page: no script, nothing loaded from anywhere, fit for a change ticket. */
export function timelinePage(bars: Bar[]): string {
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(...bars.map((bar) => bar.to), from + 1);
  const title =
    bars.length === 0 ? "No work recorded" : `${new Date(from).toISOString()}, ${formatDuration(to - from)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Timeline: ${escaped(title)}</title>
<style>
body { font: 13px/1.4 system-ui, sans-serif; margin: 24px; color: #1c2430; background: #fff }
h1 { font-size: 18px; margin: 0 0 4px } p { margin: 0 0 12px; color: #556 }
.key { display: inline-block; width: 12px; height: 12px; margin: 0 4px 0 14px; vertical-align: -1px; border-radius: 2px }
svg text { font: 12px system-ui, sans-serif; fill: #1c2430 } svg .dim { fill: #667 } svg .bad { fill: ${failureColor} }
</style>
<h1>${escaped(title)}</h1>
<p>${bars.length} ${bars.length === 1 ? "resource" : "resources"}${legend()}</p>
${bars.length === 0 ? "<p>No resource of this stack had work to do.</p>" : chart(bars, from, to)}
</html>
`;
}

function legend(): string {
  const keys = Object.entries({ ...colors, "failed or not finished": failureColor });
  return keys.map(([name, color]) => `<span class="key" style="background:${color}"></span>${name}`).join("");
}

function chart(bars: Bar[], from: number, to: number): string {
  const x = (time: number) => labelWidth + ((time - from) / (to - from)) * chartWidth;
  const height = axisHeight + bars.length * rowHeight + 8;
  const width = labelWidth + chartWidth + noteWidth;
  const rows = bars.map((bar, index) => row(bar, axisHeight + index * rowHeight, x));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
${axis(from, to, height, x)}
${rows.join("\n")}
</svg>`;
}

function axis(from: number, to: number, height: number, x: (time: number) => number): string {
  const step = stepFor((to - from) / 8);
  const marks: string[] = [];
  for (let time = 0; time <= to - from; time += step) {
    const at = x(from + time).toFixed(1);
    marks.push(`<line x1="${at}" x2="${at}" y1="${axisHeight - 8}" y2="${height}" stroke="#e3e6ec"/>`);
    marks.push(
      `<text class="dim" x="${at}" y="${axisHeight - 14}" text-anchor="middle">${formatDuration(time)}</text>`,
    );
  }
  return marks.join("\n");
}

/** The next round number of milliseconds: 1, 2 or 5 times a power of ten below a minute, else whole minutes. */
function stepFor(wanted: number): number {
  if (wanted > 30_000) return Math.ceil(wanted / 60_000) * 60_000;
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 1)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= wanted) as number);
}

function row(bar: Bar, top: number, x: (time: number) => number): string {
  const middle = top + rowHeight / 2 + 4;
  const shapes = bar.phases.map(({ kind, what, from, to }) => {
    const hint = `${what ?? kind}: ${formatDuration(to - from)}`;
    return block(
      x(from),
      x(to),
      top,
      bar.trouble ? failureColor : colors[kind],
      hint,
      bar.trouble && kind !== "wait" ? 0.55 : 1,
    );
  });
  const note = bar.trouble ? "failed" : formatDuration(bar.to - bar.from);
  return `<g><title>${escaped(`${bar.name} (${bar.type})${bar.trouble ? `: ${bar.trouble}` : ""}`)}</title>
<text x="0" y="${middle}">${escaped(shorten(bar.name, 22))} <tspan class="dim">${escaped(shorten(bar.type, 28))}</tspan></text>
${shapes.join("")}
<text class="${bar.trouble ? "bad" : "dim"}" x="${(x(bar.to) + 6).toFixed(1)}" y="${middle}">${note}</text></g>`;
}

function block(
  left: number,
  right: number,
  top: number,
  color: string,
  hint: string,
  opacity: number,
): string {
  const width = Math.max(right - left, 1.5).toFixed(1);
  return `<rect x="${left.toFixed(1)}" y="${top + 4}" width="${width}" height="${rowHeight - 8}" fill="${color}" opacity="${opacity}"><title>${escaped(hint)}</title></rect>`;
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}
