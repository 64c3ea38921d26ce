import { setTimeout as pause } from "node:timers/promises";
import type { PulumiProcess } from "../../scripts/pulumi-process.ts";
import type { Battle, Blow } from "./blow.ts";
import { CliStack } from "./cli-stack.ts";
import { attempt } from "./operation.ts";

const stackOf = ({ stack }: Battle) => stack as CliStack;
const runningIn = (battle: Battle) => {
  const { running } = stackOf(battle);
  if (!running) throw new Error("nothing runs");
  return running;
};

/** What only befalls whoever runs the CLI. */
const interruptions: Record<string, (running: PulumiProcess) => void | Promise<void>> = {
  "kill -9 of the host": (running) => running.killHost(),
  "kill -9 of the CLI and all its children": (running) => running.kill(),
  "SIGINT once": (running) => running.interrupt(),
  async "SIGINT twice"(running) {
    running.interrupt();
    await pause(300);
    running.interrupt();
  },
};

/** Long enough to be found in, and over before the next `up` begins. */
const delay = 1_500;

/** While a request is on its way, not yet carried out; or carried out, and not yet answered. */
function interrupt(name: string, when: "before" | "after"): Blow {
  return {
    name,
    when: when === "before" ? "before the request is handled" : "after it, before the answer",
    requests: 1,
    strike(battle) {
      const late = battle.simulator.fault({ kind: "delay", ms: delay, when, match: battle.request });
      let interrupted: Promise<void> = Promise.resolve();
      const watch = setInterval(() => {
        if (late.hits === 0) return;
        clearInterval(watch);
        interrupted = (async () => interruptions[name]?.(runningIn(battle)))();
        // Said by end().
        interrupted.catch(() => {});
      }, 10);
      return {
        get struck() {
          return late.hits > 0;
        },
        async end() {
          clearInterval(watch);
          late.remove();
          await interrupted;
        },
      };
    },
  };
}

/** Two CLIs at once: on one stack the second finds it locked, on two stacks they meet at the installation. */
const twoClis: Blow[] = [
  {
    name: "two CLIs on one stack",
    when: "at once",
    strike: (battle, intent) => ({
      struck: true,
      end() {},
      async attempt() {
        const stack = stackOf(battle);
        const both = await Promise.allSettled([attempt(intent, stack), attempt(intent, stack)]);
        const failures = both.filter((one) => one.status === "rejected").map(({ reason }) => reason as Error);
        const unexpected = failures.find(({ message }) => !/stack is currently locked/.test(message));
        if (unexpected || failures.length > 1) throw unexpected ?? failures[0];
      },
    }),
  },
  {
    name: "two CLIs on two stacks",
    when: "at once",
    // The other stack is new.
    fits: (_resource, operation) => operation === "create",
    async strike(battle) {
      const { resource, connections } = battle;
      const other = await CliStack.open(resource, connections, stackOf(battle));
      return {
        struck: true,
        others: [{ stack: other, session: { said: other.said } }],
        end() {},
        close: async () => other[Symbol.asyncDispose](),
      };
    },
  },
];

export const cliBlows: Blow[] = [
  ...Object.keys(interruptions).flatMap((name) => [interrupt(name, "before"), interrupt(name, "after")]),
  ...twoClis,
];
