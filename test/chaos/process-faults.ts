import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../provider/index.ts";
import { types } from "../../provider/index.ts";
import type { RequestRecord } from "../../simulators/index.ts";
import type { Properties, Session } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { Queue } from "../rules/tables.ts";
import type { Fault, FaultHarness } from "./fault.ts";
import type { Intent } from "./operation.ts";

/** What the child process is to run. */
export interface Task {
  type: string;
  connections: Record<string, Connection>;
  intent: Intent;
  state: Stack["state"];
}

/** What it reports at its end. A killed process reports nothing. */
interface Report {
  state: Stack["state"];
  said: Session["said"];
  error: string | undefined;
}

/** How many requests of each kind the simulator has answered. */
type Answered = { read: number; mutating: number };

interface Moment {
  /** Mutating requests that the operation must send to get there. */
  requests: number;
  isRead?: true;
  is(record: RequestRecord, answered: Answered): boolean;
}

/** When a fault is injected: on a request that the simulator has just answered. */
const moments: Record<string, Moment> = {
  "at the first read": { requests: 0, isRead: true, is: (_record, { read }) => read === 1 },
  "at the request": { requests: 1, is: (record, { mutating }) => record.mutating && mutating === 1 },
  "at the read after the request": {
    requests: 1,
    isRead: true,
    is: (record, { mutating }) => !record.mutating && mutating > 0,
  },
  "at the second request": { requests: 2, is: (record, { mutating }) => record.mutating && mutating === 2 },
};

const program = join(import.meta.dirname, "child.ts");
/** Long enough for all work that was started to end. */
const settleMs = 700;

type Child = ReturnType<typeof fork>;

/**
 * `kill -9` of the process during an operation: nothing of it is in state, and the remote work *ends* before the next `up`, which
 * must find what was done and do only the rest.
 */
function killed(when: string): Fault {
  return processFault("kill -9", when, (child) => child.kill("SIGKILL"));
}

/** The clock of the provider's machine jumps. */
function clockJump(name: string, milliseconds: number): Fault[] {
  return ["at the first read", "at the read after the request"].map((when) =>
    processFault(name, when, (child) => {
      if (child.connected) child.send(milliseconds);
    }),
  );
}

/** Longer than requests may take, and not as long as an operation. */
const pauseMs = 1_500;

/** The process stands still for a while, in the middle of whatever it does, as when a laptop is closed or a container frozen. */
function stopped(when: string): Fault {
  return processFault("SIGSTOP for a while", when, (child) => {
    child.kill("SIGSTOP");
    setTimeout(() => child.kill("SIGCONT"), pauseMs);
  });
}

/** A fault of the process that runs the provider: the operation runs in a child process for it. */
function processFault(name: string, when: string, hit: (child: Child) => void): Fault {
  const moment = moments[when] as Moment;
  return {
    name,
    when,
    requests: moment.requests,
    // Where the system leaves no mark, nothing is ever read.
    fits: ({ leavesMark, type }) => (leavesMark || !moment.isRead) && !type.endsWith("Intent"),
    async inject(harness, intent) {
      const before = intent.operation === "resume" ? {} : await intentOf(harness, intent.inputs);
      intent.inputs = { ...intent.inputs, ...before };
      let injected = false;
      return {
        get injected() {
          return injected;
        },
        end() {},
        async attempt() {
          const answered: Answered = { read: 0, mutating: 0 };
          const report = await children.run(() =>
            runChild(harness, intent, (record, child) => {
              answered[record.mutating ? "mutating" : "read"]++;
              if (injected || !moment.is(record, answered)) return;
              injected = true;
              hit(child);
            }),
          );
          if (report !== "killed") return adopt(harness, report);
          await pause(settleMs);
          throw new Error("killed");
        },
      };
    },
  };
}

/** Takes over the child's state and messages. @throws Error if its operation failed */
function adopt({ stack, session }: FaultHarness, { state, said, error }: Report): void {
  stack.state = state;
  for (const kind of ["warnings", "plans", "progress"] as const) session.said[kind].push(...said[kind]);
  if (error) throw new Error(error);
}

/** The intent that a run's companion resource records before it. */
async function intentOf(
  { resource, door, connections }: FaultHarness,
  inputs: Properties,
): Promise<Properties> {
  const companion = `${resource.type}Intent`;
  if (!types.includes(companion)) return {};
  await using session = await door.open(companion, connections);
  const stack = new Stack(session);
  await stack.up(inputs);
  return { __before: stack.state?.outputs.before };
}

/** A starting process takes a whole core: only four at once, or the short timeouts of the others would expire from that alone. */
const children = new Queue(4);

/** Longer than any operation takes. */
const limit = 60_000;

/** Runs the operation in a child process. @throws Error if that ended without a report, other than by our kill */
async function runChild(
  { simulator, connections, resource, stack }: FaultHarness,
  intent: Intent,
  onAnswer: (record: RequestRecord, child: Child) => void,
): Promise<Report | "killed"> {
  const task: Task = { type: resource.type, connections, intent, state: stack.state };
  const child = fork(program, [JSON.stringify(task)], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const overdue = setTimeout(() => child.kill("SIGTERM"), limit);
  let report: Report | undefined;
  let stderr = "";
  child.on("message", (message) => {
    report = message as Report;
  });
  child.stderr?.on("data", (text) => {
    stderr += text;
  });
  const unwatch = simulator.watch((record) => {
    if (!record.token) onAnswer(record, child);
  });
  try {
    const [, signal] = await once(child, "exit");
    if (signal === "SIGKILL") return "killed";
    if (!report)
      throw new Error(`the child process ended without a report, ${signal ?? "by itself"}: ${stderr}`);
    return report;
  } finally {
    clearTimeout(overdue);
    unwatch();
    child.kill("SIGKILL");
  }
}

const hour = 3_600_000;

export const processFaults: Fault[] = [
  ...Object.keys(moments).map(killed),
  ...Object.keys(moments).map(stopped),
  ...clockJump("clock an hour ahead", hour),
  ...clockJump("clock an hour back", -hour),
];
