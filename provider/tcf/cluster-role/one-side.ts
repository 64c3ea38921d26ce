import { clock } from "../../core/data/clock.ts";
import { InputError, Refusal, RequestError, UnreachableError } from "../../core/data/errors.ts";
import type { CallOptions, Http } from "../../core/http/http.ts";
import { type Cluster, listClusters } from "../client.ts";
import { listNames } from "../identity.ts";
import { ownWord } from "../look.ts";
import { listOrWord } from "../silent-list.ts";

/** One cluster, and what it knows of the other: for those who control one side only. */
export interface OneSide {
  /** What it says of itself. */
  own: string;
  /** Its entry in the list, where that can be told. */
  entry?: Cluster;
  /** All other entries; while its own cannot be told, those that it cannot be. */
  others: Cluster[];
  list?: Cluster[];
  /** Why the list could not be read. */
  trouble?: Error;
  /** Whether the list says the same of it. Without a list its own word is all there is. */
  isAgreed: boolean;
  /** When it was asked, on the clock of `clock.elapsed()`. */
  since: number;
}

/** What helps to find a cluster in the list. */
export interface Hints {
  /** Name or id, as the user gave it. */
  cluster?: string;
  /** What an earlier look found, for when several have the same word. */
  remembered?: { name?: string; id?: string };
}

/** Reads one side. @throws InputError when the list has no cluster of the name that the user gave */
export async function lookAtOneSide(http: Http, options: CallOptions, hints: Hints): Promise<OneSide> {
  const since = clock.elapsed();
  const word = ownWord(http, options);
  const [own, listed] = await Promise.all([word, readList(http, options, () => word)]);
  if ("trouble" in listed) return { own, others: [], isAgreed: true, trouble: listed.trouble, since };
  const { list } = listed;
  const entry = entryIn(list, own, hints);
  // The list does not say which entry was asked: one of those with the same word it must be.
  const mine = entry ?? list.find(({ status }) => status === own);
  const others = list.filter((each) => each !== mine);
  return { own, entry, list, others, isAgreed: mine?.status === own, since };
}

async function readList(
  http: Http,
  options: CallOptions,
  ask: () => Promise<string>,
): Promise<{ list: Cluster[] } | { trouble: Error }> {
  const read = await listOrWord(http, options, (how) => listClusters(http, how), ask);
  if ("list" in read) return read;
  const { error, word } = read;
  if (!(error instanceof RequestError) || (error instanceof UnreachableError && word === undefined))
    throw error;
  return { trouble: error };
}

/**
 * Its own entry. A name says it. An id does not: in each cluster's list it may mean another one, so that the cluster's own word
 * has to agree, or an earlier look must have found the name. What was found stays so while a list lags behind.
 */
function entryIn(list: Cluster[], own: string, { cluster, remembered }: Hints): Cluster | undefined {
  const named = cluster === undefined ? undefined : list.find(({ name }) => name === cluster);
  if (named) return named;
  const byId = cluster === undefined ? undefined : list.find(({ id }) => id === cluster);
  if (cluster !== undefined && !byId) {
    throw new InputError(
      "cluster",
      `${JSON.stringify(cluster)} names no cluster of the federation: it has ${nameAll(list)}`,
    );
  }
  const known = find(list, remembered);
  const alike = list.filter(({ status }) => status === own);
  if (known && (!byId || known === byId)) return known;
  // Where own word and id disagree, the id's entry goes on as the contradiction that it is.
  if (byId) return alike.length === 1 ? byId : undefined;
  return alike.length === 1 ? alike[0] : undefined;
}

function find(list: Cluster[], { name, id }: { name?: string; id?: string } = {}): Cluster | undefined {
  return list.find((entry) => (name === undefined ? entry.id === id : entry.name === name));
}

/**
 * Whether its own word alone tells which entry of the list it is. It is read beside the list, and a switch between the two names the other one:
 * who would go by that from then on.
 */
export function isGuessed({ cluster, remembered }: Hints): boolean {
  return cluster === undefined && remembered === undefined;
}

export function isKnown(word: string): boolean {
  return word === "active" || word === "passive";
}

/** `cluster1, cluster2`. */
export function nameAll(list: readonly Cluster[]): string {
  return listNames(list.map(({ name }) => name));
}

/** The names of all clusters of its federation, in one spelling. */
export function namesOf({ list = [] }: OneSide): string {
  return list
    .map(({ name }) => name)
    .sort()
    .join(" ");
}

/** `cluster1 active (cluster2 passive)`. */
export function describeOneSide({ own, entry, others, isAgreed }: OneSide): string {
  const listed = entry && !isAgreed ? `/${entry.status}` : "";
  const rest = others.map(({ name, status }) => `${name} ${status}`).join(", ");
  return `${entry?.name ?? "it"} ${own}${listed}${rest && ` (${rest})`}`;
}

