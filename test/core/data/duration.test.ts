import assert from "node:assert/strict";
import { formatDuration, parseDuration } from "../../../provider/core/data/duration.ts";
import { InputError } from "../../../provider/core/data/errors.ts";

describe("a duration", () => {
  for (const [written, milliseconds] of [
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["250ms", 250],
    ["1.5s", 1_500],
    ["1m0.5s", 60_500],
    [" 5s ", 5_000],
    [90, 90_000],
    [0.5, 500],
    ["45", 45_000],
  ] as const) {
    it(`${JSON.stringify(written)} is ${milliseconds} ms`, () =>
      assert.equal(parseDuration(written, "timeout"), milliseconds));
  }

  for (const [written, why] of [
    ["soon", /"soon" is not a duration: write "90s", "30m", "1h30m" or a number of seconds/],
    ["", /is not a duration/],
    ["5", undefined],
    ["5 s", /is not a duration/],
    ["5s!", /is not a duration/],
    ["5S", /is not a duration/],
    ["-5m", /is not a duration/],
    ["1e3s", /is not a duration/],
    ["0s", /must be positive/],
    [0, /must be positive/],
    [0.0001, /is shorter than 1ms/],
    ["0.5ms", /is shorter than 1ms/],
    [-5, /is not a duration/],
    [Number.NaN, /is not a duration/],
    [Number.POSITIVE_INFINITY, /is not a duration/],
    ["25d", /"25d" is too long/],
    ["99999999999999h", /is too long/],
  ] as const) {
    if (!why) continue;
    it(`is not ${JSON.stringify(written)}`, () =>
      assert.throws(
        () => parseDuration(written, "x.timeout"),
        (error) => error instanceof InputError && error.property === "x.timeout" && why.test(error.message),
      ));
  }

  for (const [milliseconds, written] of [
    [0, "0.0s"],
    [420, "0.4s"],
    [9_949, "9.9s"],
    [9_950, "10s"],
    [42_000, "42s"],
    [59_999, "1m"],
    [192_000, "3m12s"],
    [5_400_000, "1h30m"],
    [86_400_000, "24h"],
  ] as const) {
    it(`of ${milliseconds} ms is shown as ${written}`, () =>
      assert.equal(formatDuration(milliseconds), written));
  }
});
