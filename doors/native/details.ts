import { isDeepStrictEqual } from "node:util";
import { isObject, type PropertyDiff } from "../../provider/index.ts";
import type { Properties } from "./codec.ts";

/** Where properties differ, by path: what the CLI shows of an update, and what `replaceOnChanges` is held against. */
export type Details = Map<string, PropertyDiff>;

/**
 * The differences that a user has written. What else is a reason for an update, e.g. unfinished work, has no place in a program: it makes an
 * update without details.
 *
 * @param sealed properties that hold a secret: nothing is told of what is inside
 */
export function detailsOf(
  changes: Record<string, PropertyDiff>,
  olds: Properties,
  news: Properties,
  sealed: ReadonlySet<string>,
): Details {
  const details: Details = new Map();
  for (const [name, { kind, replace }] of Object.entries(changes)) {
    if (!(name in news) && !(kind === "delete" && name in olds)) continue;
    const inner = kind === "update" && !sealed.has(name) ? within(name, olds[name], news[name]) : [];
    const paths = inner.length > 0 ? inner : [[name, kind] as const];
    for (const [path, what] of paths) details.set(path, { kind: what, ...(replace && { replace }) });
  }
  return details;
}

type Difference = readonly [path: string, kind: PropertyDiff["kind"]];

function within(path: string, before: unknown, after: unknown): Difference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [[path, "add"]];
  if (after === undefined) return [[path, "delete"]];
  if (Array.isArray(before) && Array.isArray(after))
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      within(`${path}[${index}]`, before[index], after[index]),
    ).flat();
  if (isObject(before) && isObject(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      within(pathTo(path, key), before[key], after[key]),
    );
  return [[path, "update"]];
}

/** As Pulumi writes property paths (sdk/go/common/resource/property_path.go). */
function pathTo(path: string, key: string): string {
  return /^[^.[\]"\\]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
