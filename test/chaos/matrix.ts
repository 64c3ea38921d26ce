import { aspireCases } from "../rules/cases/aspire.ts";
import { factfinderCases } from "../rules/cases/factfinder.ts";
import { redisCases } from "../rules/cases/redis.ts";
import { tcfCases } from "../rules/cases/tcf.ts";
import type { Door } from "../rules/door.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import { generator } from "../support/generator.ts";
import { apartBlows } from "./apart.ts";
import type { Blow } from "./blow.ts";
import { faults, isUndetectable } from "./faults.ts";
import { events } from "./happenings.ts";
import { applies, measureEffects, operations, requestsOf } from "./operation.ts";
import { together } from "./together.ts";
import { nameOf, type Trial, type Verdict } from "./trial.ts";

const resources = [...redisCases, ...tcfCases, ...factfinderCases, ...aspireCases] as ResourceCase[];

/** Every resource x every operation x every blow x when it strikes. */
export function trialsOf(blows: Blow[], random: () => number): Trial[] {
  return resources.flatMap((resource) =>
    operations
      .filter((operation) => applies(operation, resource))
      .flatMap((operation) => blows.map((blow) => ({ resource, operation, blow, workMs: workMs(random()) })))
      .filter(({ operation, blow }) => blow.fits?.(resource, operation) ?? true)
      .filter(({ operation, blow }) => (blow.requests ?? 0) <= requestsOf(resource, operation))
      .filter(({ blow }) => !isUndetectable(blow, resource.leavesMark)),
  );
}

/** From nearly at once to some looks. */
function workMs(random: number): number {
  return Math.round(10 + 150 * random ** 2);
}

/** Effects of every operation on every resource while nothing breaks, by `<type> <operation>`. */
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
  /** Only cases whose name contains this. */
  only?: string;
  /** How many, drawn by the seed; default all. */
  sample?: number;
}

/** Work and order as only the seed decides. */
export function select({ seed, only, sample }: Selection): Trial[] {
  const random = generator(seed);
  const all = trialsOf([...faults, ...events, ...apartBlows, together], random);
  const fitting = all.filter((trial) => only === undefined || nameOf(trial).includes(only));
  for (let index = fitting.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [fitting[index], fitting[other]] = [fitting[other] as Trial, fitting[index] as Trial];
  }
  return fitting.slice(0, sample ?? fitting.length);
}

/** Plays cases, several at a time: they wait far more than they compute. */
export async function playAll(
  selected: Trial[],
  play: (trial: Trial) => Promise<Verdict>,
  {
    parallel = 24,
    onVerdict = () => {},
  }: { parallel?: number; onVerdict?: (verdict: Verdict, done: number) => void } = {},
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = selected.values();
  const work = async () => {
    for (const one of queue) {
      const verdict = await play(one);
      verdicts.push(verdict);
      onVerdict(verdict, verdicts.length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return verdicts;
}

/** Which promise was broken, and how. */
export function brokenBy({ duplicate, lost, wrong, leak, left }: Verdict): string | undefined {
  const problems = { duplicate, lost, wrong, leak, "left behind": left };
  const found = Object.entries(problems).find(([, problem]) => problem !== undefined);
  return found?.join(": ");
}

/** The summaries of all and of each group. */
export function summaries(verdicts: Verdict[], group: (verdict: Verdict) => string) {
  const groups = Object.entries(Object.groupBy(verdicts, group));
  const rows = groups.map(([name, some]) => [name, summary(some as Verdict[])]);
  return { ...Object.fromEntries(rows), all: summary(verdicts) };
}

/** How often each promise was broken. */
export function summary(verdicts: Verdict[]): Record<string, number> {
  const count = (key: keyof Verdict) => verdicts.filter((verdict) => verdict[key]).length;
  return {
    cases: verdicts.length,
    struck: count("struck"),
    duplicates: count("duplicate"),
    lost: count("lost"),
    wrong: count("wrong"),
    leaks: count("leak"),
    "left behind": count("left"),
    "harmless repeats": count("repeated"),
    "asked again": count("again"),
  };
}
