import { Pace } from "../../provider/core/work/pace.ts";
import { interval, shortest } from "../../provider/core/work/wait.ts";
import { generator } from "../support/generator.ts";

/** When the next look comes: from how long has been waited, how many looks there were, chance, and per cent done. Seconds. */
type Policy = (elapsed: number, looks: number, random: number, percent: number) => number;

interface Contender {
  policy: Policy;
  /** Whether the first look is at once; else it comes after the first interval. */
  looksAtOnce: boolean;
}

/** What the work says of how far it is. */
const reports = {
  nothing: () => undefined,
  "its progress": (percent: number) => percent,
  "99 % from its middle on": (percent: number) => (percent < 50 ? percent : 99),
};

function ours(report: keyof typeof reports): () => Contender {
  return () => {
    const pace = new Pace();
    return {
      looksAtOnce: true,
      policy(elapsed, _looks, random, percent) {
        const now = elapsed * 1_000;
        pace.see(reports[report](percent), now);
        return pace.delay(interval(now, random), shortest, now) / 1_000;
      },
    };
  };
}

function theirs(policy: Policy, looksAtOnce: boolean): () => Contender {
  return () => ({ policy, looksAtOnce });
}

/** Ours, and the peers' as read in their source. */
export const policies: Record<string, () => Contender> = {
  "pulumi-clusterops": ours("nothing"),
  "the same, of work that tells its progress": ours("its progress"),
  "the same, of work that tells 99 % too early": ours("99 % from its middle on"),
  "terraform-provider-restful (10 s)": theirs(() => 10, false),
  "azapi (0, then 10 s)": theirs(() => 10, true),
  "AWS CDK provider framework (5 s)": theirs(() => 5, false),
  "Terraform SDK StateChangeConf": theirs((_elapsed, looks) => Math.min(0.1 * 2 ** looks, 10), true),
  "smithy util-waiter": theirs(
    (_elapsed, looks, random) => 2 + random * (Math.min(2 * 2 ** looks, 120) - 2),
    true,
  ),
  "curl, sleep 1": theirs(() => 1, true),
};

export interface Waited {
  /** Seconds from the real end until it was noticed, on average. */
  overshoot: number;
  /** Looks, on average. */
  looks: number;
}

/** Plays a policy on a clock that only jumps, for jobs of about this many seconds; the same draws for every policy. */
export function play(name: string, seconds: number, draws = 400): Waited {
  const enter = policies[name] as () => Contender;
  const duration = generator(1);
  const chance = generator(2);
  let [overshoot, looks] = [0, 0];
  for (let draw = 0; draw < draws; draw++) {
    // A tenth around the whole seconds, so that no policy profits from a duration that its interval divides.
    const end = seconds * (0.95 + 0.1 * duration());
    const { policy, looksAtOnce } = enter();
    const percent = () => Math.floor((100 * now) / end);
    let now = 0;
    let count = 1;
    if (!looksAtOnce) now = policy(0, 0, chance(), 0);
    for (; now < end; count++) now += policy(now, count - 1, chance(), percent());
    overshoot += now - end;
    looks += count;
  }
  return { overshoot: overshoot / draws, looks: looks / draws };
}
