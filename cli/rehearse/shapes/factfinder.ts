import type { CallOptions } from "../../../provider/core/http/call.ts";
import type { Way } from "../../../provider/core/work/installation.ts";
import { type DatabaseState, getDatabaseState } from "../../../provider/factfinder/client.ts";
import { type OptionalField, startFactFinder } from "../../../simulators/index.ts";
import { durations, routesOf, type Shape } from "./shape.ts";

/** What the program asks of one director and its nodes. */
export interface Fleet {
  director: Way | undefined;
  nodes: readonly Way[];
  channels: readonly string[];
}

/** A director and nodes like these: each channel at the versions that each of them has. */
export async function factFinderShape(
  { director, nodes, channels }: Fleet,
  options: CallOptions,
): Promise<Shape> {
  const states = async (way: Way) =>
    new Map(
      await Promise.all(
        channels.map(async (channel) => [channel, await getDatabaseState(way, channel, options)] as const),
      ),
    );
  const ofDirector = director && (await states(director));
  const ofNodes = await Promise.all(nodes.map(states));
  const reference = ofDirector ?? ofNodes[0] ?? new Map<string, DatabaseState>();
  const unknown = [
    ...(channels.length === 0 ? ["its channels: the program names none"] : []),
    ...(director ? [] : ["its director, which the program does not name"]),
    "imports: none ends during a rehearsal",
  ];
  const named = [...(director ? [director] : []), ...nodes].map(({ connection }) => connection.name);
  const version = (state: DatabaseState) =>
    [state.databaseVersion, state.deltaVersion].map((part) => part ?? "untold").join(".");
  return {
    words: `factfinder, ${named.join(", ")}: ${channels.map((channel) => `channel ${channel} at ${version(reference.get(channel) ?? {})}`).join(", ")}`,
    unknown,
    async start() {
      const simulator = await startFactFinder({
        workers: Math.max(nodes.length, 1),
        channels: channels.length > 0 ? [...channels] : undefined,
        versions: Object.fromEntries(reference),
        omitFieldsOf: Object.fromEntries([
          ["director", untold(ofDirector)],
          ...ofNodes.map((of, index) => [`worker${index + 1}`, untold(of)]),
        ]),
        reloadMs: durations.reload,
      });
      for (const [index, of] of ofNodes.entries())
        for (const [channel, { databaseVersion, deltaVersion, deltaErrorCount }] of of)
          simulator.worker(index + 1).setState(channel, {
            ...(databaseVersion !== undefined && { databaseVersion }),
            ...(deltaVersion !== undefined && { deltaVersion }),
            ...(deltaErrorCount !== undefined && { deltaErrorCount }),
          });
      const routes = [
        ...(director ? [routesOf([director], [simulator.director.url])] : []),
        ...nodes.map((node, index) => routesOf([node], [simulator.worker(index + 1).url])),
      ];
      return { system: "factfinder", simulator, routes: Object.assign({}, ...routes) };
    },
  };
}

/** The fields that a node does not tell of any channel. */
function untold(states: ReadonlyMap<string, DatabaseState> | undefined): OptionalField[] {
  const all = [...(states?.values() ?? [])];
  const fields = ["databaseVersion", "deltaVersion", "deltaErrorCount"] as const;
  return all.length === 0 ? [] : fields.filter((field) => all.every((state) => state[field] === undefined));
}
