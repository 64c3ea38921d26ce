import assert from "node:assert/strict";
import { Pace } from "../../../provider/core/work/pace.ts";

const [planned, shortest] = [2_000, 200];

/** The delays after each of these reports: per cent, and when it was seen. */
function delays(...seen: [percent: number | undefined, at: number][]): number[] {
  const pace = new Pace();
  return seen.map(([percent, at]) => {
    pace.see(percent, at);
    return pace.delay(planned, shortest, at);
  });
}

describe("the pace of work", () => {
  const cases: [what: string, seen: Parameters<typeof delays>, expected: number[]][] = [
    [
      "is unknown without progress",
      [
        [undefined, 0],
        [undefined, 9_000],
      ],
      [planned, planned],
    ],
    [
      "is unknown as long as progress stands",
      [
        [0, 0],
        [0, 9_000],
      ],
      [planned, planned],
    ],
    [
      "brings the look to the expected end",
      [
        [10, 1_000],
        [90, 9_000],
      ],
      [planned, 1_000],
    ],
    [
      "leaves no look out when the end is far",
      [
        [0, 0],
        [10, 9_000],
      ],
      [planned, planned],
    ],
    [
      "never looks in a rush",
      [
        [0, 0],
        [99, 9_900],
      ],
      [planned, shortest],
    ],
    [
      "is unknown again once nothing is told",
      [
        [10, 1_000],
        [90, 9_000],
        [undefined, 9_900],
      ],
      [planned, 1_000, planned],
    ],
    [
      "does not hold a look against it that somebody else made before its time",
      [
        [0, 0],
        [90, 9_000],
        [90, 9_100],
        [90, 9_200],
        [90, 9_300],
        [90, 9_400],
      ],
      [planned, 1_000, 900, 800, 700, 600],
    ],
    [
      "is measured anew when work goes back",
      [
        [50, 0],
        [99, 1_000],
        [10, 2_000],
      ],
      [planned, shortest, planned],
    ],
    [
      "is no longer believed after three looks in vain",
      [
        [0, 0],
        [99, 9_000],
        [99, 9_200],
        [99, 9_400],
        [99, 9_600],
        [99, 9_800],
      ],
      [planned, shortest, shortest, shortest, planned, planned],
    ],
  ];
  for (const [what, seen, expected] of cases) {
    it(what, () => assert.deepEqual(delays(...seen), expected));
  }
});
