import { setTimeout as pause } from "node:timers/promises";
import type { PulumiProcess } from "../../scripts/pulumi-process.ts";
import { CliStack, type Sequel } from "./cli-stack.ts";
import type { Fault, FaultHarness } from "./fault.ts";
import { attempt } from "./operation.ts";

const stackOf = ({ stack }: FaultHarness) => stack as CliStack;
const runningIn = (harness: FaultHarness) => {
  const { running } = stackOf(harness);
  if (!running) throw new Error("no pulumi process is running");
  return running;
};

/** Interruptions that exist only on the CLI. */
const interruptions: Record<string, (running: PulumiProcess) => void | Promise<void>> = {
  "kill -9 of the host": (running) => running.killHost(),
  "kill -9 of the CLI and all its children": (running) => running.kill(),
  async "SIGSTOP of the host for a while"(running) {
    await running.signalHost("SIGSTOP");
    await pause(3_000);
    await running.signalHost("SIGCONT");
  },
  "SIGINT once": (running) => running.interrupt(),
  async "SIGINT twice"(running) {
    running.interrupt();
    await pause(300);
    running.interrupt();
  },
};

/** Long enough for the interruption to arrive within it, and over before the next `up` begins. */
const delay = 1_500;

const killed = "kill -9 of the CLI and all its children";
const sequels: Sequel[] = ["with --target", "of a renamed resource", "of a tainted resource"];

/** Interrupts while a request is not yet carried out, or is carried out and not yet answered. @param sequel how the next `up` is made */
function interrupt(name: string, when: "before" | "after", sequel?: Sequel): Fault {
  return {
    name: sequel ? `${name}, then an up ${sequel}` : name,
    when: when === "before" ? "before the request is handled" : "after it, before the answer",
    requests: 1,
    // What a user has replaced runs again.
    asksAgain: sequel === "of a tainted resource",
    ...(sequel && { fits: (_resource, operation) => operation === "create" || operation === "update" }),
    inject(harness) {
      const late = harness.simulator.fault({ kind: "delay", ms: delay, when, match: harness.request });
      let interrupted: Promise<void> = Promise.resolve();
      const watch = setInterval(() => {
        if (late.hits === 0) return;
        clearInterval(watch);
        interrupted = (async () => interruptions[name]?.(runningIn(harness)))();
        // end() awaits it and reports its error.
        interrupted.catch(() => {});
      }, 10);
      return {
        get injected() {
          return late.hits > 0;
        },
        async end() {
          clearInterval(watch);
          late.remove();
          await interrupted;
          if (sequel) await stackOf(harness).prepare(sequel);
        },
      };
    },
  };
}

/** Two CLIs at once: on one stack the second finds it locked; with two stacks both reach the installation. */
const twoClis: Fault[] = [
  {
    name: "two CLIs on one stack",
    when: "at once",
    inject: (harness, intent) => ({
      injected: true,
      end() {},
      async attempt() {
        const stack = stackOf(harness);
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
    async inject(harness) {
      const { resource, connections } = harness;
      const { isNative } = stackOf(harness);
      const other = await CliStack.open(resource, connections, { shares: stackOf(harness), isNative });
      return {
        injected: true,
        others: [{ stack: other, session: { said: other.said } }],
        end() {},
        close: async () => other[Symbol.asyncDispose](),
      };
    },
  },
];

export const cliFaults: Fault[] = [
  ...Object.keys(interruptions).flatMap((name) => [interrupt(name, "before"), interrupt(name, "after")]),
  ...sequels.flatMap((sequel) => [interrupt(killed, "before", sequel), interrupt(killed, "after", sequel)]),
  ...twoClis,
];
