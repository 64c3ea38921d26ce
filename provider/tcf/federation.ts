import type { Connection } from "../core/connection.ts";
import { BodyError, InputError, messageOf, RequestError, UnreachableError } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import { withLock } from "../core/lock.ts";
import type { Scope } from "../core/scope.ts";
import { type Cluster, getStatus, isActive, listClusters } from "./client.ts";

/** Lists may lag behind a cluster's own word; after this its endpoint is taken for another cluster's. */
export const listLag = 5_000;

/** One of the two clusters, and the way to it. */
export interface Side {
  /** Its id or name, as the `clusters` input spells it. */
  key: string;
  http: Http;
}

/** One of the two clusters, as both sides see it: one endpoint's view cannot prove what the other cluster is. */
export interface Member {
  side: Side;
  id: string;
  name: string;
  /** What it says of itself, where that was asked. */
  own?: string;
  /** What the lists say of it, its own side's first. */
  listed: string[];
  /** Why its own side could not be read. */
  trouble?: Error;
  /** Since when, on the clock of `performance.now()`. */
  silentSince?: number;
}

export type Federation = [Member, Member];

/** The two sides of a `clusters` input. @throws InputError when both lead to the same endpoints */
export function sidesOf(scope: Scope, clusters: Record<string, string | Connection>): [Side, Side] {
  const [one, other] = Object.entries(clusters).map(([key, reference]) => ({
    key,
    http: scope.connect(reference, `clusters.${key}`),
  })) as [Side, Side];
  if (one.http.connection.identity === other.http.connection.identity) {
    throw new InputError(
      `clusters.${other.key}`,
      `leads to the same endpoints as clusters.${one.key}: each cluster is reached through endpoints of its own`,
    );
  }
  return [one, other];
}

/** Runs `work` while nobody else in this process switches one of these clusters. In one order, so that nobody waits in a ring. */
export function withClusters<T>(https: Http[], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const keys = https.map((http) => `${http.connection.identity} role`).sort();
  return keys.reduceRight((inner, key) => () => withLock(key, signal, inner), work)();
}

/**
 * Reads both sides at once. A side that cannot be read is `trouble`, not a failure.
 *
 * @param own also asks each cluster for its own word, which tells whether an endpoint is the cluster it is taken for
 * @param before what was seen last, to tell how long a side has been silent
 * @throws InputError when a list does not have the cluster that it was read from
 */
export async function lookAtBoth(
  sides: readonly [Side, Side],
  options: CallOptions,
  { own = false, before }: { own?: boolean; before?: Federation } = {},
): Promise<Federation> {
  const [one, other] = sides;
  const [oneView, otherView] = await Promise.all([look(one, options, own), look(other, options, own)]);
  const federation: Federation = [
    member(one, oneView, otherView, before?.[0]),
    member(other, otherView, oneView, before?.[1]),
  ];
  if (federation[0].id === federation[1].id) {
    throw new InputError("clusters", `${one.key} and ${other.key} are the same cluster, ${federation[0].id}`);
  }
  return federation;
}

/** What one side says: of both clusters, of itself, or nothing. */
interface View {
  list?: Cluster[];
  own?: string;
  trouble?: Error;
  since: number;
}

async function look({ http }: Side, options: CallOptions, own: boolean): Promise<View> {
  const since = performance.now();
  try {
    const [list, word] = await Promise.all([
      readList(http, options),
      own ? ownWord(http, options).catch(() => undefined) : undefined,
    ]);
    return { list, own: word, since };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    if (error instanceof UnreachableError) return { trouble: error, since };
    // Where the list fails, after as many tries as asked for, its own word is all that this side can say.
    const word = await ownWord(http, { signal: options.signal, patience: "once" }).catch(() => undefined);
    options.signal.throwIfAborted();
    return word === undefined ? { trouble: error, since } : { own: word, since };
  }
}

async function readList(http: Http, options: CallOptions): Promise<Cluster[]> {
  const list = await listClusters(http, options);
  if (list.length > 0) return list;
  const url = `${http.connection.endpoints[0]}/tcf/clusters`;
  throw new BodyError(`GET ${url}: the list has no cluster`, { method: "GET", url, effect: "no" });
}

