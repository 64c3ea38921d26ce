import { RedisSimulator } from "../../simulators/redis/simulator.ts";
import type { Run } from "./pulumi.ts";
import type { Stage } from "./stage.ts";

/** Something that goes wrong during an `up`. */
export interface RehearsedFault {
  /** In a line, for people. */
  words: string;
  /** @param up the run that it happens to. Undefined: it has not begun yet */
  inject(stage: Stage): void;
  /** Whether the CLI is killed as soon as the first request has changed something. */
  kills?: boolean;
}

const mutating = ["POST", "PUT", "DELETE"];

/** By the names that `--faults` takes. */
export const faults: Record<string, RehearsedFault> = {
  "lost-answer": {
    words: "the answer to the first request that changes something is lost",
    inject: ({ stands }) => {
      for (const { simulator } of stands) {
        const handles = mutating.map((method) =>
          simulator.fault({ kind: "reset", when: "after", match: { method }, times: 1 }),
        );
        const stop = simulator.watch(() => {
          if (handles.every(({ hits }) => hits === 0)) return;
          stop();
          for (const handle of handles) handle.remove();
        });
      }
    },
  },
  unavailable: {
    words: "for three seconds every request is answered with 503",
    inject: ({ stands }) => {
      for (const { simulator } of stands) simulator.fault({ kind: "status", status: 503, lasts: 3_000 });
    },
  },
  slow: {
    words: "every answer takes a second longer, for twenty seconds",
    inject: ({ stands }) => {
      for (const { simulator } of stands) simulator.fault({ kind: "delay", ms: 1_000, lasts: 20_000 });
    },
  },
  restart: {
    words: "each system breaks all connections when its first request has changed something",
    inject: (stage) => {
      for (const { simulator } of stage.stands) {
        const stop = simulator.watch(({ effect }) => {
          if (!effect) return;
          stop();
          void simulator.restart();
        });
      }
    },
  },
  "leader-change": {
    words:
      "of a Redis cluster another node leads when the first request has changed something, and for a second nobody answers",
    inject: ({ stands }) => {
      for (const { simulator } of stands) {
        if (!(simulator instanceof RedisSimulator)) continue;
        const stop = simulator.watch(({ effect }) => {
          if (!effect) return;
          stop();
          const next = simulator.nodeUids.find(
            (uid) => uid !== simulator.leader && simulator.node(uid).status === "active",
          );
          if (next !== undefined) simulator.changeLeader(next);
          simulator.fault({ kind: "status", status: 503, lasts: 1_000 });
        });
      }
    },
  },
  killed: {
    words: "pulumi is killed (kill -9) when the first request has changed something",
    inject: () => {},
    kills: true,
  },
};

/** Has the run killed as soon as something was changed. */
export function killAtFirstEffect(stage: Stage, run: Run): void {
  let isKilled = false;
  stage.watch(({ effect }) => {
    if (!effect || isKilled) return;
    isKilled = true;
    void run.kill();
  });
}

/** @throws Error that says which there are */
export function faultsNamed(text: string): string[] {
  const names =
    text === "all"
      ? Object.keys(faults)
      : text
          .split(",")
          .map((name) => name.trim())
          .filter(Boolean);
  const unknown = names.find((name) => !(name in faults));
  if (unknown !== undefined)
    throw new Error(`there is no fault "${unknown}": there are ${Object.keys(faults).join(", ")}, and all`);
  return names;
}
