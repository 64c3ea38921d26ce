import { speaksDraft } from "../../../provider/aspire/system.ts";
import type { Way } from "../../../provider/core/work/installation.ts";
import { startAspire } from "../../../simulators/index.ts";
import { routesOf, type Shape } from "./shape.ts";

/** What the program names of one installation. */
export interface Named {
  seeds: string[];
  workers: string[];
  batches: { id: string; type: "scan" | "process" }[];
}

/** Of a manager nothing can be read that the page documents: it knows what the program names, and nothing else. */
export function aspireShape(ways: readonly [Way, ...Way[]], { seeds, workers, batches }: Named): Shape {
  const [way] = ways;
  const draft = speaksDraft(way);
  const managers = Math.max(...ways.map(({ connection }) => connection.endpoints.length));
  return {
    words: `aspire, ${way.connection.given.join(", ")}: it has the ${seeds.length} seeds, ${workers.length} workers and ${batches.length} batches that the program names`,
    unknown: [
      "aspire cannot be read: whether these ids exist there, and whether anybody answers, is not known",
    ],
    async start() {
      const simulator = await startAspire({ managers, seeds, workers, batches, draft });
      const base = draft ? "/aspire_api" : "/aspire/_api";
      const urls = simulator.endpoints.map((endpoint) => endpoint + base);
      return { system: "aspire", simulator, routes: routesOf(ways, urls) };
    },
  };
}
