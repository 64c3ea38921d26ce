import { parseDuration } from "../../../provider/core/data/duration.ts";
import { type EngineCall, type Exchange, nameOf } from "../history.ts";
import type { Played } from "../play.ts";
import type { TcfTruth } from "../systems/tcf.ts";
import { effectAt, meaningOf } from "./requests.ts";

/** For so long, in milliseconds, a switch has to stand before it counts: what takes it back does so within some seconds. */
const usual = 10_000;

export const takenBack = {
  "a switch counts once it has stood": ({ history }: Played) =>
    history.calls.flatMap((call) => {
      const { outcome, endedAt = 0, process } = call;
      const inputs = call.inputs as { stableFor?: string; timeout?: string };
      const landed = call.exchanges
        .flatMap((it) => (meaningOf(it) && effectAt(it)) ?? [])
        .filter((at) => at <= endedAt);
      if (!call.type.startsWith("tcf:") || outcome !== "ok" || landed.length === 0) return [];
      const time =
        inputs.stableFor === "0s"
          ? 0
          : Math.min(usual, parseDuration(inputs.timeout ?? "10m", "timeout") / 3);
      // An earlier one may have landed on what somebody else has done since.
      if (history.interventions.some(({ system, at }) => system === "tcf" && at >= Math.min(...landed)))
        return [];
      // A look tells what was so when it was answered. With 418 a cluster says that it is passive.
      const looks = history.exchanges.filter(
        (it) =>
          it.process === process &&
          it.system === "tcf" &&
          (it.answeredAt ?? Number.POSITIVE_INFINITY) <= endedAt,
      );
      const seen = looks.flatMap(({ outcome, handled }) =>
        /^(200|418)$/.test(outcome ?? "") ? (handled[0]?.at ?? []) : [],
      );
      const stood = Math.max(...seen) - Math.max(...landed);
      if (stood >= time) return [];
      return [
        {
          at: endedAt,
          what: `${call.method} of ${nameOf(call.urn)} is done, and was last seen ${stood} ms after it`,
        },
      ];
    }),

  /** A coordinator, or a person, that has switched back has a reason: the operation says so, and leaves it at that. */
  "what somebody else has taken back is not sent again by the same operation": ({ history }: Played) =>
    history.calls.flatMap((call) =>
      promotions(call).flatMap((later, index, all) => {
        const earlier = all.slice(0, index).find((it) => it.endpoint === later.endpoint);
        if (!earlier || later.leftAt === undefined || !isUndone(later)) return [];
        // Where its answer was lost, nobody knew that it had been carried out.
        if (effectAt(earlier) === undefined || earlier.outcome !== "200" || earlier.faults.length > 0)
          return [];
        return [
          {
            at: later.leftAt,
            what: `${call.method} of ${nameOf(call.urn)} sends #${later.id}, after somebody has undone #${earlier.id}`,
          },
        ];
      }),
    ),
};

function promotions({ exchanges }: EngineCall): Exchange[] {
  return exchanges.filter((it) => it.system === "tcf" && meaningOf(it)?.does === "promote");
}

/** Whether the cluster that it makes active was no longer so when it left. */
function isUndone({ endpoint, truth }: Exchange): boolean {
  const name = endpoint.split("/")[0]?.replace("_", "") as string;
  return (truth as TcfTruth)[name] === "passive";
}
