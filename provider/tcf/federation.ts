import type { Connection } from "../core/connection.ts";
import { BodyError, InputError, messageOf, RequestError, UnreachableError } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import { withLock } from "../core/lock.ts";
import type { Scope } from "../core/scope.ts";
import { type Cluster, getStatus, isActive, listClusters } from "./client.ts";
import {
  commonIds,
  type Lists,
  listNames,
  meaningOf,
  nameSides,
  type RecordedNames,
  type Unclear,
} from "./identity.ts";

/** Lists may lag behind a cluster's own word; after this its endpoint is taken for another cluster's. */
export const listLag = 5_000;

/** One of the two clusters, and the way to it. */
export interface Side {
  /** What the `clusters` input calls it. */
  key: string;
  http: Http;
}

/** One of the two clusters, as both sides see it: one endpoint's view cannot prove what the other cluster is. */
export interface Member {
  side: Side;
  name: string;
  /** Its id, where both lists agree on it. */
  id?: string;
  /** What it says of itself, where that was asked. */
  own?: string;
  /** What the lists say of it, its own side's first. */
  listed: string[];
  /** Why its own side could not be read. */
  trouble?: Error;
  /** Since when, on the clock of `performance.now()`. */
  silentSince?: number;
}

/** Both clusters, in the order of the `clusters` input, and what tells which is which. */
export interface Federation extends Array<Member> {
  0: Member;
  1: Member;
  lists: Lists;
  /** Names by id, as an earlier operation recorded them. */
  recorded: RecordedNames;
}

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

/** What helps to tell the clusters apart. */
export interface Known {
  /** What was seen last in this operation. */
  before?: Federation;
  /** Names by id, as an earlier operation recorded them. */
  recorded: RecordedNames;
}

/**
 * Reads both sides at once. A side that cannot be read is `trouble`, not a failure.
 *
 * @param own also asks each cluster for its own word, which tells whether an endpoint is the cluster it is taken for
 * @throws InputError when the keys of `clusters` do not tell which cluster is which
 */
export async function lookAtBoth(
  sides: readonly [Side, Side],
  options: CallOptions,
  { before, recorded }: Known,
  { own = false }: { own?: boolean } = {},
): Promise<Federation> {
  const views = (await Promise.all(sides.map((side) => look(side, options, own)))) as [View, View];
  const lists: Lists = [views[0].list, views[1].list];
  const keys = [sides[0].key, sides[1].key] as const;
  // Once a list has told them apart they stay so: in the middle of a failover is no time for doubt about names.
  const names = before?.lists.some((list) => list)
    ? ([before[0].name, before[1].name] as const)
    : nameSides(keys, lists, recorded, [views[0].own, views[1].own]);
  const ids = commonIds(lists);
  const members = sides.map((side, index): Member => {
    const { list, own, trouble, since } = views[index] as View;
    const name = names[index] as string;
    const said = [list, lists[1 - index]].flatMap(
      (each) => each?.find((entry) => entry.name === name)?.status ?? [],
    );
    const last = before?.[index];
    const silentSince = trouble && (last?.silentSince ?? since);
    return { side, name, id: ids.get(name) ?? last?.id, own, listed: said, trouble, silentSince };
  });
  const told: Lists = [lists[0] ?? before?.lists[0], lists[1] ?? before?.lists[1]];
  return Object.assign(members as [Member, Member], { lists: told, recorded });
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

/** The cluster that a name, a key of `clusters` or an id means. */
export function findIn(federation: Federation, word: string): Member | Unclear | undefined {
  const called =
    federation.find(({ name }) => name === word) ?? federation.find(({ side }) => side.key === word);
  if (called) return called;
  const meaning = meaningOf(word, federation.lists, federation.recorded);
  if (!meaning || "unclear" in meaning) return meaning;
  return federation.find(({ name }) => name === meaning.name);
}

export function isMember(found: Member | Unclear | undefined): found is Member {
  return found !== undefined && "side" in found;
}

/** `cluster1, cluster2`. */
export function nameAll(federation: Federation): string {
  return listNames(federation.map(({ name }) => name));
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

/** A cluster as the user spells clusters: by name, by id, or as the `clusters` input has it. */
export function spellingOf({ name, id, side }: Member, federation: Federation, example: string): string {
  if (federation.some((member) => member.name === example)) return name;
  if (id !== undefined && federation.some((member) => member.id === example)) return id;
  return side.key;
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

export function describeMisplaced({ name, own, listed }: Member): string {
  return `its endpoint says that it is ${own} while the federation lists ${name} as ${listed[0]}: is it an endpoint of the other cluster?`;
}

/** Whether each side lists the opposite of what the other lists, of both clusters: then their names or ids are not the same. */
export function areCrossed(federation: Federation): boolean {
  return federation.every(
    ({ listed: [one, other, ...more] }) =>
      more.length === 0 &&
      ((one === "active" && other === "passive") || (one === "passive" && other === "active")),
  );
}

/** `cluster1 active, cluster2 switching/passive`. */
export function describe(federation: Federation): string {
  return federation
    .map((member) => {
      const said = [...new Set(words(member))].join("/") || "not known";
      return `${member.name} ${said}${member.trouble ? ` (cannot be read: ${messageOf(member.trouble)})` : ""}`;
    })
    .join(", ");
}
