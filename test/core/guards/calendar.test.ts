import assert from "node:assert/strict";
import { periodAfter, periodAt, problemOf } from "../../../provider/core/guards/calendar.ts";
import type { GuardTime } from "../../../provider/core/guards/settings.ts";

const berlin = "Europe/Berlin";
const weekend: GuardTime = { days: ["sat", "sun"], from: "22:00", to: "04:00", timeZone: berlin };

function show(period: { from: number; to: number } | undefined): string {
  return period
    ? [period.from, period.to].map((time) => new Date(time).toISOString().slice(0, 16)).join(" - ")
    : "none";
}

describe("a weekly time", () => {
  const rows: [what: string, time: GuardTime, at: string, isOn: boolean][] = [
    ["begins in its zone", weekend, "2026-11-28T21:00Z", true],
    ["has not begun a minute before", weekend, "2026-11-28T20:59Z", false],
    ["crosses midnight", weekend, "2026-11-29T02:59Z", true],
    ["does not go on at its end", weekend, "2026-11-29T03:00Z", false],
    ["crosses midnight into a day that is not listed", weekend, "2026-11-30T02:59Z", true],
    ["follows summer time", weekend, "2026-07-04T20:00Z", true],
    [
      "lasts a whole day where it says no times",
      { days: ["wed"], timeZone: "UTC" },
      "2026-11-25T23:59Z",
      true,
    ],
    ["ends with that day", { days: ["wed"], timeZone: "UTC" }, "2026-11-26T00:00Z", false],
    [
      "is on every day where it says none",
      { from: "22:00", to: "24:00", timeZone: "UTC" },
      "2026-11-26T23:59Z",
      true,
    ],
    [
      "of an hour that the clock repeats begins with the first",
      { from: "02:30", to: "03:30", timeZone: berlin },
      "2026-10-25T00:30Z",
      true,
    ],
    [
      "and lasts through the second",
      { from: "02:30", to: "03:30", timeZone: berlin },
      "2026-10-25T02:29Z",
      true,
    ],
    [
      "ends with the first, where its end comes twice",
      { from: "01:00", to: "02:30", timeZone: berlin },
      "2026-10-25T00:31Z",
      false,
    ],
  ];
  for (const [what, time, at, isOn] of rows)
    it(what, () => assert.equal(periodAt(time, Date.parse(at)) !== undefined, isOn));

  it("whose hour the clock skips does not open on that day", () => {
    const skipped = { from: "02:00", to: "03:00", timeZone: berlin };
    assert.equal(
      show(periodAfter(skipped, Date.parse("2026-03-28T12:00Z"))),
      "2026-03-30T00:00 - 2026-03-30T01:00",
    );
  });

  it("begins next on the first of its days", () => {
    assert.equal(
      show(periodAfter(weekend, Date.parse("2026-11-26T12:00Z"))),
      "2026-11-28T21:00 - 2026-11-29T03:00",
    );
    assert.equal(
      show(periodAfter(weekend, Date.parse("2026-11-29T21:00Z"))),
      "2026-12-05T21:00 - 2026-12-06T03:00",
    );
  });
});

describe("dates", () => {
  const once = { from: "2026-12-01T22:00:00+01:00", to: "2026-12-02T04:00:00+01:00" };

  it("count to the second, by their own offset", () => {
    assert.equal(periodAt(once, Date.parse("2026-12-01T20:59:59Z")), undefined);
    assert.equal(
      show(periodAt(once, Date.parse("2026-12-01T21:00:00Z"))),
      "2026-12-01T21:00 - 2026-12-02T03:00",
    );
    assert.equal(periodAt(once, Date.parse("2026-12-02T03:00:00Z")), undefined);
  });

  it("without an offset are those of the time zone", () => {
    const local = { from: "2026-12-01T22:00", to: "2026-12-02", timeZone: berlin };
    assert.equal(
      show(periodAt(local, Date.parse("2026-12-01T21:00Z"))),
      "2026-12-01T21:00 - 2026-12-01T23:00",
    );
  });

  it("with an offset are that moment, also in the hour that the clock of their zone repeats", () => {
    const repeated = {
      from: "2026-10-25T02:15:00+02:00",
      to: "2026-10-25T02:30:00+01:00",
      timeZone: berlin,
    };
    assert.equal(problemOf({ ...repeated, to: "2026-10-25T02:15:00+01:00" }), undefined);
    assert.equal(
      show(periodAt(repeated, Date.parse("2026-10-25T01:29Z"))),
      "2026-10-25T00:15 - 2026-10-25T01:30",
    );
  });

  it("are open on the side that is not said", () => {
    assert.ok(periodAt({ from: "2026-12-01T00:00Z" }, Date.parse("2100-01-01T00:00Z")));
    assert.ok(periodAt({ to: "2026-12-01T00:00Z" }, Date.parse("1990-01-01T00:00Z")));
  });

  it("that are over do not come again", () => {
    assert.equal(periodAfter(once, Date.parse("2027-01-01T00:00Z")), undefined);
  });
});

describe("of a time is refused", () => {
  const rows: [what: string, time: GuardTime, field: string, reason: RegExp][] = [
    ["nothing said", {}, "", /says no time/],
    [
      "a zone that there is none of",
      { ...weekend, timeZone: "Europe/Berln" },
      "timeZone",
      /no time zone: write its IANA name/,
    ],
    ["an abbreviation that is no zone", { ...weekend, timeZone: "CETX" }, "timeZone", /no time zone/],
    [
      "a weekly time without a zone",
      { days: ["sat"], from: "22:00", to: "04:00" },
      "timeZone",
      /is required/,
    ],
    ["days without a zone", { days: ["sat"] }, "timeZone", /is required/],
    ["a date without offset and zone", { from: "2026-12-01T22:00" }, "timeZone", /is required/],
    ["an end that is its beginning", { ...weekend, to: "22:00" }, "to", /never opens/],
    [
      "dates that end before they begin",
      { from: "2026-12-02T00:00Z", to: "2026-12-01T00:00Z" },
      "to",
      /never opens/,
    ],
    ["the same beginning in other digits", { ...weekend, from: "0:00", to: "00:00" }, "to", /never opens/],
    ["an offset that is none", { from: "2026-12-01T10:00-25:99" }, "from", /no date/],
    ["a time of day that is none", { ...weekend, from: "25:00" }, "from", /no time of day/],
    ["a day that is none", { from: "2026-02-30T00:00Z" }, "from", /no date/],
    [
      "a date beside a time of day",
      { from: "22:00", to: "2026-12-02T04:00Z", timeZone: berlin },
      "to",
      /no time of day/,
    ],
  ];
  for (const [what, time, field, reason] of rows)
    it(what, () => {
      const problem = problemOf(time);
      assert.equal(problem?.field, field);
      assert.match(problem?.reason ?? "", reason);
    });
});
