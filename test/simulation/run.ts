/**
 * `npm run simulate`: plays stories, and says which histories break a rule.
 *
 *   --seed 7            one story: shown, played, and made shorter if it fails
 *   --trace             with --seed: everything that happened
 *   --seeds 1..10000    a range
 *   --for 10m           from --from on (default 1), for so long
 *   --workers 2         default: one for each core
 *   --first             ends at the first history that breaks a rule
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { parseDuration } from "../../provider/core/data/duration.ts";
import { campaign } from "./campaign.ts";
import { check } from "./checker/checker.ts";
import { draw } from "./draw.ts";
import { play } from "./play.ts";
import { shrink } from "./shrink.ts";
import { told } from "./telling.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    seeds: { type: "string" },
    for: { type: "string" },
    from: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    first: { type: "boolean", default: false },
  },
});

if (values.seed !== undefined) await showOne(Number(values.seed));
else {
  const [from, to] = rangeOf(values.seeds);
  const milliseconds =
    values.for === undefined ? Number.POSITIVE_INFINITY : parseDuration(values.for, "--for");
  const { violations, text } = await campaign({
    from,
    to,
    milliseconds,
    workers: Number(values.workers),
    stopsAtFirst: values.first,
    show: (line) => console.log(line),
  });
  console.log(text);
  if (violations > 0) process.exitCode = 1;
}

function rangeOf(text: string | undefined): [from: number, to: number] {
  if (text === undefined)
    return [
      Number(values.from),
      values.for === undefined ? Number(values.from) + 999 : Number.MAX_SAFE_INTEGER,
    ];
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new Error(`--seeds ${text}: write 1..10000`);
  return [Number(from), Number(to)];
}

async function showOne(seed: number): Promise<void> {
  const played = await play(draw(seed));
  const violations = check(played);
  if (values.trace) console.log(played.history.lines.join("\n"));
  if (violations.length === 0) {
    console.log(told(played, []));
    console.log(`seed ${seed}: no rule is broken`);
    return;
  }
  process.exitCode = 1;
  const shorter = await shrink(played.story, violations[0]?.rule as string);
  console.log(told(shorter, check(shorter)));
  console.log(`seed ${seed}: npm run simulate -- --seed ${seed}`);
}
