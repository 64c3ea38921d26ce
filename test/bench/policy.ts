import { interval } from "../../provider/core/wait.ts";
import { generator } from "../support/generator.ts";

/** When the next look comes: from how long has been waited, how many looks there were, and chance. Seconds. */
type Policy = (elapsed: number, looks: number, random: number) => number;

/** Ours, and the peers' as read in their source. The first look of those without `0` comes after the first interval. */
export const policies: Record<string, { policy: Policy; looksAtOnce: boolean }> = {
  "pulumi-clusterops": {
    policy: (elapsed, _looks, random) => interval(elapsed * 1_000, random) / 1_000,
    looksAtOnce: true,
  },
  "terraform-provider-restful (10 s)": { policy: () => 10, looksAtOnce: false },
  "azapi (0, then 10 s)": { policy: () => 10, looksAtOnce: true },
  "AWS CDK provider framework (5 s)": { policy: () => 5, looksAtOnce: false },
  "Terraform SDK StateChangeConf": {
    policy: (_elapsed, looks) => Math.min(0.1 * 2 ** looks, 10),
    looksAtOnce: true,
  },
  "smithy util-waiter": {
    policy: (_elapsed, looks, random) => 2 + random * (Math.min(2 * 2 ** looks, 120) - 2),
    looksAtOnce: true,
  },
  "curl, sleep 1": { policy: () => 1, looksAtOnce: true },
};

export interface Waited {
  /** Seconds from the real end until it was noticed, on average. */
  overshoot: number;
  /** Looks, on average. */
  looks: number;
}

/** Plays a policy on a clock that only jumps, for jobs of about this many seconds; the same draws for every policy. */
export function play(name: string, seconds: number, draws = 400): Waited {
  const { policy, looksAtOnce } = policies[name] as (typeof policies)[string];
  const duration = generator(1);
  const chance = generator(2);
  let [overshoot, looks] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    // A tenth around the whole seconds, so that no policy profits from a duration that its interval divides.
    const end = seconds * (0.95 + 0.1 * duration());
    let now = looksAtOnce ? 0 : policy(0, 0, chance());
    let count = 1;
    for (; now < end; count++) now += policy(now, count - 1, chance());
    overshoot += now - end;
    looks += count;
  }
  return { overshoot: overshoot / draws, looks: looks / draws };
}
