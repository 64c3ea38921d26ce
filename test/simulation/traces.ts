/** Prints a fingerprint of what happens in each seed's history, the last seed first: `node traces.ts 1 200`. */
import { createHash } from "node:crypto";
import { draw } from "./draw.ts";
import { play } from "./play.ts";

export async function traceOf(seed: number): Promise<string> {
  const { history } = await play(draw(seed));
  return createHash("sha256").update(history.lines.join("\n")).digest("hex");
}

if (import.meta.main) {
  const [from, to] = process.argv.slice(2).map(Number) as [number, number];
  for (let seed = to; seed >= from; seed--) console.log(`${seed} ${await traceOf(seed)}`);
}
