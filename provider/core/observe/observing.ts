import { clock } from "../data/clock.ts";
import { messageOf } from "../data/errors.ts";
import type { Context } from "../work/context.ts";
import { outboxTo } from "./delivery.ts";
import { eventObserver } from "./events.ts";
import { type Observer, together } from "./observer.ts";
import { type ObserveSettings, observeSettings } from "./settings.ts";
import { type TraceTarget, traceTarget } from "./trace-target.ts";

/**
 * Who is told of a context's operations, as its settings say; undefined: nobody. The same for all operations of a session with the same
 * settings.
 *
 * @throws InputError as `observeSettings`
 */
export function observerOf(
  context: Context,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Observer> | undefined {
  const settings = observeSettings(context.config, env);
  const traces = traceTarget(env);
  if (!settings.events && !traces) return undefined;
  const open = () => openObserver(settings, traces, env);
  return context.session ? context.session.note(`observer ${JSON.stringify(settings)}`, open) : open();
}

async function openObserver(
  { events, traceparent }: ObserveSettings,
  traces: TraceTarget | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Observer> {
  // Tells the operations of one process, such as one update, from others.
  const run = Math.floor(clock.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
  return together([
    ...(events ? [eventObserver(outboxTo(events, env), run)] : []),
    ...(traces ? [await traced(traces, { run, sendsTraceparent: traceparent, env })] : []),
  ]);
}

/** Loaded here only: who has set nothing pays nothing. */
async function traced(
  target: TraceTarget,
  how: { run: string; sendsTraceparent: boolean; env: NodeJS.ProcessEnv },
): Promise<Observer> {
  try {
    const { traceObserver } = await import("./traces.ts");
    return traceObserver(target, how);
  } catch (error) {
    return unable(`there are no traces: ${messageOf(error)}`);
  }
}

/** No operation fails for what only tells of it. */
function unable(why: string): Observer {
  let hasWarned = false;
  return {
    ...together([]),
    async flush(warn) {
      if (!hasWarned) warn(why);
      hasWarned = true;
    },
  };
}
