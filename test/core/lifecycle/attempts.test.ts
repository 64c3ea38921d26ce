import assert from "node:assert/strict";
import { RunFailed, StatusError } from "../../../provider/core/data/errors.ts";
import { intentResource } from "../../../provider/core/lifecycle/companion.ts";
import { beforeKey } from "../../../provider/core/lifecycle/intent.ts";
import { lifecycleOf } from "../../../provider/core/lifecycle/lifecycle.ts";
import { type RunInputs, runResource } from "../../../provider/core/lifecycle/run.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { once } from "../../../provider/core/work/once.ts";
import { contextFor } from "../../support/context.ts";
import { flat, Incomplete, type Properties } from "../../support/flat.ts";
import { plain } from "../client.ts";

interface Inputs extends RunInputs {
  nodeUid: number;
  action: string;
}
type Handle = { task?: number; isEarlier?: true };

const identity = { system: plain, type: "NodeAction", id: () => "2", subject: () => "plain node 2" };
const given = { nodeUid: 2, action: "enslave_node" };

/** How far an attempt gets: it cannot look, is refused, is killed after it was carried out, does not see its end, or sees a bad one. */
type End = "blind" | "refused" | "killed" | "out of time" | "failed" | "done";

/** A job that counts each time, and a program with one run of it and its companion. Each `up` is a process of its own. */
class Program {
  /** The number of the last run, whoever asked for it, and whether it still runs. */
  task = 0;
  isRunning = false;
  /** How often this program had it run. */
  ours = 0;
  warnings: string[] = [];
  run: Properties | undefined;
  #record: { inputs: Properties; outputs: Properties } | undefined;

  somebodyElses(): void {
    this.task++;
    this.isRunning = false;
  }

  async up(end: End, triggers: unknown[] = [], { isForced = false } = {}): Promise<void> {
    const inputs = { ...given, triggers };
    const { said, ...context } = contextFor({ plain: { endpoint: "https://host.test" } });
    const on = { ...context, forced: isForced, session: new Session() };
    this.warnings = said.warnings;
    const companion = flat(
      lifecycleOf(intentResource<Inputs>(identity, async () => ({ task: this.task }) satisfies Handle)),
    );
    if (JSON.stringify(this.#record?.inputs) !== JSON.stringify(inputs))
      this.#record = { inputs, outputs: (await companion.create(on, inputs)).outputs };
    if (isForced) this.run = undefined;
    const all = { ...inputs, [beforeKey]: this.#record?.outputs.before };
    const lifecycle = this.#lifecycle(end);
    const work = this.run ? lifecycle.update(on, "2", this.run, all) : lifecycle.create(on, all);
    const outputs = await work.then(
      (done) => done.outputs,
      (error) => {
        if (end === "done") throw error;
        return error instanceof Incomplete ? error.outputs : this.run;
      },
    );
    if (end !== "killed") this.run = outputs;
  }

  #lifecycle(end: End) {
    return flat(
      lifecycleOf(
        runResource<Inputs, { message: string }, Handle>({
          ...identity,
          timeout: "1m",
          run: async (scope, _inputs, unfinished, before) => {
            if (end === "blind") throw new Error("401");
            const isOwn = unfinished?.changed.length === 0 && !unfinished.handle.isEarlier;
            if (isOwn) return { message: `task ${unfinished.handle.task}` };
            if (unfinished && this.isRunning) {
              scope.keep({ ...unfinished.handle, isEarlier: true });
              throw new Error("it still runs");
            }
            scope.forget();
            if (before?.task !== undefined && this.task > before.task)
              return { message: `task ${this.task}` };
            await once(scope, {
              what: "enslave_node",
              target: { ways: [scope.http], on: "node 2", does: "enslave_node" },
              repeat: "never",
              mayLandWithin: 0,
              keeps: { handle: { task: this.task + 1 } },
              send: async (permit) => {
                permit.judge();
                if (end === "refused") throw refusal;
                this.ours++;
                this.task++;
                this.isRunning = end === "out of time";
              },
            });
            if (end === "out of time") throw new Error("not done within 1m");
            if (end === "failed") throw new RunFailed("aborted");
            return { message: `task ${this.task}` };
          },
        }),
      ),
    );
  }
}

const refusal = new StatusError("POST: 403", {
  method: "POST",
  url: "https://host.test",
  effect: "no",
  status: 403,
});

interface Case {
  it: string;
  ours: number;
  play(program: Program): Promise<void>;
}

const other = ["other"];

const cases: Case[] = [
  {
    it: "runs after an attempt that was refused, although somebody else has run the same since",
    ours: 1,
    async play(program) {
      await program.up("refused");
      program.somebodyElses();
      await program.up("done");
    },
  },
  {
    it: "runs after two attempts that could not even look, although somebody else has run the same since",
    ours: 1,
    async play(program) {
      await program.up("blind");
      await program.up("blind");
      program.somebodyElses();
      await program.up("done");
    },
  },
  {
    it: "counts what a killed attempt has done, though the next one could not even look",
    ours: 1,
    async play(program) {
      await program.up("killed");
      await program.up("blind");
      await program.up("done");
    },
  },
  {
    it: "counts what a killed attempt after a failed one has done, though the next one could not even look",
    ours: 2,
    async play(program) {
      await program.up("failed");
      await program.up("killed");
      await program.up("blind");
      await program.up("done");
    },
  },
  {
    it: "runs after an attempt that could not look beside an earlier run, although somebody else has run the same since",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      program.somebodyElses();
      await program.up("done", other);
    },
  },
  {
    it: "runs after two such attempts",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      await program.up("blind", other);
      program.somebodyElses();
      await program.up("done", other);
    },
  },
  {
    it: "runs after an attempt that waited in vain for the end of an earlier run, although somebody else has run the same since",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("out of time", other);
      program.somebodyElses();
      await program.up("done", other);
    },
  },
  {
    it: "counts what a killed attempt has done that began beside an earlier run",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      program.isRunning = false;
      await program.up("killed", other);
      await program.up("blind", other);
      await program.up("done", other);
    },
  },
  {
    it: "resumes the earlier run where its inputs come back after an attempt at another that could not look",
    ours: 1,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      program.isRunning = false;
      await program.up("done");
      assert.equal(program.run?.message, "task 1");
    },
  },
  {
    it: "counts its record again once its companion has looked anew",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      program.somebodyElses();
      await program.up("blind", ["third"]);
      program.somebodyElses();
      await program.up("killed", other);
      await program.up("done", other);
    },
  },
  {
    it: "runs where its user forces it, and once more after that could not look",
    ours: 2,
    async play(program) {
      await program.up("done");
      await program.up("blind", [], { isForced: true });
      await program.up("done");
    },
  },
  {
    it: "says of an attempt after one that was refused that a kill would leave no record",
    ours: 2,
    async play(program) {
      await program.up("refused");
      assert.deepEqual(program.warnings, []);
      await program.up("killed");
      assert.match(program.warnings.join(), /used up.*may run once more/);
      await program.up("done");
    },
  },
];

describe("A run whose companion has recorded what was there before it", () => {
  for (const { it: what, ours, play } of cases)
    it(what, async () => {
      const program = new Program();
      await play(program);
      assert.equal(program.ours, ours);
    });
});
