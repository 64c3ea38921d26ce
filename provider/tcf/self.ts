import { InputError, Refusal, RequestError, UnreachableError } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import { type Cluster, listClusters } from "./client.ts";
import { find, nameAll, ownWord } from "./federation.ts";

/** One cluster, and what it knows of the other: for those who control one side only. */
export interface Self {
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
}

/** What helps to find a cluster in the list. */
export interface Hints {
  /** Id or name, as the user gave it. */
  cluster?: string;
  /** Id that an earlier look found, for when several have the same word. */
  remembered?: string;
}

/** Reads one side. @throws InputError when the list has no cluster of the name that the user gave */
export async function lookAtSelf(http: Http, options: CallOptions, hints: Hints): Promise<Self> {
  const [own, listed] = await Promise.all([ownWord(http, options), readList(http, options)]);
  if ("trouble" in listed) return { own, others: [], isAgreed: true, trouble: listed.trouble };
  const { list } = listed;
  const entry = entryIn(list, own, hints);
  // The list does not say which entry was asked: one of those with the same word it must be.
  const mine = entry ?? list.find(({ status }) => status === own);
  return { own, entry, list, others: list.filter((each) => each !== mine), isAgreed: mine?.status === own };
}

async function readList(http: Http, options: CallOptions): Promise<{ list: Cluster[] } | { trouble: Error }> {
  try {
    return { list: await listClusters(http, options) };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof RequestError) || error instanceof UnreachableError) throw error;
    return { trouble: error };
  }
}

function entryIn(list: Cluster[], own: string, { cluster, remembered }: Hints): Cluster | undefined {
  if (cluster !== undefined) {
    const named = find(list, cluster);
    if (named) return named;
    throw new InputError(
      "cluster",
      `${JSON.stringify(cluster)} names no cluster of the federation: it has ${nameAll(list)}`,
    );
  }
  const alike = list.filter(({ status }) => status === own);
  return alike.length === 1 ? alike[0] : find(alike, remembered);
}

export function isKnown(word: string): boolean {
  return word === "active" || word === "passive";
}

/** `cluster_1 active (cluster_2 passive)`. */
export function describeSelf({ own, entry, others, isAgreed }: Self): string {
  const listed = entry && !isAgreed ? `/${entry.status}` : "";
  const rest = others.map(({ id, status }) => `${id} ${status}`).join(", ");
  return `${entry?.id ?? "it"} ${own}${listed}${rest && ` (${rest})`}`;
}

/** The refusal for a cluster whose role the list cannot tell from another's, or undefined when it can. */
export function identityRefusal({ own, entry, list }: Self): Refusal | undefined {
  if (entry || !list) return undefined;
  return new Refusal(
    "cluster",
    `is needed: the list cannot tell which of ${nameAll(list)} this is, since more than one is ${own}`,
  );
}

/** The refusal for an endpoint that says the opposite of what is listed of the cluster that the user named. */
export function misplacedRefusal({ own, entry, isAgreed }: Self, { cluster }: Hints): Refusal | undefined {
  if (cluster === undefined || !entry || isAgreed || !isKnown(own) || !isKnown(entry.status))
    return undefined;
  return new Refusal(
    "cluster",
    `the endpoint says that it is ${own} while the federation lists ${entry.id} as ${entry.status}: is it the other cluster's?`,
  );
}

/** The refusal for a promotion beside a cluster that is active, or may be. */
export function secondActiveRefusal({ others, trouble }: Self): Refusal | undefined {
  if (trouble) {
    return new Refusal(
      "role",
      `the list of clusters cannot be read (${trouble.message}), so the other cluster may be active: nothing was sent; force: true promotes all the same`,
    );
  }
  const active = others.filter(({ status }) => status === "active");
  if (active.length === 0) return undefined;
  return new Refusal(
    "role",
    `${nameAll(active)} is active, and two active clusters would take writes that conflict: nothing was sent; have it demoted first, or force: true promotes all the same`,
  );
}
