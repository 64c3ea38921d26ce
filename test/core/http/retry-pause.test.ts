import assert from "node:assert/strict";
import { retryPause } from "../../../provider/core/http/retry-pause.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";

describe("The pause before something is tried again", () => {
  // In virtual time the dice always show one half: no jitter.
  for (const [what, tries, retryAfter, milliseconds] of [
    ["is short at first", 0, undefined, 300],
    ["is doubled each time", 3, undefined, 2_400],
    ["is 5 s at most", 2_000, undefined, 5_000],
    ["is what the server asks for", 0, 7_000, 7_000],
    ["is what the server asks for, though it was longer before", 9, 1_000, 1_000],
    ["is a minute at most, whatever the server asks for", 0, 7_200_000, 60_000],
    ["is not cut short by a server that asks for a millisecond", 0, 1, 300],
    ["grows where a server asks to be asked at once, for ever", 3, 0, 2_400],
  ] as const)
    it(what, () => inVirtualTime(async () => assert.equal(retryPause(tries, retryAfter), milliseconds)));

  it("differs from host to host", () => {
    const pauses = Array.from({ length: 50 }, () => retryPause(0));
    assert.ok(new Set(pauses).size > 1);
    assert.ok(pauses.every((pause) => pause >= 240 && pause <= 360));
  });
});
