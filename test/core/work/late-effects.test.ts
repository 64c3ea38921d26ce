import assert from "node:assert/strict";
import { useClock } from "../../../provider/core/data/clock.ts";
import { type LateEffect, LateEffects, remaining } from "../../../provider/core/work/late-effects.ts";

describe("a request that may yet take effect", () => {
  let [wall, elapsed] = [0, 0];
  let putBack: () => void;
  beforeEach(() => {
    [wall, elapsed] = [1_800_000_000_000, 50];
    putBack = useClock({
      now: () => wall,
      elapsed: () => elapsed,
      random: () => 0.5,
      after: () => () => {},
    });
  });
  afterEach(() => putBack());

  const promote = (until: number): LateEffect => ({ on: "role of east", does: "promote", until });

  for (const [how, jump] of [
    ["forward", 3_600_000],
    ["back", -3_600_000],
  ] as const)
    it(`may come for as long as before when the machine's clock is set ${how} meanwhile`, () => {
      const late = new LateEffects();
      const effect = promote(wall + 10_000);
      late.add(effect);
      wall += jump;
      elapsed += 4_000;
      assert.deepEqual([late.pending("role of east"), remaining(effect)], [6_000, 6_000]);
      assert.equal(late.opposite({ on: "role of east", does: "demote" }), 6_000);
      elapsed += 6_000;
      assert.deepEqual([late.pending("role of east"), remaining(effect)], [0, 0]);
    });

  it("is measured from when it was taken up, where an earlier process has recorded it", () => {
    const recorded = promote(wall + 10_000);
    wall += 7_000;
    elapsed += 1;
    const late = new LateEffects();
    late.add({ ...recorded });
    assert.equal(late.pending("role of east"), 3_000);
  });
});
