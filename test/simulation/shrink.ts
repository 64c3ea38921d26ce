import { check } from "./checker/checker.ts";
import { type Played, play } from "./play.ts";
import type { StackStory, Step, Story } from "./story.ts";

/** Stories that are tried, at most. */
const most = 400;

/** The shortest story found that still breaks the rule: piece by piece is left out what it does without. */
export async function shrink(story: Story, rule: string): Promise<Played> {
  let [best, tries] = [story, 0];
  const breaks = async (candidate: Story) => {
    if (++tries > most) return false;
    try {
      return check(await play(candidate)).some((violation) => violation.rule === rule);
    } catch {
      return false;
    }
  };
  for (let isShorter = true; isShorter && tries < most; ) {
    isShorter = false;
    for (const candidate of candidatesOf(best)) {
      if (!(await breaks(candidate))) continue;
      best = candidate;
      isShorter = true;
      break;
    }
  }
  return play(best);
}

/** All stories that are shorter by one piece, the biggest pieces first. */
function* candidatesOf(story: Story): Generator<Story> {
  const { stacks, systems, faults } = story;
  if (stacks.length > 1)
    for (const stack of stacks) yield { ...story, stacks: stacks.filter((it) => it !== stack) };
  for (const { system } of systems)
    if (systems.length > 1)
      yield {
        ...story,
        systems: systems.filter((it) => it.system !== system),
        stacks: stacks.map((stack) => ({
          ...stack,
          program: stack.program.filter(({ type }) => !type.startsWith(`${system}:`)),
        })),
      };
  for (const fault of faults) yield { ...story, faults: faults.filter((it) => it !== fault) };
  for (const [index, stack] of stacks.entries()) {
    const withStack = (other: StackStory): Story => ({ ...story, stacks: stacks.with(index, other) });
    for (const declaration of stack.program)
      if (stack.program.length > 1)
        yield withStack({ ...stack, program: stack.program.filter((it) => it !== declaration) });
    for (const at of stack.steps.keys()) yield withoutStep(story, index, at);
    for (const [at, step] of stack.steps.entries())
      for (const plainer of plainerSteps(step))
        yield withStack({ ...stack, steps: stack.steps.with(at, plainer) });
  }
  for (const [index, fault] of faults.entries()) {
    if (fault.times > 1) yield { ...story, faults: faults.with(index, { ...fault, times: 1 }) };
  }
  for (const [index, choice] of systems.entries())
    if (choice.auth !== "none") yield { ...story, systems: systems.with(index, { ...choice, auth: "none" }) };
}

/** What was to go wrong in later steps goes wrong in them still. */
function withoutStep(story: Story, stack: number, at: number): Story {
  const { name, steps } = story.stacks[stack] as StackStory;
  return {
    ...story,
    stacks: story.stacks.map((it, index) =>
      index === stack ? { ...it, steps: steps.toSpliced(at, 1) } : it,
    ),
    faults: story.faults
      .filter((fault) => fault.stack !== name || fault.step !== at)
      .map((fault) => (fault.stack === name && fault.step > at ? { ...fault, step: fault.step - 1 } : fault)),
  };
}

function* plainerSteps(step: Step): Generator<Step> {
  for (const edit of step.edits) yield { ...step, edits: step.edits.filter((it) => it !== edit) };
  const { command, after, edits, name, skipPreview, ...flags } = step;
  for (const flag of Object.keys(flags)) yield { ...step, [flag]: undefined };
  if (command === "up" && !skipPreview) yield { ...step, skipPreview: true };
}
