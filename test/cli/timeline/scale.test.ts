import assert from "node:assert/strict";
import { gapLabels, ticksOf } from "../../../cli/timeline/axis.ts";
import { scaleOf } from "../../../cli/timeline/scale.ts";
import { Zone } from "../../../cli/timeline/zone.ts";

const midnight = Date.parse("2030-01-02T00:00:00Z");
const span = (from: number, to: number, ...points: number[]) => ({
  from: midnight + from * 1_000,
  to: midnight + to * 1_000,
  phases: points.map((at) => ({ from: midnight + at * 1_000, to: midnight + to * 1_000 })),
});
const week = 7 * 86_400;
const widthOf = ({ place }: ReturnType<typeof scaleOf>, { from, to }: { from: number; to: number }) =>
  place(to) - place(from);

describe("the scale of the timeline", () => {
  it("shows time as it is where work follows on work", () => {
    const scale = scaleOf([span(0, 60), span(60, 120), span(130, 240)]);
    assert.deepEqual(scale.cuts, []);
    assert.equal(scale.place(midnight), 0);
    assert.equal(scale.place(midnight + 120_000), 50);
    assert.equal(scale.place(midnight + 240_000), 100);
  });

  it("cuts the week before a job that came a week later: nothing is squeezed", () => {
    const first = span(0, 60);
    const late = span(week, week + 30);
    const scale = scaleOf([first, late]);
    assert.equal(scale.cuts.length, 1);
    assert.ok(widthOf(scale, first) > 60 && widthOf(scale, late) > 30);
    assert.deepEqual(
      gapLabels(scale).map(({ text }) => text),
      ["7d"],
    );
  });

  it("cuts a week within one job that took it, for the sake of the others", () => {
    const first = span(0, 60);
    const long = span(10, week + 30, week);
    const scale = scaleOf([first, long]);
    assert.equal(scale.cuts.length, 1);
    assert.ok(widthOf(scale, first) > 60);
  });

  it("cuts no wait of a job that stands alone, however long", () => {
    assert.deepEqual(scaleOf([span(0, week, 1)]).cuts, []);
  });

  it("gives what is short beside a cut room to be seen", () => {
    const short = span(week, week);
    const { stretches } = scaleOf([span(0, 3_600), short]);
    const last = stretches.at(-1);
    assert.ok(last && last.right - last.left > 2 && last.right === 100);
  });

  it("goes from left to right, and no further than the chart, whatever there is", () => {
    const spans = Array.from({ length: 100 }, (_, day) => span(day * 86_400, day * 86_400 + 60));
    const scale = scaleOf(spans);
    assert.equal(scale.cuts.length, 99);
    const places = spans.flatMap(({ from, to }) => [scale.place(from), scale.place(to)]);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert.ok(places.every((place) => place >= 0 && place <= 100.000001));
    assert.ok(scaleOf([span(0, 0)]).place(midnight) >= 0);
  });
});

describe("the axis of the timeline", () => {
  const labels = (...spans: ReturnType<typeof span>[]) =>
    ticksOf(scaleOf(spans), new Zone()).flatMap(({ clock, date }) =>
      clock ? [date ? `${date} ${clock}` : clock] : [],
    );

  it("has round clock times, and the exact one at its beginning", () => {
    assert.deepEqual(labels(span(3, 130)), [
      "2030-01-02 00:00:03",
      ...["00:00:30", "00:00:45", "00:01:00", "00:01:15", "00:01:30", "00:01:45"],
    ]);
  });

  it("has the date where it changes, and the time at which it goes on after a cut", () => {
    assert.deepEqual(labels(span(0, 5), span(week, week + 7)), [
      ...["2030-01-02 00:00:00", "00:00:02", "00:00:04"],
      ...["2030-01-09 00:00:00", "00:00:02", "00:00:04"],
    ]);
  });

  it("has labels that do not run into each other", () => {
    for (const length of [0.3, 1, 10, 61, 600, 3_600, 86_400, 30 * 86_400]) {
      const ticks = ticksOf(scaleOf([span(1.234, 1.234 + length)]), new Zone());
      const lefts = ticks.filter(({ clock }) => clock).map(({ left }) => left);
      assert.ok(lefts.length > 1, `${length}: ${lefts.length} labels`);
      lefts.reduce((before, left) => {
        assert.ok(left - before > 9.99, `${length}: ${before} and ${left}`);
        return left;
      }, -10);
    }
  });
});
