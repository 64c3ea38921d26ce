import { InputError } from "../core/data/errors.ts";
import { memberPath } from "../core/data/inputs.ts";
import type { Cluster } from "./client.ts";

/*
 * Which cluster is meant. Names are the identity: they are the state store's key prefixes, the same in every list. An id means
 * something only inside the list that it came from: the vendor's example stand configures `cluster_1` as the cluster itself and
 * `cluster_2` as its neighbour, on both sides. Whether ids are relative like that, or the same everywhere, no page says: both work.
 */

/** The list of each side, in the order of the `clusters` input; undefined where it could not be read. */
export type Lists = readonly [Cluster[] | undefined, Cluster[] | undefined];

/** Names by id, as an earlier operation recorded them when they could be told. */
export type RecordedNames = ReadonlyMap<string, string>;

/** The keys of `clusters` are ids, and ids cannot tell the clusters apart. */
export class UnclearIds extends InputError {
  /** Whether they might once both sides can be read. */
  readonly isSideMissing: boolean;

  constructor(reason: string, isSideMissing: boolean) {
    super("clusters", reason);
    this.isSideMissing = isSideMissing;
  }
}

/** Why it cannot be told which cluster a word of the user means. */
export interface Unclear {
  unclear: string;
}

/** What a word of the user means: a cluster's name, or why it cannot be told; undefined: no cluster. */
type Meaning = { name: string } | Unclear | undefined;

/**
 * The cluster that a name or an id means; undefined: none that is listed.
 *
 * @param recorded what tells ids apart while one side cannot be read
 */
export function meaningOf(word: string, lists: Lists, recorded: RecordedNames): Meaning {
  const read = lists.filter((list) => list !== undefined);
  const known = recorded.get(word);
  // Without a list a word is taken for a name, unless it is the id of a name that was recorded.
  if (read.length === 0) return { name: [...recorded.values()].includes(word) ? word : (known ?? word) };
  if (read.some((list) => list.some(({ name }) => name === word))) return { name: word };
  const names = read.map((list) => list.find(({ id }) => id === word)?.name);
  const [one, other] = names;
  if (read.length === 1) {
    if (one === undefined) return undefined;
    if (known !== undefined && read[0]?.some(({ name }) => name === known)) return { name: known };
    return {
      unclear:
        "an id may mean another cluster in each cluster's list, and one of the two lists cannot be read",
    };
  }
  if (one === undefined && other === undefined) return undefined;
  if (one !== undefined && one === other) return { name: one };
  return {
    unclear: `the id ${word} is ${names.map((name) => name ?? "none").join(" in one cluster's list and ")} in the other's`,
  };
}

/**
 * The name of the cluster behind each key of `clusters`.
 *
 * @throws InputError for keys that mean no cluster, the same one, or none that can be told, with the names to write
 */
export function nameSides(
  keys: readonly [string, string],
  lists: Lists,
  recorded: RecordedNames,
  words: readonly [string | undefined, string | undefined],
): [string, string] {
  const names = namesIn(keys, lists);
  const meanings = keys.map((key) => meaningOf(key, lists, recorded));
  for (const [index, meaning] of meanings.entries()) {
    // A list of one cluster says nothing of the other.
    if (meaning || (names.length < 2 && meanings[1 - index] && !lists[index])) continue;
    throw new InputError(
      pathOf(keys, index),
      `names no cluster of the federation behind its connection: that has ${listNames(names)}`,
    );
  }
  const [one, other] = meanings.map((meaning) => (meaning && "name" in meaning ? meaning.name : undefined));
  const rest = (known: string, key: string) =>
    names.find((name) => name !== known) ?? (names.length < 2 ? key : undefined);
  // There are two clusters: where one key is clear, the other one is the other cluster.
  const sides = [one ?? (other && rest(other, keys[0])), other ?? (one && rest(one, keys[1]))] as const;
  if (sides[0] === undefined || sides[1] === undefined)
    throw unclearKeys(keys, meanings, lists, names, words);
  if (sides[0] === sides[1])
    throw new InputError("clusters", `${keys[0]} and ${keys[1]} are the same cluster, ${sides[0]}`);
  return [sides[0], sides[1]];
}

function pathOf(keys: readonly [string, string], index: number): string {
  return memberPath("clusters", keys[index] as string);
}

/** The names in all lists. @throws InputError when these cannot be two clusters of one federation */
function namesIn(keys: readonly [string, string], lists: Lists): string[] {
  const perSide = lists.map((list) => list?.map(({ name }) => name) ?? []);
  for (const [index, side] of perSide.entries()) {
    const twice = side.find((name, at) => side.indexOf(name) < at);
    if (twice === undefined) continue;
    throw new InputError(
      pathOf(keys, index),
      `its list has two clusters of the name ${twice}: they cannot be told apart`,
    );
  }
  const names = [...new Set(perSide.flat())];
  if (names.length <= 2) return names;
  const crowded = perSide.findIndex((side) => side.length > 2);
  if (crowded >= 0) {
    throw new InputError(
      pathOf(keys, crowded),
      `its list has ${perSide[crowded]?.length} clusters (${listNames(perSide[crowded] as string[])}), and a federation has two`,
    );
  }
  const seen = keys.map((_, index) => `${pathOf(keys, index)} has ${listNames(perSide[index] as string[])}`);
  throw new InputError(
    "clusters",
    `the lists disagree on the names of the two clusters (${seen.join("; ")}): are both connections of one federation?`,
  );
}

function unclearKeys(
  keys: readonly [string, string],
  meanings: Meaning[],
  lists: Lists,
  names: string[],
  words: readonly [string | undefined, string | undefined],
): UnclearIds {
  const [why] = meanings.flatMap((meaning) => (meaning && "unclear" in meaning ? meaning.unclear : []));
  const now = keys.map((_, index) => nameByWord(lists[index], words[index]));
  const isTold = now[0] !== undefined && now[1] !== undefined && now[0] !== now[1];
  const hint = isTold
    ? `; as they answer now, ${pathOf(keys, 0)} leads to ${now[0]} and ${pathOf(keys, 1)} to ${now[1]}`
    : "";
  return new UnclearIds(
    `cannot be told apart by ${keys[0]} and ${keys[1]}: ${why}; write the names ${names.join(" and ")} as keys${hint}`,
    lists.includes(undefined),
  );
}

/** The cluster that was asked, where its own word is that of one entry only. */
function nameByWord(list: Cluster[] | undefined, word: string | undefined): string | undefined {
  const alike = list?.filter(({ status }) => status === word) ?? [];
  return alike.length === 1 ? alike[0]?.name : undefined;
}

/** The ids that both lists give to the same clusters: they hold everywhere. Empty where that is not proven. */
export function commonIds([one, other]: Lists): Map<string, string> {
  const agreed = one?.every(({ id, name }) => other?.find((entry) => entry.name === name)?.id === id);
  return new Map(agreed && other && one ? one.map(({ id, name }) => [name, id]) : []);
}

/** `cluster1, cluster2`. */
export function listNames(names: readonly string[]): string {
  return names.join(", ") || "none";
}
