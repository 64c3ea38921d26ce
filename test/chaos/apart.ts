import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { withLock } from "../../provider/core/work/lock.ts";
import type { Connection } from "../../provider/index.ts";
import { types } from "../../provider/index.ts";
import type { RequestRecord } from "../../simulators/index.ts";
import type { Properties, Session } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import type { Battle, Blow } from "./blow.ts";
import type { Intent } from "./operation.ts";

/** What a process of its own is told to do. */
export interface Task {
  type: string;
  connections: Record<string, Connection>;
  intent: Intent;
  state: Stack["state"];
}

/** What it says at its end; killed it says nothing. */
interface Report {
  state: Stack["state"];
  said: Session["said"];
  error: string | undefined;
}

type Nth = { read: number; mutating: number };

interface Moment {
  /** Mutating requests that there have to be. */
  requests: number;
  is(record: RequestRecord, nth: Nth): boolean;
}

/** When it is struck: on a request that the simulator has just answered. */
const moments: Record<string, Moment> = {
  "at the first read": { requests: 0, is: (_record, { read }) => read === 1 },
  "at the request": { requests: 1, is: (record, { mutating }) => record.mutating && mutating === 1 },
  "at the look after the request": {
    requests: 1,
    is: (record, { mutating }) => !record.mutating && mutating > 0,
  },
  "at the second request": { requests: 2, is: (record, { mutating }) => record.mutating && mutating === 2 },
};

const program = join(import.meta.dirname, "subject.ts");
/** Long enough for everything that was set going to come to its end. */
const aftermath = 700;

type Subject = ReturnType<typeof fork>;

/**
 * `kill -9` of a process in the midst of an operation: nothing of that is in state, and its job *ends* before the next `up`. That
 * one must find what was done, and do only what was not.
 */
function killed(when: string): Blow {
  return apart("killed -9", when, (subject) => subject.kill("SIGKILL"));
}

/** The clock of the machine that runs the provider jumps. */
function clockJump(name: string, milliseconds: number): Blow[] {
  return ["at the first read", "at the look after the request"].map((when) =>
    apart(name, when, (subject) => {
      if (subject.connected) subject.send(milliseconds);
    }),
  );
}

function apart(name: string, when: string, hit: (subject: Subject) => void): Blow {
  const moment = moments[when] as Moment;
  return {
    name,
    when,
    requests: moment.requests,
    // Where the system shows no mark, nothing is ever read.
    fits: ({ leavesMark, type }) => (leavesMark || moment.requests > 0) && !type.endsWith("Intent"),
    async strike(battle, intent) {
      const before = intent.operation === "resume" ? {} : await intentOf(battle, intent.inputs);
      intent.inputs = { ...intent.inputs, ...before };
      let struck = false;
      return {
        get struck() {
          return struck;
        },
        end() {},
        async attempt() {
          const nth: Nth = { read: 0, mutating: 0 };
          const report = await withSlot(() =>
            act(battle, intent, (record, subject) => {
              nth[record.mutating ? "mutating" : "read"]++;
              if (struck || !moment.is(record, nth)) return;
              struck = true;
              hit(subject);
            }),
          );
          if (report !== "killed") return takeOver(battle, report);
          await pause(aftermath);
          throw new Error("killed");
        },
      };
    },
  };
}

function takeOver({ stack, session }: Battle, { state, said, error }: Report): void {
  stack.state = state;
  for (const voice of ["warnings", "plans", "progress"] as const) session.said[voice].push(...said[voice]);
  if (error) throw new Error(error);
}

/** What a run's companion records before it. */
async function intentOf({ resource, door, connections }: Battle, inputs: Properties): Promise<Properties> {
  const companion = `${resource.type}Intent`;
  if (!types.includes(companion)) return {};
  await using session = await door.open(companion, connections);
  const stack = new Stack(session);
  await stack.up(inputs);
  return { __before: stack.state?.outputs.before };
}

let processes = 0;

/** A process computes before it waits: only so many at once, or the others' short patience would be tried by that alone. */
function withSlot<T>(work: () => Promise<T>): Promise<T> {
  return withLock(`process ${processes++ % 4}`, new AbortController().signal, work);
}

/** Longer than any of it takes. */
const limit = 60_000;

/** Lets a process of its own do it. @throws Error when it ends in any other way than by itself or by our hand */
async function act(
  { simulator, connections, resource, stack }: Battle,
  intent: Intent,
  seen: (record: RequestRecord, subject: Subject) => void,
): Promise<Report | "killed"> {
  const task: Task = { type: resource.type, connections, intent, state: stack.state };
  const subject = fork(program, [JSON.stringify(task)], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const overdue = setTimeout(() => subject.kill("SIGTERM"), limit);
  let [report, said]: [Report | undefined, string] = [undefined, ""];
  subject.on("message", (message) => {
    report = message as Report;
  });
  subject.stderr?.on("data", (text) => {
    said += text;
  });
  const unwatch = simulator.watch((record) => {
    if (!record.token) seen(record, subject);
  });
  try {
    const [, signal] = await once(subject, "exit");
    if (signal === "SIGKILL") return "killed";
    if (!report) throw new Error(`the process ended by itself, ${signal ?? "without a word"}: ${said}`);
    return report;
  } finally {
    clearTimeout(overdue);
    unwatch();
    subject.kill("SIGKILL");
  }
}

const hour = 3_600_000;

export const apartBlows: Blow[] = [
  ...Object.keys(moments).map(killed),
  ...clockJump("clock an hour ahead", hour),
  ...clockJump("clock an hour back", -hour),
];
