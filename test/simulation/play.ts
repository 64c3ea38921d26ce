import { known } from "./canaries.ts";
import { Engine, type EngineOptions } from "./engine/engine.ts";
import { Backend, type State } from "./engine/state.ts";
import { History, type UserOperation } from "./history.ts";
import { Nemesis, type Powers } from "./nemesis.ts";
import { SimulatedNetwork } from "./network.ts";
import { edited } from "./program.ts";
import { sharedWork } from "./shared-work.ts";
import type { Declaration, Door, StackStory, Step, Story } from "./story.ts";
import { models } from "./systems/index.ts";
import type { Installed } from "./systems/installed.ts";
import { isolated, systemClock } from "./world/guard.ts";
import { Random } from "./world/random.ts";
import { Scheduler } from "./world/scheduler.ts";

/** A story that was played: what happened, and what is left. */
export interface Played {
  story: Story;
  history: History;
  nemesis: Nemesis;
  systems: Record<string, Installed>;
  stacks: PlayedStack[];
  /** When everybody else had stopped. */
  quietAt: number;
  events: number;
}

export interface PlayedStack {
  name: string;
  backend: Backend;
  program: readonly Declaration[];
  lastDoor?: Door;
  /** The last `up` of the quiet phase that still had something to do, and the one after it. */
  last?: UserOperation;
  /** What was so after it, by system, and what the state said. */
  truths: Record<string, unknown>;
  settled: State;
  second?: UserOperation;
}

/** Longer than anything that was sent may take to arrive, and than what it began takes. */
const untilQuiet = 240_000;
/** From one `up` of the quiet phase to the next, and how many there are at most. */
const [patience, tries] = [90_000, 8];

/** Plays a story to its end, in a world of its own. */
export async function play(story: Story): Promise<Played> {
  const scheduler = new Scheduler();
  return isolated(scheduler, async () => {
    const stage = new Stage(story, scheduler);
    let played: Played | undefined;
    let failure: unknown;
    scheduler.after(0, undefined, () => {
      stage.play().then(
        (result) => {
          played = result;
        },
        (error: unknown) => {
          failure = error;
        },
      );
    });
    await scheduler.run(() => played !== undefined || failure !== undefined);
    if (!played) throw failure;
    return played;
  });
}

class Stage {
  readonly #story: Story;
  readonly #scheduler: Scheduler;
  readonly #history: History;
  readonly #random: Random;
  readonly #network: SimulatedNetwork;
  readonly #nemesis: Nemesis;
  readonly #systems: Record<string, Installed> = {};
  readonly #running = new Map<string, Engine>();
  readonly #steps = new Map<string, number>();
  #connections = "";
  readonly #shared = sharedWork();

  constructor(story: Story, scheduler: Scheduler) {
    this.#story = story;
    this.#scheduler = scheduler;
    this.#history = new History(() => scheduler.now);
    this.#random = new Random(story.seed);
    this.#network = new SimulatedNetwork(scheduler, this.#history, this.#random.fork());
    this.#nemesis = new Nemesis(
      story.faults,
      this.#history,
      this.#powers(),
      (stack) => this.#steps.get(stack) ?? -1,
    );
    this.#network.nemesis = this.#nemesis;
    // Not written right where they are assigned: V8 allocates such functions among what is old, and all that they reach is kept with them.
    const echo = (system: string) =>
      known[story.systems.find((choice) => choice.system === system)?.auth ?? "none"] ?? [];
    const truth = (system: string) => this.#systems[system]?.truth();
    Object.assign(this.#network, { echo, truth });
  }

