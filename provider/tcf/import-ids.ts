import { ClusteropsError } from "../core/data/errors.ts";
import { decodedPart } from "../core/data/values.ts";

/*
 * Import ids. What they say is names, and names may hold anything: `/ ? + = & % ,` are percent-encoded.
 */

/** `cluster1+cluster2`, names that are also those of connections, or `cluster1=tcf-east+cluster2=tcf-west`. */
export function clustersIn(id: string): Record<string, string> {
  const pairs = id.split("+").map((part) => part.split("=").map(decodedPart));
  const isGood =
    pairs.length === 2 && pairs.every((pair) => pair.length <= 2 && pair.every((each) => each !== ""));
  if (!isGood || pairs[0]?.[0] === pairs[1]?.[0])
    throw new ClusteropsError(
      `${JSON.stringify(id)} is no id of an ActiveCluster: write cluster1+cluster2, or cluster1=<connection>+cluster2=<connection>`,
    );
  return Object.fromEntries(pairs.map(([name = "", connection = name]) => [name, connection]));
}

/** `connection`, or `connection/cluster`. */
export function sideIn(id: string): { connection: string; cluster?: string } {
  const [connection = "", cluster, ...more] = id.split("/").map(decodedPart);
  if (connection === "" || cluster === "" || more.length > 0)
    throw new ClusteropsError(
      `${JSON.stringify(id)} is no id of a ClusterRole: write <connection>, or <connection>/<cluster>`,
    );
  return { connection, ...(cluster !== undefined && { cluster }) };
}
