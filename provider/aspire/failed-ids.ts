import { asString, isObject } from "../core/data/values.ts";
import { failureWithin, ownFailure } from "../core/http/failure-within.ts";

/**
 * Which of several ids an answer with an error is about, where it tells what became of each: as a list of items with their `id`, or
 * under the ids ("Batch requests will return a status of 200 for the call itself and other status inside the JSON body"). The
 * shape is not public: undefined where one error names no id, since then it may be about any of them.
 */
export function failedIds(body: unknown, ids: readonly string[]): string[] | undefined {
  const failed = new Set<string>();
  let isTold = true;

  function walk(value: unknown, isError: boolean): void {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, isError);
      return;
    }
    if (!isObject(value)) {
      if (isError) isTold = false;
      return;
    }
    const id = asString(value.id);
    if (id !== undefined && ids.includes(id)) {
      if (isError || failureWithin(value) !== undefined) failed.add(id);
      return;
    }
    const fields = Object.entries(value);
    const named = fields.filter(([name]) => ids.includes(name));
    for (const [name, item] of named) if (isError || failureWithin(item) !== undefined) failed.add(name);
    if (isError && named.length === 0) isTold = false;
    if (isError) return;
    const others = fields.filter(([name]) => !ids.includes(name));
    const sections = others.filter(
      ([name, item]) => isSection(name) && ownFailure({ [name]: item }) !== undefined,
    );
    // Without a section of errors it is its own failure, under no id.
    if (sections.length === 0 && ownFailure(Object.fromEntries(others)) !== undefined) isTold = false;
    for (const [name, item] of others)
      walk(
        item,
        sections.some(([section]) => section === name),
      );
  }

  walk(body, false);
  return isTold && failed.size > 0 ? ids.filter((id) => failed.has(id)) : undefined;
}

function isSection(name: string): boolean {
  return /^errors?$/i.test(name);
}
