import { defaultsOf } from "../../../provider/core/data/inputs.ts";
import { readStates } from "../../golden/states.ts";
import type { Properties } from "../history.ts";
import { doorOf, type Resource } from "./state.ts";

/*
 * A resource as version 0.1.0 would have recorded it. What that version knew is read from what it has recorded (test/golden/0.1.0), and
 * test/golden/simulated.test.ts holds what comes out here against each of those recordings.
 */

/** What 0.1.0 recorded of a type: the keys that stand in any of its states. */
interface Known {
  properties: ReadonlySet<string>;
  handle: ReadonlySet<string>;
  /** Of what was there before a run. */
  seen: ReadonlySet<string>;
}

/** Keys of handles that it wrote, and that no recorded state happens to show. */
const unrecorded = ["failed", "olderTask", "isEarlier"];

const known: ReadonlyMap<string, Known> = new Map(
  readStates("0.1.0").map(({ type, states }) => {
    const keysOf = (part: (outputs: Properties) => unknown) =>
      new Set(states.flatMap(({ outputs }) => Object.keys((part(outputs) ?? {}) as Properties)));
    const handle = new Set([...keysOf(({ __unfinished }) => __unfinished), ...unrecorded]);
    return [type, { properties: keysOf((outputs) => outputs), handle, seen: keysOf(seenIn) }];
  }),
);

/** The resource as version 0.1.0 would have recorded it: with its memory among the outputs, and without what it did not keep. */
export function asOf010(resource: Resource): Resource {
  const was = known.get(resource.type);
  // It had no plugin.
  if (!was || doorOf(resource.urn) === "native") return resource;
  const { __memory, ...outputs } = resource.outputs;
  const { handle, waits, late = [] } = (__memory ?? {}) as Remembered;
  const defaults = defaultsOf(`${resource.type.replace(/^.*:/, "")}Inputs`);
  // An input that it did not know stays where somebody has set it: the program has it, too.
  const isSet = (key: string) => key in resource.inputs && resource.inputs[key] !== defaults[key];
  const without = (properties: Properties) =>
    Object.fromEntries(
      Object.entries(properties)
        .filter(([key]) => was.properties.has(key) || key.startsWith("__") || isSet(key))
        .map(([key, value]) => [key, isRecord(key) ? withSeen(value, was.seen) : value]),
    );
  const until = Math.max(...late.map((effect) => effect.until));
  return {
    ...resource,
    inputs: without(resource.inputs),
    outputs: {
      ...without(outputs),
      ...(handle && {
        __unfinished: {
          ...only(handle, was.handle),
          ...(was.handle.has("mayComeUntil") && late.length > 0 && { mayComeUntil: until }),
        },
      }),
      // Wherever something was set going.
      ...("startedAt" in outputs && { __waits: waits ?? [] }),
    },
  };
}

interface Remembered {
  handle?: Properties;
  waits?: unknown;
  late?: { until: number }[];
}

/** What was there before the run: among its inputs, or what its companion has read. */
function isRecord(key: string): boolean {
  return key === "__before" || key === "before";
}

function seenIn({ __before, before }: Properties): unknown {
  return ((__before ?? before) as { seen?: unknown } | undefined)?.seen;
}

function withSeen(record: unknown, keys: ReadonlySet<string>): unknown {
  const { seen, ...rest } = (record ?? {}) as Properties;
  return seen === undefined ? record : { ...rest, seen: only(seen as Properties, keys) };
}

function only(properties: Properties, keys: ReadonlySet<string>): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => keys.has(key)));
}
