import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { throttled } from "../../../provider/core/data/progress.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;

describe("progress", () => {
  let shown: string[];
  const show = (message: string) => void shown.push(message);
  beforeEach(() => {
    shown = [];
  });

  it("is shown at most once a second", () =>
    inVirtualTime(async () => {
      const progress = throttled(show);
      for (const percent of [0, 10, 20, 30, 40, 50]) {
        progress(`running ${percent} %`);
        await clock.pause(400, never);
      }
      assert.deepEqual(shown, ["running 0 %", "running 30 %"]);
    }));

  it("that is the same is shown once", () =>
    inVirtualTime(async () => {
      const progress = throttled(show);
      for (let seconds = 0; seconds < 5; seconds++) {
        progress("queued", { step: true });
        await clock.pause(1_000, never);
      }
      assert.deepEqual(shown, ["queued"]);
    }));

  it("that is another step is shown at once, however long the pause between messages is", () =>
    inVirtualTime(async () => {
      const progress = throttled(show, 30_000);
      progress("demote dc-west");
      await clock.pause(3_000, never);
      progress("dc-west passive, 3.0s");
      progress("promote dc-east", { step: true });
      progress("dc-east passive, 0.2s");
      await clock.pause(30_000, never);
      progress("dc-east active, 30s");
      assert.deepEqual(shown, ["demote dc-west", "promote dc-east", "dc-east active, 30s"]);
    }));

  it("tells whoever shows it whether it is a step, so that it is not held back there", () => {
    const steps: (boolean | undefined)[] = [];
    const progress = throttled((_message, options) => void steps.push(options?.step));
    progress("one", { step: true });
    progress("two", { step: true });
    assert.deepEqual(steps, [true, true]);
  });
});
