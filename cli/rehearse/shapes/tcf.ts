import type { CallOptions } from "../../../provider/core/http/call.ts";
import type { Way } from "../../../provider/core/work/installation.ts";
import { type Cluster, getStatus, listClusters } from "../../../provider/tcf/client.ts";
import { startTcf } from "../../../simulators/index.ts";
import { durations, routesOf, type Shape, Unreadable } from "./shape.ts";

/** A connection to one side, and the word by which the program calls that cluster, if it does. */
export interface Side {
  way: Way;
  word?: string;
}

/** A federation like this one: both clusters by their names, ids and states. */
export async function tcfShape(sides: readonly Side[], options: CallOptions): Promise<Shape> {
  const looks = await Promise.all(
    sides.map(async ({ way, word }) => {
      const [list, status] = await Promise.all([listClusters(way, options), getStatus(way, options)]);
      return { way, list, own: ownOf(list, status, word), status };
    }),
  );
  const [first] = looks;
  const names = [...new Set(looks.flatMap(({ list }) => list.map(({ name }) => name)))].sort();
  const [one, other] = names;
  if (!first || one === undefined || other === undefined || names.length !== 2)
    throw new Unreadable(
      `a federation of two clusters is rehearsed, and these are ${names.join(", ") || "none"}`,
    );
  const unclear = looks.find(({ own }) => own === undefined);
  if (unclear)
    throw new Unreadable(
      `which of ${names.join(", ")} ${unclear.way.connection.given.join(", ")} leads to cannot be told`,
    );
  // Where ids are relative, each cluster lists itself first.
  const isAbsolute = looks.some(({ list, own }) => list[0]?.name !== own);
  const [top, bottom] = isAbsolute
    ? first.list
    : [one, other].map((name) => first.list.find((it) => it.name === name));
  const endpoints = (name: string) =>
    Math.max(1, ...looks.filter(({ own }) => own === name).map(({ way }) => way.connection.endpoints.length));
  const cluster = (name: string, id: string) => ({
    id,
    name,
    // What a cluster says of itself counts more than what its neighbour says.
    status:
      looks.find(({ own }) => own === name)?.status ??
      first.list.find((it) => it.name === name)?.status ??
      "passive",
    instances: endpoints(name),
  });
  const [idOfFirst, idOfSecond] = isAbsolute
    ? [top?.id ?? "cluster_1", bottom?.id ?? "cluster_2"]
    : [first.list[0]?.id ?? "cluster_1", first.list[1]?.id ?? "cluster_2"];
  const clusters = [
    cluster(top?.name ?? one, idOfFirst),
    cluster(bottom?.name ?? other, idOfSecond),
  ] as const;
  const seen = new Set(looks.map(({ own }) => own));
  return {
    words: `tcf, ${looks.map(({ way }) => way.connection.given[0]).join(" and ")}: ${clusters.map(({ name, status }) => `${name} is ${status}`).join(", ")}`,
    unknown: [
      "whether a coordinator watches over it (autofailover): in the rehearsal none does",
      ...names
        .filter((name) => !seen.has(name))
        .map(
          (name) =>
            `${name} itself, to which no connection leads: its state is what the other one's list says`,
        ),
    ],
    async start() {
      const simulator = await startTcf({
        clusters: [clusters[0], clusters[1]],
        ids: isAbsolute ? "absolute" : "relative",
        switchMs: durations.switch,
      });
      const routes = looks.map(({ way, own }) => routesOf([way], simulator.cluster(own as string).endpoints));
      // The simulator goes by ids, the program by names.
      const named = (endpoint: string) => {
        const [id, instance] = endpoint.split("/");
        const { name = id, instances = 1 } = clusters.find((it) => it.id === id) ?? {};
        return instances === 1 ? `${name}` : `${name}/${instance}`;
      };
      return { system: "tcf", simulator, routes: Object.assign({}, ...routes), named };
    },
  };
}

/** Which of a list the cluster itself is: as the program calls it, else the only one in its own state. */
function ownOf(list: readonly Cluster[], status: string, word: string | undefined): string | undefined {
  if (word !== undefined && list.some(({ name }) => name === word)) return word;
  const same = list.filter((it) => it.status === status);
  if (same.length === 1) return same[0]?.name;
  const byId = list.filter(({ id }) => id === word);
  return byId.length === 1 ? byId[0]?.name : undefined;
}
