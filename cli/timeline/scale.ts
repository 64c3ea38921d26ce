/** A stretch of time and where it stands in the chart, in per cent of its width. */
export interface Stretch {
  from: number;
  to: number;
  left: number;
  right: number;
}

export interface Scale {
  /** Shown at full length, all alike. */
  stretches: Stretch[];
  /** Cut out between them, since nothing begins or ends in them. */
  cuts: Stretch[];
  place(time: number): number;
}

interface Span {
  from: number;
  to: number;
  phases: { from: number; to: number }[];
}

interface Interval {
  from: number;
  to: number;
  isCut?: boolean;
}

/**
 * Lays out time so that one job a week later, or one that took a week, does not squeeze all others to nothing: long times in which nothing
 * begins or ends are cut out.
 */
export function scaleOf(spans: readonly Span[]): Scale {
  const intervals = intervalsBetween(spans);
  markCuts(intervals, spans);
  return layOut(intervals);
}

function intervalsBetween(spans: readonly Span[]): Interval[] {
  const points = spans.flatMap((span) => [span, ...span.phases].flatMap(({ from, to }) => [from, to]));
  const ordered = [...new Set(points)].sort((a, b) => a - b);
  const [first = 0] = ordered;
  if (ordered.length < 2) return [{ from: first, to: first + 1 }];
  return ordered.slice(1).map((to, index) => ({ from: ordered[index] as number, to }));
}

/** How many times as long as all work that it does not belong to a time must be, to be cut out of work that goes on through it. */
const busyFactor = 20;
/** What part of the time that is shown a time without any work may take, and milliseconds that are never too many. */
const [idlePart, shortGap] = [1 / 4, 5_000];

function markCuts(intervals: Interval[], spans: readonly Span[]): void {
  const whole = sum(intervals);
  const covers = (span: Span, { from, to }: Interval) => span.from <= from && span.to >= to;
  const isIdle = (interval: Interval) => !spans.some((span) => covers(span, interval));
  for (const interval of intervals.filter((each) => lengthOf(each) > whole / 4 && !isIdle(each))) {
    const others = spans.filter((span) => !covers(span, interval));
    const shown = sum(intervals.filter((each) => others.some((span) => covers(span, each))));
    interval.isCut = others.length > 0 && lengthOf(interval) > busyFactor * shown;
  }
  const busy = sum(intervals.filter((each) => !each.isCut && !isIdle(each)));
  const longest = Math.max(busy * idlePart, shortGap);
  for (const interval of intervals.filter(isIdle)) interval.isCut = lengthOf(interval) > longest;
}

/** Per cent of the width for a cut, and for all of them at most. */
const [cutWidth, allCuts] = [3, 30];
/** What part of the time shown a stretch takes at least: what is shorter than that is still to be seen. */
const leastPart = 0.03;

function layOut(intervals: Interval[]): Scale {
  const parts: Interval[] = [];
  for (const interval of intervals) {
    const last = parts.at(-1);
    if (last && !last.isCut && !interval.isCut) last.to = interval.to;
    // Work that has no length stands before a cut, after one, or between two.
    else {
      if (interval.isCut && (!last || last.isCut)) parts.push({ from: interval.from, to: interval.from });
      parts.push({ ...interval });
    }
  }
  const end = parts.at(-1);
  if (end?.isCut) parts.push({ from: end.to, to: end.to });
  const cuts = parts.filter(({ isCut }) => isCut).length;
  const shown = sum(parts.filter(({ isCut }) => !isCut));
  const weightOf = (part: Interval) => (shown === 0 ? 1 : Math.max(lengthOf(part), shown * leastPart));
  const weights = parts.filter(({ isCut }) => !isCut).reduce((total, part) => total + weightOf(part), 0);
  const perCut = cuts === 0 ? 0 : Math.min(cutWidth, allCuts / cuts);
  let at = 0;
  const placed = parts.map((part) => {
    const left = at;
    at += part.isCut ? perCut : ((100 - cuts * perCut) * weightOf(part)) / weights;
    return { part, stretch: { from: part.from, to: part.to, left, right: at } };
  });
  const stretches = placed.filter(({ part }) => !part.isCut).map(({ stretch }) => stretch);
  return {
    stretches,
    cuts: placed.filter(({ part }) => part.isCut).map(({ stretch }) => stretch),
    place(time) {
      const stretch = stretches.find(({ to }) => time <= to) ?? (stretches.at(-1) as Stretch);
      const { from, to, left, right } = stretch;
      return to === from ? (left + right) / 2 : left + ((time - from) / (to - from)) * (right - left);
    },
  };
}

function lengthOf({ from, to }: Interval): number {
  return to - from;
}

function sum(intervals: readonly Interval[]): number {
  return intervals.reduce((total, interval) => total + lengthOf(interval), 0);
}
