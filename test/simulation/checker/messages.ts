import { canaries } from "../canaries.ts";
import { type EngineCall, nameOf } from "../history.ts";
import type { Played } from "../play.ts";

/** All that a call has said, with the time. */
export function textsOf({ said, error, endedAt = 0 }: EngineCall): { text: string; at: number }[] {
  return [...said, ...(error === undefined ? [] : [{ text: error, at: endedAt }])];
}

export const messages = {
  "a message that nothing was sent is true": ({ history }: Played) =>
    history.calls.flatMap((call) =>
      textsOf(call)
        .filter(({ text }) => /nothing was sent/i.test(text))
        .flatMap(({ text, at }) => {
          const sent = call.exchanges.find(
            ({ mutating, leftAt }) => mutating && leftAt !== undefined && leftAt <= at,
          );
          if (!sent) return [];
          return [
            { at, what: `${call.method} of ${nameOf(call.urn)} says "${text}", and has sent #${sent.id}` },
          ];
        }),
    ),

  "no credential is shown": ({ history, stacks }: Played) => {
    const leaks = (text: string) => canaries.some((canary) => text.includes(canary));
    const shown = history.calls.flatMap((call) =>
      textsOf(call)
        .filter(({ text }) => leaks(text))
        .map(({ text, at }) => ({ at, what: `${call.method} of ${nameOf(call.urn)} says: ${text}` })),
    );
    const kept = stacks
      // A resource is in many versions, and never changed in place.
      .filter(({ backend }) => leaks(JSON.stringify([...new Set(backend.versions.slice(-40).flat())])))
      .map(({ name }) => ({ at: 0, what: `the state of ${name} holds a credential` }));
    return [...shown, ...kept];
  },

  /** By process: those who wait for the same share their looks. */
  "requests are bounded": ({ history }: Played) =>
    [...Map.groupBy(history.exchanges, ({ process }) => process)].flatMap(([process, exchanges]) => {
      const calls = history.calls.filter((call) => call.process === process);
      const resources = new Set(calls.map(({ urn }) => urn)).size;
      const from = Math.min(...exchanges.map(({ startedAt }) => startedAt));
      const to = Math.max(...exchanges.map(({ startedAt }) => startedAt));
      // A look back after a lost answer reads all that a node tells of itself.
      const most = 90 * calls.length + ((to - from) / 1_000) * 15 * resources;
      if (exchanges.length <= most) return [];
      return [{ at: to, what: `${process}: ${exchanges.length} requests in ${(to - from) / 1_000} s` }];
    }),
};
