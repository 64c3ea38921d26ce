import { aspireCases } from "../rules/cases/aspire.ts";
import { factfinderCases } from "../rules/cases/factfinder.ts";
import { redisCases } from "../rules/cases/redis.ts";
import { tcfCases } from "../rules/cases/tcf.ts";
import type { Door } from "../rules/door.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import { generator } from "../support/generator.ts";
import { answerFaults, isUndetectable } from "./answer-faults.ts";
import { eventFaults } from "./events.ts";
import type { Fault } from "./fault.ts";
import { latenessFaults } from "./late-faults.ts";
import { applies, measureEffects, operations, requestsOf } from "./operation.ts";
import { processFaults } from "./process-faults.ts";
import { nameOf, type Outcome, type Scenario } from "./scenario.ts";
import { twoStacks } from "./two-stacks.ts";

const resources = [...redisCases, ...tcfCases, ...factfinderCases, ...aspireCases] as ResourceCase[];

/** Every resource x every operation x every fault x every moment of it. */
export function scenariosOf(faults: Fault[], random: () => number): Scenario[] {
  return resources.flatMap((resource) =>
    operations
      .filter((operation) => applies(operation, resource))
      .flatMap((operation) =>
        faults.map((fault) => ({ resource, operation, fault, workMs: workMs(random()) })),
      )
      .filter(({ operation, fault }) => fault.fits?.(resource, operation) ?? true)
      .filter(({ operation, fault }) => (fault.requests ?? 0) <= requestsOf(resource, operation))
      .filter(({ fault }) => !isUndetectable(fault, resource.leavesMark)),
  );
}

/** From almost nothing to a few polls. */
function workMs(random: number): number {
  return Math.round(10 + 150 * random ** 2);
}

/** Effects of every operation on every resource without a fault, by `<type> <operation>`. */
export async function measureAll(door: Door): Promise<Record<string, number>> {
  const effects: Record<string, number> = {};
  for (const resource of resources) {
    for (const operation of operations.filter((candidate) => applies(candidate, resource))) {
      effects[`${resource.type} ${operation}`] = await measureEffects(resource, operation, door);
    }
  }
  return effects;
}

export interface Selection {
  seed: number;
  /** Only scenarios whose name contains this. */
  only?: string;
  /** How many, drawn by the seed; default all. */
  sample?: number;
}

/** The scenarios, in an order and with durations that only the seed decides. */
export function select({ seed, only, sample }: Selection): Scenario[] {
  const random = generator(seed);
  const all = scenariosOf(
    [...answerFaults, ...eventFaults, ...latenessFaults, ...processFaults, twoStacks],
    random,
  );
  const fitting = all.filter((scenario) => only === undefined || nameOf(scenario).includes(only));
  for (let index = fitting.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [fitting[index], fitting[other]] = [fitting[other] as Scenario, fitting[index] as Scenario];
  }
  return fitting.slice(0, sample ?? fitting.length);
}

/** Runs scenarios, several at a time: they wait far more than they compute. */
export async function runAll(
  selected: Scenario[],
  run: (scenario: Scenario) => Promise<Outcome>,
  {
    parallel = 24,
    onOutcome = () => {},
  }: { parallel?: number; onOutcome?: (outcome: Outcome, done: number) => void } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = selected.values();
  const work = async () => {
    for (const scenario of queue) {
      const outcome = await run(scenario);
      outcomes.push(outcome);
      onOutcome(outcome, outcomes.length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return outcomes;
}

/** Which promise was broken, and how; undefined if none. */
export function brokenBy({ duplicate, lost, wrong, leak, left }: Outcome): string | undefined {
  const problems = { duplicate, lost, wrong, leak, "left behind": left };
  const found = Object.entries(problems).find(([, problem]) => problem !== undefined);
  return found?.join(": ");
}

/** The summaries of all and of each group. */
export function summaries(outcomes: Outcome[], group: (outcome: Outcome) => string) {
  const groups = Object.entries(Object.groupBy(outcomes, group));
  const rows = groups.map(([name, some]) => [name, summary(some as Outcome[])]);
  return { ...Object.fromEntries(rows), all: summary(outcomes) };
}

/** How often each promise was broken. */
export function summary(outcomes: Outcome[]): Record<string, number> {
  const count = (key: keyof Outcome) => outcomes.filter((outcome) => outcome[key]).length;
  return {
    cases: outcomes.length,
    injected: count("injected"),
    duplicates: count("duplicate"),
    lost: count("lost"),
    wrong: count("wrong"),
    leaks: count("leak"),
    "left behind": count("left"),
    "harmless repeats": count("repeated"),
    "asked again": count("again"),
  };
}
