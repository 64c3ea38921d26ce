import { clock } from "../../provider/core/data/clock.ts";
import { messageOf } from "../../provider/core/data/errors.ts";
import type { CallOptions } from "../../provider/core/http/call.ts";
import { Session, type Way } from "../../provider/core/work/installation.ts";
import { aspireShape, type Named } from "./shapes/aspire.ts";
import { factFinderShape } from "./shapes/factfinder.ts";
import { redisShape } from "./shapes/redis.ts";
import type { Shape } from "./shapes/shape.ts";
import { tcfShape } from "./shapes/tcf.ts";
import type { Reference, Wanted } from "./wanted.ts";

/** How long the looks at all installations may take together, in milliseconds. */
const longest = 30_000;

/** What could be seen of what a program names, and what could not. */
export interface Seen {
  shapes: Shape[];
  /** Why there is no shape of an installation. */
  missing: string[];
  /** All ways to what was seen. */
  ways: Way[];
}

/** Looks at every installation that the resources name. Reads only. */
export async function lookAt(wanted: readonly Wanted[]): Promise<Seen> {
  const looks = new Looks(wanted);
  const options: CallOptions = { signal: clock.timeout(longest), patience: "hasty" };
  const missing: string[] = [];
  const attempt = async (what: string, look: () => Shape | Promise<Shape>): Promise<Shape[]> => {
    try {
      return [await look()];
    } catch (error) {
      missing.push(`${what}: ${messageOf(error)}`);
      return [];
    }
  };
  const named = (ways: readonly Way[]) =>
    ways.map(({ connection: { system, name } }) => `${system.name} (${name})`).join(", ");
  const shapes = await Promise.all([
    ...looks.redis().map((ways) => attempt(named(ways), () => redisShape(ways, options))),
    ...looks
      .tcf()
      .map((sides) => attempt(named(sides.map(({ way }) => way)), () => tcfShape(sides, options))),
    ...looks
      .factfinder()
      .map((fleet) =>
        attempt(named([...(fleet.director ? [fleet.director] : []), ...fleet.nodes]), () =>
          factFinderShape(fleet, options),
        ),
      ),
    ...looks.aspire().map(([ways, ids]) => attempt(named(ways), () => aspireShape(ways, ids))),
  ]);
  return { shapes: shapes.flat(), missing, ways: looks.ways };
}

/** The installations behind a program's connections: what leads to one by several ways is one. */
class Looks {
  readonly #wanted: readonly Wanted[];
  readonly #session = new Session();
  readonly #ways = new Set<Way>();

  constructor(wanted: readonly Wanted[]) {
    this.#wanted = wanted;
    // All ways first: which of them lead to one installation is known when there are all.
    for (const one of wanted)
      for (const [property, reference] of one.spec.connections(one.inputs))
        this.#way(one, reference, property);
  }

  get ways(): Way[] {
    return [...this.#ways];
  }

  redis(): [Way, ...Way[]][] {
    return this.#grouped(this.#of("redis").flatMap((one) => this.#waysOf(one)));
  }

  /** Both sides of a federation belong together by the resource that names them, or by a way that they share. */
  tcf() {
    const groups: { way: Way; word?: string }[][] = [];
    for (const one of this.#of("tcf")) {
      const sides = sidesOf(one).map(([reference, word]) => ({ way: this.#way(one, reference), word }));
      const isShared = (group: { way: Way }[]) =>
        group.some(({ way }) => sides.some((side) => side.way.installation === way.installation));
      const same = groups.filter(isShared);
      for (const group of same) groups.splice(groups.indexOf(group), 1);
      groups.push([...sides, ...same.flat()]);
    }
    return groups.map((sides) => [...new Map(sides.map((side) => [side.way, side])).values()]);
  }

  factfinder() {
    const fleets = new Map<unknown, { director: Way | undefined; nodes: Set<Way>; channels: Set<string> }>();
    for (const one of this.#of("factfinder")) {
      const { director, nodes = [], connection, channel, channels = [] } = one.inputs as FactFinderInputs;
      const leads = director ?? (/Prune/.test(one.type) ? (connection ?? "factfinder") : undefined);
      const first = leads === undefined ? undefined : this.#way(one, leads);
      const others = [
        ...nodes,
        ...(/Prune|Sync$/.test(one.type) && one.type !== "factfinder:NodeSync" ? [] : [connection]),
      ];
      const ways = others.map((reference) => this.#way(one, reference)).filter((way) => way !== first);
      const key = first?.installation ?? ways[0]?.installation;
      const fleet = fleets.get(key) ?? { director: first, nodes: new Set(), channels: new Set() };
      fleets.set(key, fleet);
      for (const way of ways) fleet.nodes.add(way);
      for (const name of [channel ?? [], channels].flat()) fleet.channels.add(name);
    }
    return [...fleets.values()].map(({ director, nodes, channels }) => ({
      director,
      nodes: [...nodes],
      channels: [...channels],
    }));
  }

  aspire() {
    return this.#grouped(this.#of("aspire").flatMap((one) => this.#waysOf(one))).map((ways) => {
      const ids = {
        seeds: new Set<string>(),
        workers: new Set<string>(),
        batches: new Map<string, "scan" | "process">(),
      };
      for (const one of this.#of("aspire")) {
        if (!this.#waysOf(one).some((way) => ways.includes(way))) continue;
        const {
          seedIds = [],
          seedId = [],
          workerIds = [],
          batchIds = [],
          type = "scan",
        } = one.inputs as AspireInputs;
        for (const id of textsIn(seedIds, seedId)) ids.seeds.add(id);
        for (const id of textsIn(workerIds)) ids.workers.add(id);
        for (const id of textsIn(batchIds)) ids.batches.set(id, type);
      }
      const batches = [...ids.batches].map(([id, type]) => ({ id, type }));
      const named: Named = { seeds: [...ids.seeds], workers: [...ids.workers], batches };
      return [ways, named] as const;
    });
  }

  #of(system: string): Wanted[] {
    return this.#wanted.filter(({ spec }) => spec.system.name === system);
  }

  #waysOf(one: Wanted): Way[] {
    return one.spec
      .connections(one.inputs)
      .map(([property, reference]) => this.#way(one, reference, property));
  }

  #way({ spec, config }: Wanted, reference: Reference, property = "connection"): Way {
    const way = this.#session.connect(spec.system, reference, config, { property, warn: () => {} });
    this.#ways.add(way);
    return way;
  }

  #grouped(ways: readonly Way[]): [Way, ...Way[]][] {
    const groups = Map.groupBy(new Set(ways), ({ installation }) => installation);
    return [...groups.values()] as [Way, ...Way[]][];
  }
}

interface FactFinderInputs {
  director?: Reference;
  nodes?: Reference[];
  connection?: Reference;
  channel?: string;
  channels?: string[];
}

interface AspireInputs {
  seedIds?: string[];
  seedId?: string;
  workerIds?: string[];
  batchIds?: string[];
  type?: "scan" | "process";
}

/** The sides that a resource names, and what it calls each. */
function sidesOf({ inputs }: Wanted): [reference: Reference, word?: string][] {
  const { clusters, connection, cluster } = inputs as {
    clusters?: Record<string, Reference>;
    connection?: Reference;
    cluster?: string;
  };
  return clusters
    ? Object.entries(clusters).map(([word, reference]) => [reference, word])
    : [[connection, cluster]];
}

/** Those that are known by now: what comes of another resource is not. */
function textsIn(...given: unknown[]): string[] {
  return given.flat().filter((one) => typeof one === "string");
}
