import net from "node:net";
import { useClock } from "../../../provider/core/data/clock.ts";
import type { Clock } from "../../../simulators/index.ts";
import type { Scheduler } from "./scheduler.ts";
import { Controller } from "./signals.ts";

/** When each world begins, by a clock that is right: milliseconds since the epoch. */
export const epoch = Date.UTC(2027, 0, 15, 8);

/** The provider's clock in a world: each process has its own time of day, and its own dice. */
function providerClock(scheduler: Scheduler): () => void {
  const present = () => {
    if (!scheduler.current) throw new Error("the provider does something in nobody's event");
    return scheduler.current;
  };
  return useClock({
    now: () => epoch + scheduler.now + present().skew,
    elapsed: () => scheduler.now,
    random: () => present().random.next(),
    after: (milliseconds, work) => scheduler.after(milliseconds, present(), work),
    timeout(milliseconds) {
      const controller = new AbortController();
      const { signal } = controller;
      scheduler.after(milliseconds, present(), () =>
        controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
      );
      return signal;
    },
  });
}

/** The simulators' clock in a world. */
export function systemClock(scheduler: Scheduler): Clock {
  return {
    now: () => epoch + scheduler.now,
    advance() {
      throw new Error("time passes by itself");
    },
    sleep: (milliseconds) =>
      new Promise((resolve) => void scheduler.after(Math.max(0, milliseconds), undefined, resolve)),
  };
}

/** What only the real world has. */
const real: [object: object, name: string][] = [
  [globalThis, "setTimeout"],
  [globalThis, "setInterval"],
  [Date, "now"],
  [Math, "random"],
  [AbortSignal, "timeout"],
  [net, "connect"],
  [net, "createConnection"],
  [net, "createServer"],
  [net.Socket.prototype, "connect"],
];

/** In its place: made once, since V8 keeps what was ever put there, and all that it leads to, for longer than a history. */
const outOfReach = real.map(([, name]): PropertyDescriptor => {
  const value = () => {
    throw new Error(`${name} of the real world was used in a simulation`);
  };
  return { configurable: true, value };
});

const AbortControllerOfNode = globalThis.AbortController;

/** The world that is being played. */
let present: Scheduler | undefined;
const elapsed = () => (present as Scheduler).now;

/** Runs a history in which the real clock, timers, dice and sockets are out of reach: whoever uses one fails. */
export async function isolated<T>(scheduler: Scheduler, work: () => Promise<T>): Promise<T> {
  const putClockBack = providerClock(scheduler);
  const { stackTraceLimit } = Error;
  const { now } = performance;
  const { env } = process;
  const kept = real.map(([object, name]) => Object.getOwnPropertyDescriptor(object, name));
  for (const [index, [object, name]] of real.entries())
    Object.defineProperty(object, name, outOfReach[index] as PropertyDescriptor);
  globalThis.AbortController = Controller as unknown as typeof AbortController;
  present = scheduler;
  // p-retry reads it, and does nothing with it.
  performance.now = elapsed;
  Error.stackTraceLimit = 0;
  // What a machine's environment says is not part of a story; and the real one is slow to ask.
  process.env = {};
  try {
    return await work();
  } finally {
    globalThis.AbortController = AbortControllerOfNode;
    process.env = env;
    Error.stackTraceLimit = stackTraceLimit;
    performance.now = now;
    present = undefined;
    for (const [index, [object, name]] of real.entries())
      Object.defineProperty(object, name, kept[index] as PropertyDescriptor);
    putClockBack();
  }
}
