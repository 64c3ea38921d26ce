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
      .filter(({ backend }) => leaks(JSON.stringify(backend.versions.slice(-40))))
      .map(({ name }) => ({ at: 0, what: `the state of ${name} holds a credential` }));
    return [...shown, ...kept];
  },

  "requests are bounded": ({ history }: Played) =>
    history.calls.flatMap((call) => {
      const { exchanges, startedAt, endedAt = startedAt } = call;
      const most = 90 + ((endedAt - startedAt) / 1_000) * 3;
      if (exchanges.length <= most) return [];
      return [
        {
          at: endedAt,
          what: `${call.method} of ${nameOf(call.urn)}: ${exchanges.length} requests in ${(endedAt - startedAt) / 1_000} s`,
        },
      ];
    }),
};
