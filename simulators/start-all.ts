import type { AspireOptions } from "./aspire/options.ts";
import { type AspireSimulator, startAspire } from "./aspire/simulator.ts";
import type { Counts } from "./core/log.ts";
import type { Simulator, SimulatorOptions } from "./core/simulator.ts";
import type { FactFinderOptions } from "./factfinder/options.ts";
import { type FactFinderSimulator, startFactFinder } from "./factfinder/simulator.ts";
import type { RedisOptions } from "./redis/options.ts";
import { type RedisSimulator, startRedis } from "./redis/simulator.ts";
import type { TcfOptions } from "./tcf/options.ts";
import { startTcf, type TcfSimulator } from "./tcf/simulator.ts";

/** Options for all four at once, and for each. */
export interface StartAllOptions extends Omit<SimulatorOptions, "port"> {
  /** Ports: redis from here, tcf 10 further on, then factfinder, then aspire; default 0: any free ones. */
  portBase?: number;
  redis?: RedisOptions;
  tcf?: TcfOptions;
  factfinder?: FactFinderOptions;
  aspire?: AspireOptions;
}

export interface AllSimulators {
  redis: RedisSimulator;
  tcf: TcfSimulator;
  factfinder: FactFinderSimulator;
  aspire: AspireSimulator;
  /** The sums over all four. */
  counts(): Counts;
  resetCounts(): void;
  close(): Promise<void>;
}

export type SystemName = "redis" | "tcf" | "factfinder" | "aspire";

export const systemNames: SystemName[] = ["redis", "tcf", "factfinder", "aspire"];

/** Starts all four systems. When one cannot start (its port is taken), none is left running. */
export async function startAll(options: StartAllOptions = {}): Promise<AllSimulators> {
  const { portBase = 0, redis, tcf, factfinder, aspire, ...shared } = options;
  const at = (system: SystemName) => ({ ...shared, port: portOf(system, portBase) });
  const all: Simulator[] = [];
  const keep = async <T extends Simulator>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    all.push(started);
    return started;
  };
  const close = async () => {
    await Promise.all(all.map((it) => it.close()));
  };
  try {
    return {
      redis: await keep(startRedis({ ...at("redis"), ...redis })),
      tcf: await keep(startTcf({ ...at("tcf"), ...tcf })),
      factfinder: await keep(startFactFinder({ ...at("factfinder"), ...factfinder })),
      aspire: await keep(startAspire({ ...at("aspire"), ...aspire })),
      counts: () => all.map((it) => it.counts()).reduce(addCounts),
      resetCounts: () => {
        for (const it of all) it.resetCounts();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The first port of a system; 0 when any will do. */
export function portOf(system: SystemName, portBase: number): number {
  return portBase === 0 ? 0 : portBase + systemNames.indexOf(system) * 10;
}

function addCounts(one: Counts, other: Counts): Counts {
  return {
    mutating: one.mutating + other.mutating,
    effects: one.effects + other.effects,
    reads: one.reads + other.reads,
    tokens: one.tokens + other.tokens,
    connections: one.connections + other.connections,
  };
}
