import { messageOf } from "../core/data/errors.ts";
import type { Way } from "../core/work/installation.ts";
import type { Cluster } from "./client.ts";
import { type Lists, listNames, meaningOf, type RecordedNames, type Unclear } from "./identity.ts";
import type { Direction } from "./late.ts";

/** Lists may lag behind a cluster's own word; after this its endpoint is taken for another cluster's. */
export const listLag = 5_000;

/** One of the two clusters, and the way to it. */
export interface Side {
  /** What the `clusters` input calls it. */
  key: string;
  http: Way;
}

/** What one side says: of both clusters, of itself, or nothing. */
export interface View {
  list?: Cluster[];
  own?: string;
  trouble?: Error;
  /** When it was asked, on the clock of `clock.elapsed()`. */
  since: number;
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
  /** Since when, on the clock of `clock.elapsed()`. */
  silentSince?: number;
}

/** Both clusters, in the order of the `clusters` input, and what tells which is which. */
export interface Federation extends Array<Member> {
  0: Member;
  1: Member;
  lists: Lists;
  /** What each side has said in this look. */
  views: readonly [View, View];
  /** Names by id, as an earlier operation recorded them. */
  recorded: RecordedNames;
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

/** Where a call leads that makes, or helps to make, this cluster the active one. */
export function directionTo(federation: Federation, { name }: Member): Direction {
  return { ways: [federation[0].side.http, federation[1].side.http], active: name };
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

/** Whether both say of themselves and of each other that they are passive. */
export function hasNoActive(federation: Federation): boolean {
  return federation.every((member) => !member.trouble && is(member, "passive"));
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
