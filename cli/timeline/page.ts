import { type Chart, chartOf, headOf } from "./chart.ts";
import { style } from "./style.ts";
import { escaped, named, times, took } from "./text.ts";
import type { State, Work } from "./work.ts";
import type { Zone } from "./zone.ts";

export interface Page {
  stack: string;
  project: string;
  works: Work[];
  zone: Zone;
  /** What is older has been left out. */
  since?: { time: number; left: number };
}

const words: Record<State, string> = { done: "done", unfinished: "▸ unfinished", failed: "✖ failed" };

/** One self-contained HTML page: no script, nothing loaded from anywhere, fit for a change ticket. The same work is the same page. */
export function timelinePage(page: Page): string {
  const { stack, project, works, zone, since } = page;
  const title = `Timeline of ${stack || "a stack"}${project && ` (${project})`}`;
  const timed = works.filter(({ span }) => span !== undefined);
  const untimed = works.filter(({ span }) => span === undefined);
  const left = since?.left
    ? `; ${since.left} older ${since.left === 1 ? "piece" : "pieces"} of work left out`
    : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${since ? `<p>Since ${zone.date(since.time)} ${zone.clock(since.time)} ${escaped(zone.label(since.time, since.time))}${left}.</p>\n` : ""}${timed.length > 0 ? table(timed, page) : works.length === 0 ? "<p>No work recorded: no resource of this stack had anything to do.</p>" : ""}
${untimed.length > 0 ? listOf(untimed) : ""}
</body>
</html>
`;
}

function table(works: Work[], { zone }: Page): string {
  const chart = chartOf(works, zone);
  const { from, to } = chart;
  const counts = (Object.keys(words) as State[])
    .map((state) => [works.filter((work) => work.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const when = times({ from, to }, zone, { isDated: true });
  return `<p>${escaped(when)} ${escaped(zone.label(from, to))}, ${took(to - from)}. ${named(works.length, "resource")}: ${counts.join(", ")}.</p>
${keys(works, chart)}
<table>
<thead><tr><th class="name">Resource</th><th class="chart"><div>${headOf(chart)}</div></th><th class="times">Began and ended (${escaped(zone.label(from, to))})</th><th class="state">State</th></tr></thead>
${works.map((work) => rowsOf(work, chart, zone)).join("\n")}
</table>`;
}

/** What is not in the chart is not explained. */
function keys(works: Work[], { scale }: Chart): string {
  const has = (state: State) => works.some((work) => work.state === state);
  const bar = (kind: string) =>
    `<svg viewBox="0 0 26 12" aria-hidden="true"><rect class="${kind}" width="26" height="12"/></svg>`;
  const all = [
    `${bar("request")}request: up to the first wait`,
    `${bar("wait")}wait`,
    `${bar("verify")}verify: after the last one`,
    has("unfinished") && "▸ unfinished: last seen there; the next pulumi up resumes it",
    has("failed") && "✖ failed: it has ended, and the next pulumi up tries again",
    scale.cuts.length > 0 &&
      `<svg viewBox="0 0 26 12" aria-hidden="true"><path class="tear" d="M10 0l3 3l-6 3l6 3l-3 3M18 0l3 3l-6 3l6 3l-3 3"/></svg>cut out: nothing began or ended for as long as is written there`,
  ];
  return `<p class="keys">${all
    .filter((key) => key !== false)
    .map((key) => `<span>${key}</span>`)
    .join("\n")}</p>`;
}

function rowsOf(work: Work, chart: Chart, zone: Zone): string {
  const { name, type, state, span } = work;
  if (!span) return "";
  const when = times(span, zone, { isOpen: state === "unfinished" })
    .split(" – ")
    .map((time) => `<span>${time}</span>`)
    .join(" – ");
  const small = [
    ...(chart.isDated && !when.includes(zone.date(span.from)) ? [zone.date(span.from)] : []),
    state === "unfinished" ? "not ended" : took(span.to - span.from),
  ];
  const details = detailsOf(work, zone);
  return `<tbody class="${state}"><tr><th class="name" scope="row"${details && ' rowspan="2"'}>${nameOf(name, type)}</th><td class="chart"><div>${chart.draw(work)}</div></td><td class="times">${when}<small class="dim">${small.join(", ")}</small></td><td class="state">${words[state]}</td></tr>${details && `\n<tr class="details"><td colspan="3">${details}</td></tr>`}</tbody>`;
}

function nameOf(name: string, type: string): string {
  return `<b><bdi>${escaped(name)}</bdi></b><small>${escaped(type)}</small>`;
}

/** What was waited for, and why it is not done: to be read without a pointer, and on paper. */
function detailsOf({ span, reason, overridden }: Work, zone: Zone): string {
  const phases = span?.phases ?? [];
  const parts = phases.map(({ kind, what = "", from, to }) => {
    if (kind !== "wait") return `${kind} ${took(to - from)}`;
    const isDated = zone.date(from) !== zone.date(span?.from ?? from);
    return `wait ${took(to - from)} for ${escaped(what)} (${times({ from, to }, zone, { isDated })})`;
  });
  const waits = phases.some(({ kind }) => kind === "wait") ? `<p>${parts.join(" · ")}</p>` : "";
  const why = [reason, overridden && overriding(overridden)].filter((text) => text !== undefined);
  return `${why.map((text) => `<p class="reason"><bdi>${escaped(text)}</bdi></p>`).join("")}${waits}`;
}

function overriding(reason: string): string {
  return `guards overridden: ${reason}`;
}

function listOf(works: Work[]): string {
  const items = works.map(
    ({ name, type, state, overridden, reason = overridden === undefined ? "" : overriding(overridden) }) =>
      `<tbody class="${state}"><tr><th class="name" scope="row">${nameOf(name, type)}</th><td class="reason"><bdi>${escaped(reason)}</bdi></td><td class="state">${words[state]}</td></tr></tbody>`,
  );
  return `<h2>When is not on record</h2>\n<table>${items.join("\n")}</table>`;
}
