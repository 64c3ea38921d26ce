import type { AspireSimulator } from "./aspire/simulator.ts";
import type { FactFinderSimulator } from "./factfinder/simulator.ts";
import type { RedisSimulator } from "./redis/simulator.ts";
import type { TcfSimulator } from "./tcf/simulator.ts";

/** The simulators that run, by their system's name. */
export interface Running {
  redis?: RedisSimulator;
  tcf?: TcfSimulator;
  factfinder?: FactFinderSimulator;
  aspire?: AspireSimulator;
}

/** A connection as a stack's configuration names it, and the base URLs behind it. */
export interface NamedConnection {
  name: string;
  endpoints: string[];
  /** What is there, for people. */
  what: string;
}

/** The connections to what runs. `tcf` is the first cluster, `factfinder` the director: what their functions ask by default. */
export function connectionsTo({ redis, tcf, factfinder, aspire }: Running): NamedConnection[] {
  const connections: NamedConnection[] = [];
  if (redis) {
    const what = `Redis Enterprise cluster, nodes ${redis.nodeUids.join(", ")}`;
    connections.push({ name: "redis", endpoints: redis.endpoints, what });
  }
  if (tcf) {
    const [first] = tcf.clusters;
    connections.push({
      name: "tcf",
      endpoints: first?.endpoints ?? [],
      what: `TCF, by way of ${first?.name}`,
    });
    for (const { name, status, endpoints } of tcf.clusters) {
      connections.push({ name, endpoints, what: `TCF cluster ${name}, ${status}` });
    }
  }
  if (factfinder) {
    const { director, workers } = factfinder;
    connections.push({ name: "factfinder", endpoints: [director.url], what: "FACT-Finder director" });
    for (const { name, url } of workers)
      connections.push({ name, endpoints: [url], what: `FACT-Finder ${name}` });
  }
  if (aspire) {
    const what = `Aspire managers, seeds ${aspire.seeds.map((seed) => seed.id).join(" ")}`;
    connections.push({ name: "aspire", endpoints: aspire.endpoints, what });
  }
  return connections;
}

/** The same as stack configuration, by path. */
export function configurationValues(connections: NamedConnection[]): Record<string, string> {
  return Object.fromEntries(
    connections.flatMap(({ name, endpoints }) =>
      endpoints.map((endpoint, index) => [`clusterops:connections.${name}.endpoints[${index}]`, endpoint]),
    ),
  );
}

/** The commands that make a stack use these connections, ready to be pasted. */
export function configurationCommands(connections: NamedConnection[]): string[] {
  return Object.entries(configurationValues(connections)).map(
    ([path, endpoint]) => `pulumi config set --path '${path}' ${endpoint}`,
  );
}
