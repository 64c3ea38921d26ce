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
export class Program {
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
