import { aspireCases } from "../rules/cases/aspire.ts";
import { factfinderCases } from "../rules/cases/factfinder.ts";
import { redisCases } from "../rules/cases/redis.ts";
import { tcfCases } from "../rules/cases/tcf.ts";
import type { Door } from "../rules/door.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import { generator } from "../support/generator.ts";
import { blows, isUndetectable } from "./faults.ts";
import { judgeKill, moments } from "./killed.ts";
import { applies, judge, measureEffects, nameOf, operations, type Trial, type Verdict } from "./trial.ts";

const resources = [...redisCases, ...tcfCases, ...factfinderCases, ...aspireCases] as ResourceCase[];

/** Every resource x every operation x every fault x when it strikes. */
function matrix(): Trial[] {
  return resources.flatMap((resource) =>
    operations
      .filter((operation) => applies(operation, resource))
      .flatMap((operation) => blows.map((blow) => ({ resource, operation, blow })))
      .filter(({ blow }) => !isUndetectable(blow, resource.leavesMark)),
  );
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

/** One case, by its name, and how it is played. */
export interface Case {
  name: string;
  play(door: Door): Promise<Verdict>;
}

/** The matrix, and a kill -9 of every resource at every moment. */
function cases(): Case[] {
  const trials = matrix().map((trial) => ({ name: nameOf(trial), play: (door: Door) => judge(trial, door) }));
  const kills = resources
    .filter(({ type }) => !type.endsWith("Intent"))
    .flatMap((resource) =>
      Object.keys(moments).map((moment) => ({
        name: `${resource.type} create: killed -9 ${moment}`,
        play: (door: Door) => judgeKill(resource, moment, door),
      })),
    );
  return [...trials, ...kills];
}

export interface Selection {
  seed: number;
  /** Only cases whose name contains this. */
  only?: string;
  /** How many, drawn by the seed; default all. */
  sample?: number;
}

/** In an order that only the seed decides. */
export function select({ seed, only, sample }: Selection): Case[] {
  const fitting = cases().filter(({ name }) => only === undefined || name.includes(only));
  const random = generator(seed);
  for (let index = fitting.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [fitting[index], fitting[other]] = [fitting[other] as Case, fitting[index] as Case];
  }
  return fitting.slice(0, sample ?? fitting.length);
}

/** Plays cases, several at a time: they wait far more than they compute. */
export async function playAll(
  selected: Case[],
  door: Door,
  {
    parallel = 24,
    onVerdict = () => {},
  }: { parallel?: number; onVerdict?: (verdict: Verdict, done: number) => void } = {},
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = selected.values();
  const work = async () => {
    for (const one of queue) {
      const verdict = await one.play(door);
      verdicts.push(verdict);
      onVerdict(verdict, verdicts.length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return verdicts;
}

/** How often each promise was broken. */
export function summary(verdicts: Verdict[]): Record<string, number> {
  const count = (key: keyof Verdict) => verdicts.filter((verdict) => verdict[key]).length;
  return {
    cases: verdicts.length,
    duplicates: count("duplicate"),
    lost: count("lost"),
    wrong: count("wrong"),
    leaks: count("leak"),
    "harmless repeats": count("repeated"),
  };
}
