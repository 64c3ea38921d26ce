import type { Connection } from "../core/connection/settings.ts";
import { clock } from "../core/data/clock.ts";
import { BodyError, InputError, RequestError, UnreachableError } from "../core/data/errors.ts";
import { memberPath } from "../core/data/inputs.ts";
import type { CallOptions, Http } from "../core/http/call.ts";
import { recalling } from "../core/http/http.ts";
import type { Way } from "../core/work/installation.ts";
import type { Scope } from "../core/work/scope.ts";
import { inOtherHands } from "../core/work/way.ts";
import { type Cluster, getStatus, isActive, listClusters } from "./client.ts";
import type { Federation, Member, Side, View } from "./federation.ts";
import { commonIds, type Lists, nameSides, type RecordedNames } from "./identity.ts";
import { listOrWord } from "./silent-list.ts";

/** The two sides of a `clusters` input. @throws InputError when both lead to the same endpoints */
export function sidesOf(scope: Scope, clusters: Record<string, string | Connection>): [Side, Side] {
  const [one, other] = Object.entries(clusters).map(
    ([key, reference]): Side => ({ key, http: scope.connect(reference, memberPath("clusters", key)) }),
  ) as [Side, Side];
  if (one.http.installation === other.http.installation) {
    throw new InputError(
      memberPath("clusters", other.key),
      `leads to the same endpoints as ${memberPath("clusters", one.key)}: each cluster is reached through endpoints of its own`,
    );
  }
  return [one, other];
}

/** The same sides, for a preview: what others have read of them serves as well. */
export function recallingBoth(sides: [Side, Side]): [Side, Side] {
  const [one, other] = sides.map((side) => ({
    ...side,
    http: inOtherHands(side.http, recalling(side.http)),
  }));
  return [one, other] as [Side, Side];
}

/** Runs `work` while nobody else in this process switches one of these clusters. In one order, so that nobody waits in a ring. */
export function withClusters<T>(scope: Scope, ways: readonly Way[], work: () => Promise<T>): Promise<T> {
  const place = ({ installation }: Way) => installation.note("place in line", () => clock.random());
  const ordered = ways.toSorted((one, other) => place(one) - place(other));
  return ordered.reduceRight<(outer: Scope) => Promise<T>>(
    (inner, way) => (outer) => outer.inTurn(way, "role", inner),
    work,
  )(scope);
}

/** What helps to tell the clusters apart. */
export interface Known {
  /** What was seen last in this operation. */
  before?: Federation;
  /** Names by id, as an earlier operation recorded them. */
  recorded: RecordedNames;
}

/** What a look at both sides asks for beside the lists. */
export interface Closeness {
  /**
   * Which clusters are also asked for their own word, which tells whether an endpoint is the cluster it is taken for, and does not lag
   * behind like a list. Default: none.
   */
  own?: (side: Side) => boolean;
  /** What was read of each side a moment ago, and need not be read again. */
  views?: readonly [View | undefined, View | undefined];
}

/** Each side is asked for its own word, too. */
export const closely: Closeness = { own: () => true };

/**
 * Reads both sides at once. A side that cannot be read is `trouble`, not a failure.
 *
 * @throws InputError when the keys of `clusters` do not tell which cluster is which
 */
export async function lookAtBoth(
  sides: readonly [Side, Side],
  options: CallOptions,
  { before, recorded }: Known,
  { own = () => false, views: read }: Closeness = {},
): Promise<Federation> {
  const views = (await Promise.all(
    sides.map((side, index) => lookAtOne(side, options, own(side), read?.[index])),
  )) as [View, View];
  const { names, lists, words } = await tellApart(sides, views, options, { before, recorded });
  const ids = commonIds(lists);
  const members = sides.map((side, index): Member => {
    const { trouble, since } = views[index] as View;
    const name = names[index] as string;
    const said = [lists[index], lists[1 - index]].flatMap(
      (list) => list?.find((entry) => entry.name === name)?.status ?? [],
    );
    const last = before?.[index];
    const silentSince = trouble && (last?.silentSince ?? since);
    return {
      side,
      name,
      id: ids.get(name) ?? last?.id,
      own: words[index],
      listed: said,
      trouble,
      silentSince,
    };
  });
  const told: Lists = [lists[0] ?? before?.lists[0], lists[1] ?? before?.lists[1]];
  return Object.assign(members as [Member, Member], { lists: told, recorded, views });
}

/**
 * Which side is which cluster. Once a list has told it, it stays so: the middle of a failover is no time for doubt about names.
 * For the same reason lists that only then can be read, and do not tell it, are left aside: each cluster's own word counts.
 */
async function tellApart(
  sides: readonly [Side, Side],
  views: readonly [View, View],
  options: CallOptions,
  { before, recorded }: Known,
): Promise<{ names: readonly string[]; lists: Lists; words: (string | undefined)[] }> {
  const lists: Lists = [views[0].list, views[1].list];
  const words = [views[0].own, views[1].own] as const;
  if (before?.lists.some((list) => list))
    return { names: before.map(({ name }) => name), lists, words: [...words] };
  try {
    return {
      names: nameSides([sides[0].key, sides[1].key], lists, recorded, words),
      lists,
      words: [...words],
    };
  } catch (error) {
    if (!before) throw error;
    const own = sides.map(({ http }, index) => words[index] ?? ownWord(http, options).catch(() => undefined));
    return {
      names: before.map(({ name }) => name),
      lists: [undefined, undefined],
      words: await Promise.all(own),
    };
  }
}

/**
 * Reads one side: its list, or where that fails its own word.
 *
 * @param known what was read of it a moment ago: only its own word is then asked for. Where that does not come, its list is read again: it would
 * be all that is known of the side, and is by then as old as the other side's tries and this one's silence took together
 */
export async function lookAtOne(
  { http }: Pick<Side, "http">,
  options: CallOptions,
  own = false,
  known?: View,
): Promise<View> {
  let since = known?.since ?? clock.elapsed();
  try {
    const asked = own ? ownWord(http, options).catch(() => undefined) : undefined;
    const ask = () => asked ?? ownWord(http, once(options));
    const isOutdated = known?.list !== undefined && own && (await asked) === undefined;
    if (isOutdated) since = clock.elapsed();
    const list = isOutdated ? undefined : known?.list;
    const read = list ?? (await listOrWord(http, options, (how) => readList(http, how), ask));
    if ("error" in read) {
      if (read.word === undefined) throw read.error;
      return { own: read.word, since };
    }
    return { list: "list" in read ? read.list : read, own: await asked, since };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    if (error instanceof UnreachableError) return { trouble: error, since };
    // Where the list fails, after as many tries as asked for, its own word is all that this side can say.
    const word = await ownWord(http, once(options)).catch(() => undefined);
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

/** One try, which is not repeated. */
function once({ signal, activity }: CallOptions): CallOptions {
  return { signal, patience: "once", activity };
}

/** What a cluster says of itself: `/tcf/status`, else `/tcf/is_active`, which knows two words only. */
export async function ownWord(http: Http, options: CallOptions): Promise<string> {
  try {
    return await getStatus(http, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof UnreachableError) throw error;
    const active = await isActive(http, once(options), error).catch(() => {
      throw error;
    });
    return active ? "active" : "passive";
  }
}
