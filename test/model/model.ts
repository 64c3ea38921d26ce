import assert from "node:assert/strict";
import type { Fault, FaultMatch } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { failureOf, type Harness, type ResourceCase, type Rig, withHarness } from "../rules/resource-case.ts";

/** One thing that happens: the user wants something, somebody else does something, or something breaks. */
export type Event =
  | { user: "up" | "refresh" | "destroy" }
  | { user: "change"; to: number }
  | { outside: string }
  | { breaks: keyof typeof faults };

/** What must hold, as simply as possible. `R` is the installation. */
export interface Model<R extends Rig = Rig> {
  resource: ResourceCase<R>;
  /** The inputs to choose from; the first is declared at the beginning. */
  variants: Properties[];
  /** What somebody else may do. */
  outside: Record<string, (rig: R) => void>;
  /** Whether the installation is as the inputs say. Absent: a run, which counts its effects. */
  isSo?(rig: R, inputs: Properties): boolean;
  /** Whether it cannot be had as things are: then it is refused, and nothing is begun. */
  isImpossible?(rig: R): boolean;
  /** Whether the installation is as it has to be once the resource is destroyed. */
  isGone?(rig: R): boolean;
}

/** Single faults: each hits one request, no matter which. */
export const faults = {
  "a read fails": { kind: "status", status: 503 },
  "a read is reset": { kind: "reset" },
  "a request is lost": { kind: "reset", when: "before" },
  "its answer is lost": { kind: "reset", when: "after" },
  "a gateway fails": { kind: "status", status: 502, when: "after" },
} as const satisfies Record<string, Fault>;

function faultOf(name: keyof typeof faults, request: FaultMatch): Fault {
  return { ...faults[name], match: name.startsWith("a read") ? { method: "GET" } : request };
}

/** Applies the events to a fresh installation, and checks after each what the model says. */
export function follow<R extends Rig>(model: Model<R>, events: readonly Event[]): Promise<void> {
  return withHarness(directDoor, model.resource as unknown as ResourceCase, async (harness) => {
    const run = new ModelRun(model, harness);
    for (const event of events) await run.apply(event);
    await run.user("refresh");
    await run.user("up");
  });
}

class ModelRun<R extends Rig> {
  readonly #model: Model<R>;
  readonly #harness: Harness;
  readonly #rig: R;
  #wanted: Properties;
  /** Somebody else has changed something since the last read. */
  #isStale = false;
  /** Runs that were asked for, and have not been carried out yet. */
  #owed = 1;
  #pools = 0;

  constructor(model: Model<R>, harness: Harness) {
    this.#model = model;
    this.#harness = harness;
    this.#rig = harness.rig as R;
    this.#wanted = { ...harness.good, ...model.variants[0], timeout: "8s" };
  }

  async apply(event: Event): Promise<void> {
    if ("outside" in event) {
      this.#model.outside[event.outside]?.(this.#rig);
      this.#isStale = true;
    } else if ("breaks" in event) {
      this.#harness.simulator.fault(faultOf(event.breaks, this.#model.resource.request));
    } else if (event.user === "change") {
      const wanted = { ...this.#wanted, ...this.#model.variants[event.to % this.#model.variants.length] };
      const isOther = JSON.stringify(wanted) !== JSON.stringify(this.#wanted);
      if (isOther && !this.#model.isSo) this.#owed = 1;
      this.#wanted = wanted;
      await this.user("up");
    } else await this.user(event.user);
  }

  async user(operation: "up" | "refresh" | "destroy"): Promise<void> {
    this.#harness.simulator.resetCounts();
    if (operation === "up") return this.#up();
    const { stack, simulator } = this.#harness;
    await this.#untilDone(() => (operation === "refresh" ? stack.refresh() : stack.destroy()));
    if (operation === "refresh") {
      assert.equal(simulator.counts().mutating, 0, "a refresh only reads");
      this.#isStale = false;
      return;
    }
    assert.ok(this.#model.isGone?.(this.#rig) ?? true, "it is undone");
    this.#owed = 1;
  }

  async #up(): Promise<void> {
    const { stack, simulator } = this.#harness;
    const { isSo, isImpossible, resource } = this.#model;
    if (isImpossible?.(this.#rig)) {
      if (this.#isStale && stack.state) return;
      await failureOf(this.#fresh(() => stack.up(this.#wanted)));
      assert.equal(simulator.counts().effects, 0, "what cannot be is not begun");
      return;
    }
    const wasSo = isSo?.(this.#rig, this.#wanted) ?? this.#owed === 0;
    await this.#untilDone(() => stack.up(this.#wanted));
    const { effects } = simulator.counts();
    const most = wasSo ? 0 : resource.costs;
    assert.ok(effects <= most, `${effects} effects, ${most} at most`);
    if (!isSo) {
      assert.equal(effects, this.#owed * resource.costs, "one run per intent");
      this.#owed = 0;
    } else if (!this.#isStale) assert.ok(isSo(this.#rig, this.#wanted), "it is as it was declared");
    simulator.clearFaults();
    simulator.resetCounts();
    await this.#fresh(() => stack.up(this.#wanted));
    if (!this.#isStale) assert.equal(simulator.counts().mutating, 0, "one more up sends nothing");
  }

  /** Repeats the work, as people do, until the fault is over. */
  async #untilDone(work: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#fresh(work);
        return;
      } catch (error) {
        if (tries === 4) throw error;
      }
    }
  }

  /** With a connection of its own each time, like another process: no cached read of an earlier one is used. */
  #fresh<T>(work: () => Promise<T>): Promise<T> {
    const requestTimeout = `${1_000 + ++this.#pools}ms`;
    for (const connection of Object.values(this.#harness.connections))
      connection.requestTimeout = requestTimeout;
    return work();
  }
}
