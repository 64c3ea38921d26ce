import { InputError } from "../core/data/errors.ts";
import type { Failure } from "../core/data/inputs.ts";
import { textFailure } from "../core/http/path.ts";
import { type RunInputs, runResource } from "../core/lifecycle/run.ts";
import { effects, throttleSeed } from "./client.ts";
import { refusedInPath } from "./ids.ts";
import { readTime, untimely } from "./pause-until.ts";
import { sendUntilAnswered, withExplanation } from "./sending.ts";
import { aspire, speaksDraft } from "./system.ts";

/**
 * Pauses a seed until a time, as a connector's throttle event does. Page "Manager Node API",
 * `PUT /manager/throttle/:seedId/:pauseSeedUntil`. Needs the ADMINISTRATOR or WORKER role. Success means that the manager has
 * accepted the call: nothing can be read back. Where its answer is lost, the call is sent again, by the next `up` too: that overrides
 * whatever somebody else has set for the seed meanwhile.
 */
export interface SeedThrottleInputs extends RunInputs {
  /**
   * Id of the seed, as Aspire shows it (a UUID, or `AAABcID5GBc=`); it is encoded as needed. The page has no form with the id in the
   * body, so one that a path cannot carry (it holds `/`, `\`, `;`, `%` or a control character) is refused.
   */
  seedId: string;
  /**
   * When the pause ends: an ISO 8601 time with its zone (`"2030-01-31T06:00:00Z"`, `"...+01:00"`), or milliseconds since the
   * epoch. Refused when it has passed by the time it is to be sent, and beyond ten years, since no documented call ends a
   * pause early. Once sent it may pass: the resource then stands for what was accepted.
   */
  pauseUntil: string | number;
}

export interface SeedThrottleOutputs {
  /** `pauseUntil`, as the manager has accepted it: ISO 8601 in UTC. */
  pausedUntil: string;
  /** What the manager said when it accepted the call, if anything. */
  message?: string;
}

const call = "PUT /manager/throttle/:seedId/:pauseSeedUntil";

export const seedThrottle = runResource<SeedThrottleInputs, SeedThrottleOutputs>({
  system: aspire,
  type: "SeedThrottle",
  timeout: "5m",
  id: ({ seedId }) => seedId,
  subject: ({ seedId }) => `aspire seed ${seedId}`,

  validate({ seedId, pauseUntil }): Failure[] {
    const reason = textFailure(seedId);
    const time = readTime(pauseUntil);
    return [
      ...(reason ? [{ property: "seedId", reason: `${JSON.stringify(seedId)} ${reason}` }] : []),
      ...(typeof time === "string" ? [{ property: "pauseUntil", reason: time }] : []),
    ];
  },

  // What depends on the present is said here and not in `validate`: a finished throttle stays valid when its time has passed.
  async plan({ http }, { seedId, pauseUntil }) {
    const time = timeOf(pauseUntil);
    const reason = untimely(time);
    return {
      plan: `throttle seed ${seedId} until ${new Date(time).toISOString()}`,
      warnings: speaksDraft(http) ? ["the draft page (/aspire_api) has no throttle"] : [],
      refusals: [
        ...refusedInPath("seedId", seedId, call),
        ...(reason ? [{ property: "pauseUntil", reason }] : []),
      ],
    };
  },

  async run(scope, { seedId, pauseUntil }) {
    const time = timeOf(pauseUntil);
    const reason = untimely(time);
    if (reason) throw new InputError("pauseUntil", `pauseUntil: ${reason}`);
    const [refused] = refusedInPath("seedId", seedId, call);
    if (refused) throw new InputError(refused.property, `seedId: ${refused.reason}`);
    let tries = 0;
    const reply = await withExplanation(scope, () =>
      sendUntilAnswered(scope, {
        what: `throttle seed ${seedId}`,
        on: `pause of seed ${seedId}`,
        // Another time is another call: an earlier one that comes late must not undo it.
        does: `throttle until ${time}`,
        ...effects.throttle,
        send(permit, options) {
          // Trouble may last longer than the pause.
          const late = untimely(time);
          if (late) throw new InputError("pauseUntil", `pauseUntil: ${late}`);
          tries++;
          return throttleSeed(scope.http, seedId, time, permit, options);
        },
      }),
    );
    if (tries > 1)
      scope.warn(
        `throttle seed ${seedId} was sent again, since no good answer came at first: it is paused until ${new Date(time).toISOString()}, whatever somebody else has set for the seed meanwhile; nothing tells whether anybody has`,
      );
    scope.progress("accepted by the manager");
    return { pausedUntil: new Date(time).toISOString(), ...reply };
  },
});

function timeOf(pauseUntil: string | number): number {
  const time = readTime(pauseUntil);
  if (typeof time === "string") throw new InputError("pauseUntil", `pauseUntil: ${time}`);
  return time;
}
