import assert from "node:assert/strict";
import type { Fault, FaultMatch } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { failureOf, play, type ResourceCase, type Rig, type Scene } from "../rules/resource-case.ts";

/** One thing that happens: the user wants something, somebody else does something, or something breaks. */
export type Event =
  | { user: "up" | "refresh" | "destroy" }
  | { user: "change"; to: number }
  | { outside: string }
  | { breaks: keyof typeof breakages };

/** What must be so, as simply as it can be said. `R` is the installation. */
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

/** Single breakages: each strikes one request, and it is not known which. */
export const breakages = {
  "a read fails": { kind: "status", status: 503 },
  "a read is reset": { kind: "reset" },
  "a request is lost": { kind: "reset", when: "before" },
  "its answer is lost": { kind: "reset", when: "after" },
  "a gateway fails": { kind: "status", status: 502, when: "after" },
} as const satisfies Record<string, Fault>;

function faultOf(name: keyof typeof breakages, request: FaultMatch): Fault {
  return { ...breakages[name], match: name.startsWith("a read") ? { method: "GET" } : request };
}

/** Plays the events on a fresh installation and holds after each what the model says. */
export function follow<R extends Rig>(model: Model<R>, events: readonly Event[]): Promise<void> {
  return play(directDoor, model.resource as unknown as ResourceCase, async (scene) => {
    const world = new World(model, scene);
    for (const event of events) await world.meet(event);
    await world.user("refresh");
    await world.user("up");
  });
}

class World<R extends Rig> {
  readonly #model: Model<R>;
  readonly #scene: Scene;
  readonly #rig: R;
  #wanted: Properties;
  /** Somebody else has changed something since the last look. */
  #isStale = false;
  /** Runs that were asked for, and have not been carried out yet. */
  #owed = 1;
  #pools = 0;

  constructor(model: Model<R>, scene: Scene) {
    this.#model = model;
    this.#scene = scene;
    this.#rig = scene.rig as R;
    this.#wanted = { ...scene.good, ...model.variants[0], timeout: "8s" };
  }

  async meet(event: Event): Promise<void> {
    if ("outside" in event) {
      this.#model.outside[event.outside]?.(this.#rig);
      this.#isStale = true;
    } else if ("breaks" in event) {
      this.#scene.simulator.fault(faultOf(event.breaks, this.#model.resource.request));
    } else if (event.user === "change") {
      const wanted = { ...this.#wanted, ...this.#model.variants[event.to % this.#model.variants.length] };
      const isOther = JSON.stringify(wanted) !== JSON.stringify(this.#wanted);
      if (isOther && !this.#model.isSo) this.#owed = 1;
      this.#wanted = wanted;
      await this.user("up");
    } else await this.user(event.user);
  }

  async user(wish: "up" | "refresh" | "destroy"): Promise<void> {
    this.#scene.simulator.resetCounts();
    if (wish === "up") return this.#up();
    const { stack, simulator } = this.#scene;
    await this.#untilDone(() => (wish === "refresh" ? stack.refresh() : stack.destroy()));
    if (wish === "refresh") {
      assert.equal(simulator.counts().mutating, 0, "a refresh only reads");
      this.#isStale = false;
      return;
    }
    assert.ok(this.#model.isGone?.(this.#rig) ?? true, "it is undone");
    this.#owed = 1;
  }

  async #up(): Promise<void> {
    const { stack, simulator } = this.#scene;
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

  /** Again and again, as people do, until what broke is over. */
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

  /** In a process of its own each time, for all the provider can tell: nothing that was read for another one serves it. */
  #fresh<T>(work: () => Promise<T>): Promise<T> {
    const requestTimeout = `${1_000 + ++this.#pools}ms`;
    for (const connection of Object.values(this.#scene.connections))
      connection.requestTimeout = requestTimeout;
    return work();
  }
}