  async play(): Promise<Played> {
    await this.#open();
    const stacks = await Promise.all(this.#story.stacks.map((stack) => this.#live(stack)));
    this.#nemesis.isOver = true;
    this.#network.partitions.heal();
    for (const { calm } of Object.values(this.#systems)) calm();
    const quietAt = this.#scheduler.now;
    this.#history.note("= everybody else has stopped");
    await this.#pass(untilQuiet);
    while (this.#network.underWay.size > 0) await this.#pass(10_000);
    for (const stack of stacks) {
      await this.#settle(stack);
      const all = Object.entries(this.#systems).map(([name, { truth }]) => [name, truth()]);
      stack.truths = Object.fromEntries(all);
      stack.settled = stack.backend.state;
    }
    for (const stack of stacks)
      stack.second = await this.#command(stack, { ...this.#quiet(stack), skipPreview: true }, true);
    return {
      story: this.#story,
      history: this.#history,
      nemesis: this.#nemesis,
      systems: this.#systems,
      stacks,
      quietAt,
      events: this.#scheduler.events,
    };
  }

  async #open(): Promise<void> {
    const connections: Record<string, unknown> = {};
    for (const choice of this.#story.systems) {
      const { system } = choice;
      const installed = await models[system].open(choice, {
        clock: systemClock(this.#scheduler),
        network: (addressOf) => this.#network.hosts.listen(system, addressOf),
        seed: this.#story.seed,
      });
      this.#systems[system] = installed;
      Object.assign(connections, installed.connections);
    }
    this.#connections = JSON.stringify(connections);
  }

  async #live({ name, program, steps, lastDoor }: StackStory): Promise<PlayedStack> {
    const stack: PlayedStack = { name, backend: new Backend(), program, lastDoor, truths: {}, settled: [] };
    for (const [index, step] of steps.entries()) {
      await this.#pass(step.after);
      this.#steps.set(name, index);
      stack.program = edited(stack.program, step.edits);
      await this.#command(stack, step);
    }
    this.#steps.set(name, steps.length);
    return stack;
  }

  #quiet({ lastDoor: door }: PlayedStack): Step {
    return { command: "up", after: 0, edits: [], ...(door && { door }) };
  }

  /** A refresh first, then `up` until it is done, or says the same twice. */
  async #settle(stack: PlayedStack): Promise<void> {
    await this.#command(stack, { ...this.#quiet(stack), command: "refresh" }, true);
    for (let round = 0; round < tries; round++) {
      const before = stack.last;
      const skipPreview = round === 0 && this.#story.isUnseenAtTheEnd === true;
      stack.last = await this.#command(stack, { ...this.#quiet(stack), skipPreview }, true);
      if (stack.last.outcome === "ok") return;
      if (round > 1 && String(before?.errors) === String(stack.last.errors)) return;
      await this.#pass(patience);
    }
  }

  async #command(stack: PlayedStack, step: Step, isQuiet = false): Promise<UserOperation> {
    const { name, backend, program } = stack;
    const options: EngineOptions = {
      scheduler: this.#scheduler,
      history: this.#history,
      network: this.#network,
      random: this.#random.fork(),
      stack: name,
      backend,
      connections: this.#connections,
      shared: this.#shared,
      beforeWrite: () => this.#nemesis.beforeWrite(name),
    };
    const engine = new Engine(options, step, this.#steps.get(name) ?? 0, isQuiet);
    this.#running.set(name, engine);
    return engine.run(program);
  }

  #pass(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.#scheduler.after(milliseconds, undefined, resolve));
  }

  #powers(): Powers {
    const running = (stack: string) => this.#running.get(stack);
    return {
      pause: (stack, who, ms) => {
        const engine = running(stack);
        if (engine && who !== "host") this.#scheduler.pause(engine.process, ms);
        if (engine?.host && who !== "engine") this.#scheduler.pause(engine.host, ms);
      },
      kill: (stack, who) => {
        if (who === "both") running(stack)?.process.end();
        running(stack)?.host?.end();
      },
      skew: (stack, ms) => {
        const engine = running(stack);
        if (engine) engine.process.skew += ms;
        if (engine?.host) engine.host.skew += ms;
      },
      interrupt: (stack) => running(stack)?.interrupt(),
      act: (system, act, which) => {
        const { acts, delays } = this.#systems[system] ?? {};
        const go = () => this.#act(system, act, () => acts?.[act]?.(which));
        const delay = delays?.[act]?.(which);
        return delay === undefined ? go() : void this.#scheduler.after(delay, undefined, go);
      },
      expireTokens: (system) =>
        this.#act(system, "all tokens expire", () => {
          // Those that are simply valid stay.
          const auth = this.#story.systems.find((choice) => choice.system === system)?.auth;
          if (auth === "oauth2") this.#systems[system]?.simulator.expireTokens();
        }),
      goDown: (exchange, ms) => {
        const host = this.#network.hosts.of(exchange);
        if (!host) return;
        host.isUp = false;
        this.#history.note(`  ${exchange.endpoint} of ${exchange.system} is down`);
        const comeUp = () => void Object.assign(host, { isUp: true });
        this.#scheduler.after(ms, undefined, comeUp);
      },
      restart: (system, loseHistory) => {
        const what = loseHistory ? "it restarts, and has lost what was under way" : "it restarts";
        this.#act(system, what, () => void this.#systems[system]?.simulator.restart({ loseHistory }));
      },
      cut: (exchange, trouble) => this.#network.partitions.cut(exchange, trouble),
    };
  }

  #act(system: string, what: string, work: () => void): void {
    const before = this.#systems[system]?.truth();
    work();
    const after = this.#systems[system]?.truth();
    this.#history.interventions.push({ at: this.#scheduler.now, what, system, before, after });
    this.#history.note(`* ${system}: ${what}`);
  }
}