/** The refusal for a cluster whose role the list cannot tell from another's, or undefined when it can. */
export function identityRefusal(
  { own, entry, list, trouble }: OneSide,
  { cluster, remembered }: Hints,
): Refusal | undefined {
  if (entry) return undefined;
  if (!list) {
    const isRecorded = cluster === remembered?.name || cluster === remembered?.id;
    if (cluster === undefined || isRecorded) return undefined;
    const why = `whether this is ${JSON.stringify(cluster)} cannot be told, since its list cannot be read (${trouble?.message}): leave cluster out to go by the connection alone`;
    return new Refusal("cluster", why);
  }
  const why =
    cluster === undefined
      ? `is needed: the list cannot tell which of ${nameAll(list)} this is, since more than one is ${own}`
      : `${JSON.stringify(cluster)} is an id, which may mean another cluster in each cluster's list, and more than one is ${own}: write its name, one of ${nameAll(list)}`;
  return new Refusal("cluster", why);
}

/** The refusal for an endpoint that says the opposite of what is listed of the cluster that the user named. */
export function misplacedRefusal(
  { own, entry, isAgreed, list = [] }: OneSide,
  { cluster }: Hints,
): Refusal | undefined {
  if (cluster === undefined || !entry || isAgreed || !isKnown(own) || !isKnown(entry.status))
    return undefined;
  const isId = entry.name !== cluster;
  const [self] = list.filter(({ status }) => status === own);
  const remedy =
    isId && self
      ? `ids may be relative to the cluster that lists them: write the name, ${JSON.stringify(self.name)} if this is the endpoint that is meant`
      : "is it the other cluster's?";
  const called = isId ? `${entry.name} (${entry.id})` : entry.name;
  return new Refusal(
    "cluster",
    `the endpoint says that it is ${own} while the federation lists ${called} as ${entry.status}: ${remedy}`,
  );
}

/** The refusal for a cluster that went by another name through this connection before, while its own word cannot decide. */
export function otherNameRefusal(
  { own, entry, list = [] }: OneSide,
  { cluster, remembered }: Hints,
): Refusal | undefined {
  const isUnique = list.filter(({ status }) => status === own).length === 1;
  if (cluster === undefined || !entry || !remembered?.name || remembered.name === entry.name || isUnique)
    return undefined;
  return new Refusal(
    "cluster",
    `this connection led to ${remembered.name} before: is ${entry.name} the other cluster?`,
  );
}

/** The refusal for a cluster that the list goes on contradicting, where only an earlier look has told which one it is. */
export function changedRefusal({ own, entry, isAgreed }: OneSide, { cluster }: Hints): Refusal | undefined {
  if (cluster !== undefined || !entry || isAgreed || !isKnown(own) || !isKnown(entry.status))
    return undefined;
  return new Refusal(
    "cluster",
    `is needed: this connection led to ${entry.name} before; now it says that it is ${own} while the federation lists ${entry.name} as ${entry.status}`,
  );
}

/** The refusal for a cluster that its own list has no entry for. */
export function unlistedRefusal({ own, list = [] }: OneSide): Refusal | undefined {
  if (!isKnown(own) || list.length > 1) return undefined;
  return new Refusal(
    "connection",
    `the cluster says that it is ${own}, and lists ${nameAll(list)} only: its own entry is missing`,
  );
}

/** Why a promotion may make two active clusters; undefined: the other one is seen to be passive. */
export function secondActive({ others, trouble }: OneSide): string | undefined {
  if (trouble)
    return `the list of clusters cannot be read (${trouble.message}), so the other cluster may be active`;
  if (others.length === 0) return "the list has no other cluster, so the other cluster may be active";
  const active = others.filter(({ status }) => status === "active");
  if (active.length === 0) return undefined;
  return `${nameAll(active)} is active, and two active clusters would take writes that conflict`;
}

/** The refusal for a promotion beside a cluster that is active, or may be. @param wasSent whether this operation has sent a call before */
export function secondActiveRefusal(seen: OneSide, wasSent = false): Refusal | undefined {
  const why = secondActive(seen);
  const remedy = seen.trouble ? "" : "have it demoted first, or ";
  return why === undefined
    ? undefined
    : new Refusal(
        "role",
        `${why}: ${wasSent ? "" : "nothing was sent; "}${remedy}force: true promotes all the same`,
      );
}

/** Whether another one says that it is active. */
export function hasActive({ others }: OneSide): boolean {
  return others.some(({ status }) => status === "active");
}

/** Whether all others say that they are passive: the federation has no active cluster then, if this one is none. */
export function areOthersPassive({ others }: OneSide): boolean {
  return others.length > 0 && others.every(({ status }) => status === "passive");
}
