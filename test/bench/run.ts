/**
 * The benches behind the figures in docs/performance.md: ratios and overshoots within one run, never absolute promises.
 * `npm run bench` runs all; `npm run bench -- policy start` only those; `-- --quick` the small cases.
 */
import { parseArgs } from "node:util";
import { isTerraformInstalled } from "../support/terraform.ts";
import { runDoorPreviews, runDoorWaits } from "./doors.ts";
import { play, policies } from "./policy.ts";
import { runPreviews } from "./previews.ts";
import { report, round } from "./report.ts";
import { runStart } from "./start.ts";
import { runTerraformStart, runTerraformWaits } from "./terraform.ts";
import { runWaits, type WaitCase } from "./waits.ts";

type Row = Record<string, string | number>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false } },
});
const quick = values.quick;

async function inTurn<T>(cases: T[], run: (one: T) => Promise<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, one] of cases.entries()) {
    console.log(`  [${index + 1}/${cases.length}] ${JSON.stringify(one)}`);
    rows.push(await run(one));
  }
  return rows;
}

const benches: Record<string, () => Promise<void>> = {
  async policy() {
    const lengths = [0.2, 2, 8, 30, 90, 300, 1_800];
    const rows = Object.keys(policies).map((name): Row => {
      const cells = lengths.map((seconds) => {
        const { overshoot, looks } = play(name, seconds);
        return [`${seconds} s`, `${round(overshoot)} / ${round(looks, 1)}`];
      });
      return { policy: name, ...Object.fromEntries(cells) };
    });
    report(
      "policy",
      "Mean seconds beyond the real end / looks, by how long the work takes (simulated clock)",
      rows,
    );
  },
  async start() {
    const title = "The first check in Pulumi's dynamic host, and a program's import: CPU time";
    report("start", title, await runStart(quick ? 3 : 15));
  },
  async waits() {
    const all: WaitCase[] = [1, 10, 50, 200].flatMap((actions) =>
      ["2 s", "8 s", "2-11.65 s"].map((length) => ({ actions, length, taskIds: true })),
    );
    const mix: WaitCase[] = [
      { actions: 50, length: "2-11.65 s", taskIds: false },
      { actions: 50, length: "2-11.65 s", taskIds: true, tls: true },
    ];
    const cases = quick
      ? all.filter(({ actions, length }) => actions <= 10 && length === "2 s")
      : [...all, ...mix];
    report(
      "waits",
      "N node actions at once, real CLI and sockets: noticed after their real end",
      await inTurn(cases, runWaits),
    );
  },
  async previews() {
    const counts = quick ? [1, 50] : [1, 50, 200, 1_000];
    const cases = counts.flatMap((count) => [0, 100].map((latency) => ({ count, latency })));
    const rows = await inTurn(cases, ({ count, latency }) => runPreviews(count, latency, quick ? 1 : 3));
    report("previews", "Preview and no-op against the same number of empty dynamic resources", rows);
  },
  async doors() {
    const rows = [
      ...(await runDoorPreviews(1, quick ? 3 : 11)),
      ...(await runDoorPreviews(quick ? 50 : 200, quick ? 1 : 5)),
      ...(await runDoorWaits(quick ? 10 : 50)),
    ];
    report("doors", "The native plugin against the dynamic provider, in one run", rows);
  },
  async terraform() {
    if (!isTerraformInstalled()) {
      console.log("terraform is not installed: left out");
      return;
    }
    report("terraform", "N node actions at once, real terraform", await runTerraformWaits(quick ? 10 : 50));
    const title = "terraform with nothing to do, against a configuration without resources: median";
    report("terraform-start", title, await runTerraformStart(quick ? 3 : 9));
  },
};

for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) throw new Error(`no bench ${name}; there are ${Object.keys(benches).join(", ")}`);
  await bench();
}
