import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** A defect put into the provider: the simulation has to find it. A test of the checker. */
export interface Defect {
  name: string;
  file: string;
  from: string;
  to: string;
  /** A rule that finds it. */
  rule: RegExp;
  /** A seed whose history shows it: tried first. */
  seed: number;
}

export const defects: readonly Defect[] = [
  {
    name: "repeats mutating requests",
    file: "provider/core/http/http.ts",
    from: "attempt.permit ? 0 : repetitions[patience]",
    to: "repetitions[patience]",
    rule: /sent again|one effect|not turned on twice/,
    seed: 2,
  },
  {
    name: "takes a 200 for success",
    file: "provider/factfinder/database-prune/request.ts",
    from: "const risen = await waitForRise(scope, channel, mark);",
    to: "const risen = { ...mark, databaseVersion: mark.databaseVersion + 1, waitForRise };",
    rule: /is done/,
    seed: 68,
  },
  {
    name: "forgets the handle",
    file: "provider/core/lifecycle/settle.ts",
    from: "if (!scope.kept && !hasFailed && !usedRecord && !wasAhead) throw described;",
    to: "if (described) throw described;",
    rule: /on record/,
    seed: 3,
  },
  {
    name: "shows credentials",
    file: "provider/core/http/redact.ts",
    from: 'text.replace(any, "[redacted]")',
    to: "text",
    rule: /credential/,
    seed: 232,
  },
  {
    name: "acts on old knowledge",
    file: "provider/core/http/permit.ts",
    from: "throw new StaleLook(age);",
    to: "void StaleLook;",
    rule: /old knowledge|while another one is|second cluster/,
    seed: 632,
  },
  {
    name: "asks without a pause",
    file: "provider/core/work/wait.ts",
    from: "return Math.min(Math.max(elapsed * share, shortest), longest) * (0.9 + 0.2 * random);",
    to: "return 5 + 0 * Math.min(Math.max(elapsed * share, shortest), longest) * random;",
    rule: /bounded/,
    seed: 3,
  },
  {
    name: "is never at rest",
    file: "provider/core/lifecycle/lifecycle.ts",
    from: 'if (unfinished) changes.unfinished = { kind: "update" };',
    to: 'changes.unfinished = { kind: "update" };',
    rule: /silent/,
    seed: 1,
  },
  {
    name: "does not look at other nodes",
    file: "provider/redis/nodes-away.ts",
    from: "  if (away.length === 0) return;",
    to: "  if (away.length >= 0) return;",
    rule: /while another one is|at most one/,
    seed: 10,
  },
  {
    name: "says that nothing was sent whatever was",
    file: "provider/core/work/sent.ts",
    from: 'requests.haveLeft ? "nothing more was sent" : "nothing was sent"',
    to: 'requests.haveLeft ? "nothing was sent" : "nothing was sent"',
    rule: /nothing was sent/,
    seed: 877,
  },
  {
    name: "believes a 404 of an action",
    file: "provider/redis/action/evidence.ts",
    from: "  if (own) return { landed: own };",
    to: "  if (own) return { landed: own };\n  if (!own) return { absent: true };",
    rule: /sent again|one effect|is done|on record|not turned on twice/,
    seed: 1977,
  },
  {
    name: "ignores what was recorded ahead of a run",
    file: "provider/core/lifecycle/run.ts",
    from: 'return handle && "failed" in handle ? handle : own?.seen;',
    to: 'return handle && "failed" in handle ? handle : undefined;',
    rule: /one effect/,
    seed: 61,
  },
  {
    name: "has locks that do not hold",
    file: "provider/core/work/lock.ts",
    from: "await abortable(before, signal);",
    to: "void before;",
    rule: /take turns/,
    seed: 21,
  },
  {
    name: "does not wait for what may still land before it sends again",
    file: "provider/core/work/target.ts",
    from: "until: clock.now() + time };",
    to: "until: clock.now() + 0 * time };",
    rule: /sent again|one effect/,
    seed: 2,
  },
  {
    name: "sends the opposite of what may still land",
    file: "provider/core/work/late-effects.ts",
    from: "return this.longest((effect) => effect.on === on && effect.does !== does);",
    to: "return 0 * this.longest((effect) => effect.on === on && effect.does !== does);",
    rule: /opposite call/,
    seed: 118,
  },
  {
    name: "takes a node for empty that has shards",
    file: "provider/redis/node-maintenance/enter.ts",
    from: "!state.doubt && (!drains(inputs) || isEmpty(state.node));",
    to: "!state.doubt && (!drains(inputs) || isEmpty(state.node) || true);",
    rule: /is done/,
    seed: 389,
  },
  {
    name: "takes an action that failed for done",
    file: "provider/redis/action/wait.ts",
    from: 'if (status === undefined || status === "completed") return outcome;',
    to: "if (status !== null) return outcome;",
    rule: /is done/,
    seed: 48,
  },
  {
    name: "does not wait until a switch has stood",
    file: "provider/tcf/stability.ts",
    from: "return Math.min(usual,",
    to: "return 0 * Math.min(usual,",
    rule: /has stood/,
    seed: 6,
  },
  {
    name: "sends again what a coordinator has taken back",
    file: "provider/tcf/active-cluster/converge.ts",
    from: "await stable(scope, inputs.active, reached, time), from };",
    to: `await stable(scope, inputs.active, reached, time).catch(() => {
          const anew = { taken: new Set(), sent: new Set(), pending: [], tries: {} } as unknown as FailoverProgress;
          return reach(scope, inputs, observed, { attempt, progress: anew, views: undefined });
        }), from };`,
    rule: /taken back|has stood/,
    seed: 310,
  },
  {
    name: "forgets, in the plugin, what is to be remembered",
    file: "doors/native/operations.ts",
    from: "{ ...result.outputs, ...recordedMemory(result.memory), ...more }",
    to: "{ ...result.outputs, ...more }",
    rule: /opposite call|one effect|on record|sent again|is done/,
    seed: 118,
  },
  {
    name: "says, in the plugin, that all is ready",
    file: "doors/native/operations.ts",
    from: 'if (result.outcome !== "ready") throw new NotReady(result, answer);',
    to: "void NotReady;",
    rule: /is done|comes to an end|outputs/,
    seed: 35,
  },
  {
    name: "takes, in the plugin, a preview for an update",
    file: "doors/native/operations.ts",
    from: 'if (how.preview) return { id: "", ...this.#previewed(type, inputs) };',
    to: "",
    rule: /only read/,
    seed: 12,
  },
];

const root = join(import.meta.dirname, "..", "..");
const preload = join(import.meta.dirname, "break.ts");

export interface Found {
  seed: number;
  rule: string;
}

/** The first seed of the range whose history breaks a rule, where the provider has the defect. */
export function find({ name }: Defect, from: number, to: number): Found | undefined {
  const args = [
    "--import",
    preload,
    join(import.meta.dirname, "run.ts"),
    ...["--seeds", `${from}..${to}`, "--workers", "1", "--first"],
  ];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, SIMULATED_DEFECT: name },
  });
  const [, seed, rule] = /^seed (\d+): ([^:]*):/m.exec(stdout) ?? [];
  if (!/violations$/m.test(stdout)) throw new Error(`${name}: ${stdout}${stderr}`);
  return seed === undefined ? undefined : { seed: Number(seed), rule: rule as string };
}
