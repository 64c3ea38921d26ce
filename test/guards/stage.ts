import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { useClock } from "../../provider/core/data/clock.ts";
import type { Connection } from "../../provider/index.ts";
import { directDoor, type Session, type Settings } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";

const hour = 3_600_000;
const iso = (time: number) => new Date(time).toISOString();
/** Nothing may be sent for a long time. */
export const closed = { "*": { windows: [{ from: "2098-12-06T22:00:00Z" }] } };
/** Open for an hour from now on. */
export const openToday = { "*": { windows: [{ from: iso(Date.now() - hour), to: iso(Date.now() + hour) }] } };

/** A stack of one resource, whose settings may change from one call to the next. */
export async function openStack(
  type: string,
  connections: Record<string, Connection>,
  settings: Settings = {},
): Promise<{ session: Session; stack: Stack; settings: Settings; said: Session["said"] }> {
  const session = await directDoor.open(type, connections, { settings });
  return { session, stack: new Stack(session), settings, said: session.said };
}

/** The machine's clock, which can be put forward. */
export class Calendar implements Disposable {
  #ahead = 0;
  readonly #restore = useClock({
    now: () => Date.now() + this.#ahead,
    elapsed: () => performance.now(),
    random: () => Math.random(),
    after(milliseconds, work) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
  });

  putForward(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  [Symbol.dispose](): void {
    this.#restore();
  }
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5);
}
