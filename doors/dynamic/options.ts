import { isDeepStrictEqual } from "node:util";
import { parseDuration } from "../../provider/index.ts";
import { optionsKey, type ResourceOptions } from "./resource-options.ts";

type Properties = Record<string, unknown>;

export type Operation = "create" | "update" | "delete";

/** How long the operation may take, in seconds, as `customTimeouts` has it. */
export function timeoutOf({ [optionsKey]: options }: Properties, operation: Operation): number | undefined {
  const given = (options as ResourceOptions | undefined)?.customTimeouts?.[operation];
  // The engine has refused what is no duration.
  return given === undefined || given === "" ? undefined : parseDuration(given, "customTimeouts") / 1_000;
}

/** Whether the options differ in what has to be on record: the next delete is told what the state says. */
export function isOtherwiseLimited(olds: Properties, news: Properties): boolean {
  const [before, after] = [olds, news].map(
    ({ [optionsKey]: options }) => options as ResourceOptions | undefined,
  );
  return !isDeepStrictEqual(before?.customTimeouts, after?.customTimeouts);
}

/** Which of the changed properties the resource is replaced for. */
export function replacedFor(changed: readonly string[], olds: Properties, news: Properties): string[] {
  const { replaceOnChanges = [] } = (news[optionsKey] ?? {}) as ResourceOptions;
  const paths = replaceOnChanges.map(keysOf);
  return changed.filter((property) =>
    paths.some(([first, ...rest]) => {
      // What else is a reason for an update is no property of the program's.
      if (first === "*") return property in news || property in olds;
      return first === property && !isDeepStrictEqual(at(olds[property], rest), at(news[property], rest));
    }),
  );
}

/** `a.b[0]["c"]` as a, b, 0, c. */
function keysOf(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "",
  );
}

/** What stands there; from a `*` on, all of it. */
function at(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined || key === "*") return value;
  return typeof value === "object" && value !== null ? at((value as Properties)[key], rest) : undefined;
}
