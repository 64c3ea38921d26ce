import type { Declaration, Edit, Fault, StackStory, Step, Trouble } from "./story.ts";
import { models } from "./systems/index.ts";
import type { Random } from "./world/random.ts";

/*
 * What goes wrong together. Drawn piece by piece, what it takes to harm somebody meets once in many thousand stories: a run, killed in the
 * one moment that counts, and run again before anything else has happened. So some stories are drawn around one such meeting.
 */

/** A story's stacks with something that is bound to happen to one of them. */
export interface Motif {
  stacks: StackStory[];
  faults: Fault[];
}

type Draw = (random: Random, stack: StackStory, about: Declaration) => Pick<StackStory, "steps"> & Bound;

interface Bound {
  faults: Omit<Fault, "stack">[];
  /** In place of the declaration. */
  instead?: Declaration;
}

const runs = /^redis:NodeAction$|^factfinder:DatabasePrune$/;

const motifs: readonly [weight: number, about: RegExp, draw: Draw][] = [
  [3, runs, killedBeforeItIsRecorded],
  [3, /^redis:|^tcf:|^factfinder:Database/, landsLate],
  [6, /^tcf:/, turnsBackSoon],
  [3, /^redis:NodeMaintenance/, turnsBackSoon],
  [1.5, /^redis:|^tcf:/, isRunAgainSoon],
  [2, /^redis:/, isNotFoundForAWhile],
  [1, /^redis:|^tcf:|^factfinder:/, isSaidToBeDone],
];

/** @returns undefined where the stacks declare nothing that any of them is about */
export function drawMotif(random: Random, stacks: readonly StackStory[]): Motif | undefined {
  const possible = motifs.flatMap(([weight, about, draw]) =>
    stacks.flatMap((stack) =>
      stack.program
        .filter(({ type }) => about.test(type))
        .map((it) => [weight, { stack, it, draw }] as const),
    ),
  );
  if (possible.length === 0) return undefined;
  const { stack, it, draw } = random.weighted(possible);
  const { steps, faults, instead = it } = draw(random, stack, it);
  const program = stack.program.map((one) => (one === it ? instead : one));
  return {
    stacks: stacks.map((one) => (one === stack ? { ...stack, program, steps } : one)),
    faults: faults.map((fault) => ({ stack: stack.name, ...fault })),
  };
}

/** The process is gone between the request and the state, and the next `up` knows what was recorded ahead, or nothing. */
function killedBeforeItIsRecorded(random: Random, stack: StackStory, about: Declaration): ReturnType<Draw> {
  const { steps, at } = withUpAt(random, stack, about);
  const kill: Trouble = { kind: "kill", who: random.pick(["host", "both", "both"]) };
  const where = random.weighted<Pick<Fault, "boundary" | "on" | "nth">>([
    [3, { boundary: "answer", on: "mutating", nth: 1 }],
    [1, { boundary: "send", on: "mutating", nth: 1 }],
    [2, { boundary: "send", on: "read", nth: random.int(2, 20) }],
    [3, { boundary: "write", on: "any", nth: random.int(3, 6) }],
  ]);
  return { steps, faults: [{ step: at, times: 1, what: kill, ...where }] };
}

/** The answer is lost or is not the system's own, and the request lands as late as it may. */
function landsLate(random: Random, stack: StackStory, about: Declaration): ReturnType<Draw> {
  const { steps, at } = withUpAt(random, stack, about);
  return { steps, faults: [late(random, at, latestOf(about))] };
}

/** The same, and what was wanted is wanted no more before it lands. With little time an operation ends before it knows. */
function turnsBackSoon(random: Random, stack: StackStory, about: Declaration): ReturnType<Draw> {
  const { name, type } = about;
  const back = plainUp(random, 4_000);
  if (type !== "redis:NodeMaintenance") back.edits = editsOf(random, about);
  else if (random.chance(0.5)) back.command = "destroy";
  else back.edits = [{ edit: "remove", name }];
  const inputs = { ...about.inputs, timeout: random.pick(["5s", "10s", "20s"]) };
  return {
    steps: [plainUp(random), back, ...ending(random, stack)],
    faults: [late(random, 0, latestOf(about))],
    instead: { ...about, inputs },
  };
}

