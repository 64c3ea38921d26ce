import { clock } from "../data/clock.ts";
import type { Context } from "../work/context.ts";
import { outboxTo } from "./delivery.ts";
import { eventObserver } from "./events.ts";
import { type Observer, together } from "./observer.ts";
import { type ObserveSettings, observeSettings } from "./settings.ts";

/**
 * Who is told of a context's operations, as its settings say; undefined: nobody. The same for all operations of a session with the same
 * settings.
 *
 * @throws InputError as `observeSettings`
 */
export function observerOf(context: Context, env: NodeJS.ProcessEnv = process.env): Observer | undefined {
  const settings = observeSettings(context.config, env);
  const key = JSON.stringify(settings);
  if (key === off) return undefined;
  const open = () => openObserver(settings, env);
  return context.session ? context.session.note(`observer ${key}`, open) : open();
}

const off = JSON.stringify({ events: undefined, traceparent: false } satisfies ObserveSettings);

function openObserver({ events }: ObserveSettings, env: NodeJS.ProcessEnv): Observer | undefined {
  const run = Math.floor(clock.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
  const observers = events ? [eventObserver(outboxTo(events, env), run)] : [];
  return observers.length > 0 ? together(observers) : undefined;
}
