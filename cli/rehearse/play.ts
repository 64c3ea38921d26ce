import type { Backend } from "./backend.ts";
import { faults, killAtFirstEffect } from "./faults.ts";
import type { Seen } from "./installations.ts";
import { type Preview, previewOf } from "./real-stack.ts";
import { type Sent, Stage } from "./stage.ts";

/** One command of a rehearsal, and what it came to. */
export interface Played {
  command: string;
  seconds: number;
  /** Undefined: killed. */
  code: number | undefined;
  output: string;
  sent: Sent[];
}

/** A rehearsal of the program, with or without a fault. */
export interface Play {
  fault: string | undefined;
  preview?: Preview;
  played: Played[];
  /** When the first `up` began, in milliseconds since the epoch: what the state records of before is of the real stack. */
  began: number;
  /** The state after the first `up`. */
  state: string;
}

/** After a fault the program is carried out again until it is well, so often at most. */
const longest = 4;

/**
 * Plays the program from the real stack's state on: without a fault preview, up, up again, destroy; with one as many `up` as it takes, and
 * one more.
 *
 * @param tell is told of the preview, and of each command when it has ended
 */
export async function play(
  backend: Backend,
  { shapes, ways }: Pick<Seen, "shapes" | "ways">,
  fault: string | undefined,
  tell: { preview(preview: Preview): void; command(played: Played): void },
): Promise<Play> {
  await backend.restore();
  await using stage = await Stage.open(shapes, ways);
  const played: Played[] = [];
  const run = async (command: "up" | "destroy", kills = false): Promise<Played> => {
    const started = backend.run([command, "--yes", "--skip-preview"], stage.routes);
    if (kills) killAtFirstEffect(stage, started);
    const { code, output, seconds } = await started.ended;
    const one = { command, code, output, seconds, sent: stage.take() };
    if (code === undefined) await backend.unlock();
    played.push(one);
    tell.command(one);
    return one;
  };
  if (fault === undefined) {
    const preview = await previewOf(backend.arguments, backend.options(stage.routes));
    stage.take();
    tell.preview(preview);
    const began = Date.now();
    await run("up");
    const state = await backend.state();
    await run("up");
    await run("destroy");
    return { fault, preview, played, began, state };
  }
  const { inject, kills = false } = faults[fault] as (typeof faults)[string];
  inject(stage);
  const began = Date.now();
  for (let times = 0; times < longest; times++) {
    const { code } = await run("up", kills && times === 0);
    if (code === 0) break;
  }
  await run("up");
  return { fault, played, began, state: await backend.state() };
}
