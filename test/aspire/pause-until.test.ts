import assert from "node:assert/strict";
import { readTime, untimely } from "../../provider/aspire/pause-until.ts";

const time = Date.UTC(2030, 0, 31, 6);

describe("when a pause ends", () => {
  for (const written of [
    time,
    String(time),
    "2030-01-31T06:00:00Z",
    "2030-01-31T06:00:00.000Z",
    "2030-01-31T06:00Z",
    "2030-01-31t06:00:00z",
    "2030-01-31T07:00:00+01:00",
    "2030-01-31T07:00+0100",
    " 2030-01-31T06:00:00Z ",
  ]) {
    it(`may be written ${JSON.stringify(written)}`, () => assert.equal(readTime(written), time));
  }

  for (const [written, why] of [
    [
      1_900_000_000,
      "1900000000 looks like seconds (2030-03-17T17:46:40.000Z): write 1900000000000, in milliseconds",
    ],
    ["1900000000", "looks like seconds"],
    [1_900_000_000.5, "looks like seconds"],
    [1_900_000_000_000_000, "looks like microseconds (2030-03-17T17:46:40.000Z): write 1900000000000, in"],
    [1_900_000_000_000_000_000, "looks like nanoseconds"],
    [1_900_000_000_000.5, "not a whole number of milliseconds"],
    [0, "is no time in milliseconds since the epoch: write"],
    [-1, "is no time in milliseconds"],
    [99_999_999, "is no time in milliseconds"],
    ["2030-01-31", '"2030-01-31" has no time zone: write "2030-01-31T00:00Z"'],
    ["2030-01-31T06:00", 'has no time zone: write "2030-01-31T06:00Z", or with +02:00 for yours'],
    ["2030-01-31 06:00:00", 'has no time zone: write "2030-01-31T06:00Z"'],
    ["2030-02-30T06:00:00Z", "is not a date: write"],
    ["2030-13-01T06:00:00Z", "is not a date"],
    ["2030-01-31T25:00:00Z", "is not a date"],
    ["+12030-01-31T06:00:00Z", "is not a date"],
    ["tomorrow", '"tomorrow" is not a date: write "'],
    ["1h", "is not a date"],
    ["", "is not a date"],
    ["31 Jan 2030 06:00 GMT", "is not a date"],
  ] as const) {
    it(`may not be written ${JSON.stringify(written)}: ${why}`, () => {
      const reason = readTime(written);
      assert.ok(String(reason).includes(why), String(reason));
    });
  }

  const now = Date.UTC(2026, 0, 1);
  for (const [what, then, why] of [
    [
      "a second ago",
      now - 1_000,
      /2025-12-31T23:59:59.000Z is in the past \(it is 2026-01-01T00:00:00.000Z\)/,
    ],
    ["now", now, /is in the past/],
    ["in a second", now + 1_000, undefined],
    ["in nine years", Date.UTC(2035, 0, 1), undefined],
    ["in eleven years", Date.UTC(2037, 0, 1), /more than 10 years away, and no call ends a pause early/],
    [
      "in the year 3000, in milliseconds",
      readTime(32_503_680_000_000) as number,
      /3000-01-01T00:00:00.000Z is more/,
    ],
    ["in 1999, in milliseconds", readTime(946_000_000_000) as number, /1999-12-24T.* is in the past/],
    ["in the year 3000", Date.UTC(3000, 0, 1), /3000-01-01T00:00:00.000Z is more than 10 years away/],
  ] as const) {
    it(`${why ? "cannot" : "can"} be ${what}`, () => {
      const reason = untimely(then, now);
      if (why) assert.match(reason ?? "accepted", why);
      else assert.equal(reason, undefined);
    });
  }
});
