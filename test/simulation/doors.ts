import type { Boundary, Fault, StackStory, Story } from "./story.ts";
import type { Random } from "./world/random.ts";

/** Of every third story the native plugin plays a part: from its beginning or later on, to its end or not. */
export function throughDoors(
  random: Random,
  given: StackStory[],
  faults: Fault[],
): Pick<Story, "stacks" | "faults"> {
  if (!random.chance(1 / 3)) return { stacks: given, faults };
  const stacks = given.map((stack) => {
    const { length } = stack.steps;
    const from = random.chance(0.6) ? 0 : random.int(0, length);
    const to = random.chance(0.7) ? length : random.int(from, length);
    const steps = stack.steps.map((step, index) =>
      index >= from && index < to ? { ...step, door: "native" as const } : step,
    );
    return { ...stack, steps, ...(to === length && { lastDoor: "native" as const }) };
  });
  if (!random.chance(0.4)) return { stacks, faults };
  const { name: stack, steps } = random.pick(stacks);
  const boundary = random.pick<Boundary>(["connect", "send", "handle", "answer", "write"]);
  const on = boundary === "write" ? "any" : random.pick<Fault["on"]>(["any", "mutating"]);
  const nth = on === "mutating" ? random.int(1, 3) : random.spread(1, boundary === "write" ? 8 : 25);
  const step = random.int(0, steps.length - 1);
  return {
    stacks,
    faults: [...faults, { stack, step, boundary, on, nth, times: 1, what: { kind: "interrupt" } }],
  };
}