/** What a cluster says of itself: `/tcf/status`, else `/tcf/is_active`, which knows two words only. */
export async function ownWord(http: Http, options: CallOptions): Promise<string> {
  try {
    return await getStatus(http, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof UnreachableError) throw error;
    const active = await isActive(http, { signal: options.signal, patience: "once" }).catch(() => {
      throw error;
    });
    return active ? "active" : "passive";
  }
}

function member(side: Side, view: View, others: View, before: Member | undefined): Member {
  const inOwn = find(view.list, side.key);
  if (view.list && !inOwn) {
    throw new InputError(
      `clusters.${side.key}`,
      `names no cluster of the federation behind its connection: that has ${nameAll(view.list)}`,
    );
  }
  const inOther = find(others.list, side.key);
  const { id, name } = inOwn ?? inOther ?? before ?? { id: side.key, name: side.key };
  const listed = [inOwn, inOther].flatMap((entry) => entry?.status ?? []);
  const silentSince = view.trouble && (before?.silentSince ?? view.since);
  return { side, id, name, own: view.own, listed, trouble: view.trouble, silentSince };
}

/** The entry of this id or name; ids count first. */
export function find<T extends { id: string; name: string }>(
  list: readonly T[] | undefined,
  idOrName: string | undefined,
): T | undefined {
  return list?.find(({ id }) => id === idOrName) ?? list?.find(({ name }) => name === idOrName);
}

/** `cluster_1 (cluster1), cluster_2 (cluster2)`. */
export function nameAll(list: readonly { id: string; name: string }[]): string {
  return list.map(({ id, name }) => (id === name ? id : `${id} (${name})`)).join(", ") || "none";
}

/** Every word that is said of a cluster, its own first. */
function words({ own, listed }: Member): string[] {
  return own === undefined ? listed : [own, ...listed];
}

/** Who is active, as far as each says of itself: both roles are known when it is exactly one. */
export function rolesIn(federation: Federation): { active?: Member; passive?: Member; count: number } {
  const actives = federation.filter((member) => words(member)[0] === "active");
  if (actives.length !== 1) return { count: actives.length };
  return { active: actives[0], passive: federation.find((member) => member !== actives[0]), count: 1 };
}

/** A cluster as the user spells clusters: by id, by name, or as the `clusters` input has it. */
export function spellingOf({ id, name, side }: Member, federation: Federation, example: string): string {
  if (federation.some((member) => member.id === example)) return id;
  return federation.some((member) => member.name === example) ? name : side.key;
}

/** Whether everybody says this word of the cluster. Any other word, known or not, means that it is still changing. */
export function is(member: Member, word: "active" | "passive"): boolean {
  const said = words(member);
  return said.length > 0 && said.every((each) => each === word);
}

export function isSettled(member: Member): boolean {
  return is(member, "active") || is(member, "passive");
}

/** Whether anybody says another word of the cluster than this one. */
export function isOtherThan(member: Member, word: "active" | "passive"): boolean {
  return words(member).some((each) => each !== word);
}

/**
 * The cluster whose endpoint says the opposite of what all lists say of it: the endpoint is another cluster's, or the lists
 * have not caught up yet. With two passive clusters nothing can tell them apart.
 */
export function misplaced(federation: Federation): Member | undefined {
  const opposite = { active: "passive", passive: "active" } as const;
  return federation.find(
    ({ own, listed }) =>
      (own === "active" || own === "passive") &&
      listed.length > 0 &&
      listed.every((word) => word === opposite[own]),
  );
}

export function describeMisplaced({ id, own, listed }: Member): string {
  return `its endpoint says that it is ${own} while the federation lists ${id} as ${listed[0]}: is it an endpoint of the other cluster?`;
}

/** `cluster_1 active, cluster_2 switching/passive`. */
export function describe(federation: Federation): string {
  return federation
    .map((member) => {
      const said = [...new Set(words(member))].join("/") || "not known";
      return `${member.id} ${said}${member.trouble ? ` (cannot be read: ${messageOf(member.trouble)})` : ""}`;
    })
    .join(", ");
}
