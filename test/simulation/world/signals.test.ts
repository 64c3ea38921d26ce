import assert from "node:assert/strict";
import { Controller } from "./signals.ts";

/** What each kind of controller makes of the same. */
const scenes: Record<string, (controller: AbortController, seen: unknown[]) => void> = {
  "tells who listens, in order, and once": (controller, seen) => {
    const { signal } = controller;
    signal.addEventListener("abort", () => seen.push("first"));
    signal.addEventListener("abort", () => seen.push("second"), { once: true });
    controller.abort("why");
    controller.abort("again");
    seen.push(signal.aborted, signal.reason);
  },
  "tells nobody twice, and nobody who has left": (controller, seen) => {
    const listener = () => seen.push("told");
    const other = () => seen.push("left");
    controller.signal.addEventListener("abort", listener);
    controller.signal.addEventListener("abort", listener, { once: true });
    controller.signal.addEventListener("abort", other);
    controller.signal.removeEventListener("abort", other);
    controller.signal.removeEventListener("abort", other);
    controller.abort();
  },
  "knows who is told next before one is told": (controller, seen) => {
    const { signal } = controller;
    const late = () => seen.push("late");
    const gone = () => seen.push("gone");
    signal.addEventListener("abort", () => {
      seen.push(signal.aborted);
      signal.removeEventListener("abort", gone);
      signal.addEventListener("abort", late);
    });
    signal.addEventListener("abort", gone);
    signal.addEventListener("abort", () => {
      seen.push("last");
      signal.addEventListener("abort", () => seen.push("too late"));
    });
    controller.abort();
  },
  "has an AbortError for a reason where none is given": (controller, seen) => {
    controller.abort();
    const { name, message } = controller.signal.reason;
    seen.push(name, message);
    assert.throws(() => controller.signal.throwIfAborted(), { name });
  },
  "throws nothing before": ({ signal }, seen) => {
    signal.throwIfAborted();
    seen.push(signal.aborted, signal.reason);
  },
};

describe("a signal of the simulated world", () => {
  for (const [title, scene] of Object.entries(scenes))
    it(`${title}, as Node's`, () => {
      const [own, nodes]: unknown[][] = [[], []];
      scene(new Controller() as unknown as AbortController, own as unknown[]);
      scene(new AbortController(), nodes as unknown[]);
      assert.deepEqual(own, nodes);
    });
});
