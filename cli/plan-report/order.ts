import { asArray, asObject, asString, type Json } from "../../provider/core/data/values.ts";
import type { Planned } from "./plan.ts";

/*
 * A report reads like a sequence, and what is approved should be the one that is carried out. Pulumi begins what depends on nothing in any
 * order, so that the order of a preview's steps is another one each time: what waits for what is in their states.
 */

/** The URNs that a step of a preview waits for. */
export function waitsFor({ newState, oldState }: Json): string[] {
  const { dependencies, propertyDependencies, parent } = asObject(newState ?? oldState);
  const ofProperties = Object.values(asObject(propertyDependencies)).flatMap(asArray);
  return [...asArray(dependencies), ...ofProperties, parent].flatMap((urn) => asString(urn) ?? []);
}

/**
 * As the engine carries it out: first what others wait for, and deletes at the end, the other way round. Where nothing says which comes
 * first, it is the same each time.
 *
 * @param waits for each key those that it waits for
 */
export function inOrder(
  resources: readonly Planned[],
  waits: ReadonlyMap<string, readonly string[]>,
): Planned[] {
  const byKey = resources.toSorted(({ key: one }, { key: other }) => (one < other ? -1 : 1));
  const isDeleted = ({ action }: Planned) => action === "delete";
  const begun = chained(
    byKey.filter((one) => !isDeleted(one)),
    waits,
  );
  const ended = chained(byKey.filter(isDeleted), waits);
  return [...begun, ...ended.reverse()];
}

function chained(resources: readonly Planned[], waits: ReadonlyMap<string, readonly string[]>): Planned[] {
  const waiting = new Map(resources.map((resource) => [resource.key, resource]));
  const ordered: Planned[] = [];
  const left = new Map<string, string[]>();
  // By hand: a chain may be longer than calls can be nested.
  const begun: Planned[] = [];
  for (const { key } of resources) {
    begin(key);
    while (begun.length > 0) {
      const earlier = (left.get(begun.at(-1)?.key ?? "") ?? []).shift();
      if (earlier !== undefined) begin(earlier);
      else ordered.push(begun.pop() as Planned);
    }
  }
  return ordered;

  function begin(key: string): void {
    const resource = waiting.get(key);
    waiting.delete(key);
    if (!resource) return;
    left.set(key, (waits.get(key) ?? []).toSorted());
    begun.push(resource);
  }
}
