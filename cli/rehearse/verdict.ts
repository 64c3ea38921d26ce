import { nameOf } from "../../doors/shared/urn.ts";
import type { Play } from "./play.ts";
import type { Preview } from "./real-stack.ts";
import type { Sent } from "./stage.ts";

/** What a rehearsal has shown. */
export interface Verdict {
  isGood: boolean;
  lines: string[];
}

/** Of the play without a fault: it has to end well, and then to have nothing left to do. */
export function verdictOf({ played }: Play): Verdict {
  const [first, again, destroy] = played;
  const wrong = [
    ...(first?.code === 0 ? [] : ["up does not end well"]),
    ...(again?.code === 0 && again.sent.length === 0 ? [] : ["a second up still has something to do"]),
    ...(destroy?.code === 0 ? [] : ["destroy does not end well"]),
  ];
  const sent = first?.sent ?? [];
  const lines =
    sent.length === 0
      ? ["up would send nothing"]
      : [
          "up would send, in this order, each once unless it says otherwise:",
          ...counted(sent).map((line) => `  ${line}`),
        ];
  return { isGood: wrong.length === 0, lines: [...lines, ...wrong] };
}

/** Of one with a fault: in the end the same has been done as without it, and nothing twice that must not be. */
export function survivalOf({ played }: Play, plain: Play): Verdict {
  const ups = played.slice(0, -1);
  const last = played.at(-1);
  const done = effectsOf(played.flatMap(({ sent }) => sent));
  const expected = effectsOf(plain.played[0]?.sent ?? []);
  const kinds = [...new Set([...done.keys(), ...expected.keys()])];
  const wrong = kinds.flatMap((kind) => {
    const [times, should] = [done.get(kind) ?? 0, expected.get(kind) ?? 0];
    const isHarmless = times > should && should > 0 && !mustNotBeRepeated(kind);
    return times === should || isHarmless
      ? []
      : [`  ${kind}: ${times} times, and ${should} without the fault`];
  });
  const again = kinds.filter(
    (kind) => (done.get(kind) ?? 0) > (expected.get(kind) ?? 0) && !mustNotBeRepeated(kind),
  );
  const isWell = ups.at(-1)?.code === 0 && last?.code === 0 && last.sent.length === 0;
  const times = `${ups.length} ${ups.length === 1 ? "up" : "ups"}`;
  if (isWell && wrong.length === 0) {
    const said =
      again.length === 0
        ? "everything done once"
        : `done once, or again where that changes nothing more (${again.join(", ")})`;
    return { isGood: true, lines: [`survived: ${times}, ${said}`] };
  }
  return {
    isGood: false,
    lines: [
      isWell
        ? "not survived: what was done is not what is done without it"
        : `not survived: after ${times} it has not ended well`,
      ...wrong,
    ],
  };
}

/** What each call of the vendors does a second time stands beside the clients' functions (`effects`, repeat: "never"). */
function mustNotBeRepeated(kind: string): boolean {
  return /\/v1\/nodes\/\d+\/actions\/|\/tcf\/toggle$|\/database\/prune$/.test(kind);
}

function effectsOf(sent: readonly Sent[]): Map<string, number> {
  const all = Map.groupBy(
    sent.filter(({ effect }) => effect),
    kindOf,
  );
  return new Map([...all].map(([kind, { length }]) => [kind, length]));
}

function kindOf({ to, method, path }: Sent): string {
  return `${to}: ${method} ${path}`;
}

/** Each kind of request, in the order of the first of it, and how often. */
function counted(sent: readonly Sent[]): string[] {
  const kinds = Map.groupBy(sent, kindOf);
  return [...kinds].map(([kind, all]) => (all.length === 1 ? kind : `${kind} (${all.length} times)`));
}

/** What the rehearsal's preview says in another way than the real one. */
export function differences(real: Preview, rehearsed: Preview): string[] {
  const [ours, theirs] = [told(rehearsed), told(real)];
  return [
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `the real preview only: ${line}`),
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `the rehearsal only: ${line}`),
  ];
}

function told({ steps, messages }: Preview): string[] {
  return [
    ...steps.map(({ op, urn }) => `${op} ${nameOf(urn)}`),
    ...messages.map(({ urn = "", severity, message }) => `${severity} ${nameOf(urn)}: ${message}`),
  ];
}
