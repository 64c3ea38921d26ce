import assert from "node:assert/strict";
import { parseSince } from "../../../cli/timeline/since.ts";
import { Zone } from "../../../cli/timeline/zone.ts";

const now = Date.parse("2030-07-10T12:00:00Z");

describe("--since", () => {
  const taken: [text: string, zone: string, expected: string][] = [
    ["90m", "UTC", "2030-07-10T10:30:00Z"],
    ["1h30m", "UTC", "2030-07-10T10:30:00Z"],
    ["30s", "UTC", "2030-07-10T11:59:30Z"],
    ["1.5h", "UTC", "2030-07-10T10:30:00Z"],
    ["7d", "UTC", "2030-07-03T12:00:00Z"],
    ["6w", "UTC", "2030-05-29T12:00:00Z"],
    ["2030-07-10", "UTC", "2030-07-10T00:00:00Z"],
    ["2030-07-10", "Europe/Berlin", "2030-07-09T22:00:00Z"],
    ["2030-01-10", "Europe/Berlin", "2030-01-09T23:00:00Z"],
    ["2030-07-09T10:00", "America/New_York", "2030-07-09T14:00:00Z"],
    ["2030-07-10T10:00", "Asia/Kolkata", "2030-07-10T04:30:00Z"],
    ["2030-07-10 10:00:30", "UTC", "2030-07-10T10:00:30Z"],
    ["2030-07-10T10:00:00.5Z", "America/New_York", "2030-07-10T10:00:00.500Z"],
    ["2030-07-10T10:00+02:00", "UTC", "2030-07-10T08:00:00Z"],
  ];
  for (const [text, zone, expected] of taken) {
    it(`${text} in ${zone} is ${expected}`, () => {
      assert.equal(
        new Date(parseSince(text, now, new Zone(zone))).toISOString(),
        new Date(expected).toISOString(),
      );
    });
  }

  const refused = [
    ["", "yesterday", "90", "2030", "7 d", "-2h", "h", "2h5", "2030-7-1", "2030-02-30", "2030-13-01"],
    ["2030-07-10T25:00", "2030-07-10T10", "10:00", "2030-07-10T10:00 CET", "2030-07-10T10:00+2"],
  ].flat();
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text)}, and says what would do`, () => {
      assert.throws(
        () => parseSince(text, now, new Zone()),
        /^Error: --since .*: write a duration such as 90m/,
      );
    });
  }

  it("refuses what lies ahead", () => {
    assert.throws(
      () => parseSince("2030-07-10T12:01", now, new Zone()),
      /--since 2030-07-10T12:01: lies ahead/,
    );
  });
});

describe("the clock times of a zone", () => {
  it("are those of the day, through summer and winter", () => {
    const zone = new Zone("Europe/Berlin");
    const [winter, summer] = [Date.parse("2030-01-10T23:30:00Z"), Date.parse("2030-07-10T10:00:00.250Z")];
    assert.equal(`${zone.date(winter)} ${zone.clock(winter)}`, "2030-01-11 00:30:00");
    assert.equal(`${zone.date(summer)} ${zone.clock(summer, true)}`, "2030-07-10 12:00:00.2");
    assert.equal(zone.label(summer, summer), "Europe/Berlin (UTC+02:00)");
    assert.equal(zone.label(winter, summer), "Europe/Berlin (UTC+01:00, then UTC+02:00)");
    assert.equal(new Zone("America/St_Johns").label(winter, winter), "America/St_Johns (UTC-03:30)");
    assert.equal(new Zone().label(winter, summer), "UTC");
  });

  it("are refused of a zone that does not exist", () => {
    assert.throws(() => new Zone("Mars/Base"), /--time-zone Mars\/Base: there is no such time zone/);
  });
});