/** The same, and the next `up` begins before it lands. Of a toggle a second one would undo the first. */
function isRunAgainSoon(random: Random, stack: StackStory, about: Declaration): ReturnType<Draw> {
  const timeout = random.pick(["5s", "10s"]);
  const strategy = about.type === "tcf:ActiveCluster" && random.chance(0.6) ? { strategy: "toggle" } : {};
  return {
    steps: [plainUp(random), plainUp(random, 2_000), ...ending(random, stack)],
    faults: [late(random, 0, latestOf(about))],
    instead: { ...about, inputs: { ...about.inputs, timeout, ...strategy } },
  };
}

/** An action is not found for a while where it is asked for itself, by a proxy's rules, and the list has it all the time. */
function isNotFoundForAWhile(random: Random, stack: StackStory, about: Declaration): ReturnType<Draw> {
  const { steps, at } = withUpAt(random, stack, about);
  const missing: Omit<Fault, "stack"> = {
    step: at + random.int(0, 1),
    boundary: "send",
    on: "action",
    nth: random.int(1, 6),
    times: random.spread(10, 50),
    what: { kind: "gateway", status: 404 },
  };
  return { steps, faults: random.chance(0.8) ? [missing, late(random, at, 500)] : [missing] };
}

/** Something on the way says 200, and nothing is done. */
function isSaidToBeDone(random: Random, stack: StackStory, about: Declaration): ReturnType<Draw> {
  const { steps, at } = withUpAt(random, stack, about);
  const body = random.pick(["", "{}", "[]", '"ok"', "<html></html>"]);
  const what: Trouble = { kind: "hollow 200", body };
  const times = random.pick([1, 1, 3]);
  return { steps, faults: [{ step: at, boundary: "send", on: "mutating", nth: 1, times, what }] };
}

/** An `up` that sends something, the first or after an edit, and soon another one that changes nothing. */
function withUpAt(random: Random, stack: StackStory, about: Declaration): { steps: Step[]; at: number } {
  const at = random.chance(0.7) ? 0 : 1;
  const edited = at === 0 ? [] : [{ ...plainUp(random), edits: editsOf(random, about) }];
  const steps = [plainUp(random), ...edited, plainUp(random, 40_000), ...ending(random, stack)];
  return { steps, at };
}

function plainUp(random: Random, latest = 120_000): Step {
  const step: Step = { command: "up", after: random.spread(50, latest), edits: [] };
  return random.chance(0.6) ? { ...step, skipPreview: true } : step;
}

/** Whatever else was drawn for the end, as long as it takes away nothing of what the state knows. */
function ending(random: Random, { steps }: StackStory): Step[] {
  if (random.chance(0.5)) return [];
  const harmless = steps.filter(({ command }) => ["refresh", "preview", "destroy"].includes(command));
  return harmless.slice(-1);
}

function editsOf(random: Random, about: Declaration): Edit[] {
  const system = about.type.split(":")[0] as keyof typeof models;
  const edit = models[system].edit(random, about);
  return edit ? [edit] : [];
}

/** Milliseconds after which nobody may expect a request any more (`mayLandWithin` of the clients), and a little less. */
function latestOf({ type }: Declaration): number {
  if (type === "factfinder:DatabasePrune") return 34_000;
  return type.startsWith("redis:") ? 5_500 : 9_500;
}

function late(random: Random, step: number, latest: number): Omit<Fault, "stack"> {
  const lands = random.int(50, latest);
  const what = random.weighted<Trouble>([
    [3, { kind: "gateway", status: random.pick([500, 502, 503, 504]), lands }],
    [2, { kind: "reset, lands later", ms: lands }],
    [1, { kind: "reset answer" }],
  ]);
  const boundary = what.kind === "reset answer" ? "answer" : "send";
  return { step, boundary, on: "mutating", nth: random.int(1, 2), times: 1, what };
}
