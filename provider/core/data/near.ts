/**
 * Of the names that there are, those that one which is not known may have been meant for: all that are equally near, in the order in which
 * they are known. Which of them is meant, nobody but its user can tell.
 *
 * @param known may hold a name twice
 * @param distance how far one is from what was written, e.g. in letters
 * @param isNear whether that is near enough
 * @returns none where none is near enough
 */
export function nearestOf(
  known: readonly string[],
  distance: (name: string) => number,
  isNear: (distance: number) => boolean,
): string[] {
  const distances = new Map(known.map((name) => [name, distance(name)]));
  const least = Math.min(...distances.values());
  if (distances.size === 0 || !isNear(least)) return [];
  return [...distances.keys()].filter((name) => distances.get(name) === least);
}

/**
 * A choice in words: `a`, `a or b`, `a, b or c`.
 *
 * @param names as they are to be shown, e.g. in quotes
 */
export function anyOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}
