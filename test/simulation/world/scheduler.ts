import type { Random } from "./random.ts";

/** A process of the simulated machines: what it does happens in events of its own, so that it can be stopped, or end, between any two. */
export class Process {
  readonly name: string;
  readonly random: Random;
  /** By how many milliseconds its machine's clock is set wrong. */
  skew = 0;
  isAlive = true;
  isPaused = false;
  /** What has become due while it was stopped. */
  readonly held: Event[] = [];
  readonly #onEnd: (() => void)[] = [];

  constructor(name: string, random: Random) {
    this.name = name;
    this.random = random;
  }

  onEnd(work: () => void): void {
    this.#onEnd.push(work);
  }

  /** It does nothing any more: SIGKILL. */
  end(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const work of this.#onEnd) work();
  }
}

interface Event {
  at: number;
  /** Between events of the same moment. */
  order: number;
  owner: Process | undefined;
  run: (() => void) | undefined;
}

/** Everything that will happen, in the order of a virtual clock. Nothing else makes anything happen. */
export class Scheduler {
  /** Milliseconds since the world began. */
  now = 0;
  /** Whose event is being carried out. */
  current: Process | undefined;
  events = 0;
  readonly #heap: Event[] = [];
  #count = 0;

  /** @returns calls it off */
  after(milliseconds: number, owner: Process | undefined, run: () => void): () => void {
    const event: Event = { at: this.now + milliseconds, order: this.#count++, owner, run };
    this.#push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** Stops a process for a while: time passes, and it does not notice. */
  pause(process: Process, milliseconds: number): void {
    if (process.isPaused) return;
    process.isPaused = true;
    this.after(milliseconds, undefined, () => {
      process.isPaused = false;
      for (const event of process.held.splice(0)) {
        event.at = this.now;
        event.order = this.#count++;
        this.#push(event);
      }
    });
  }

  /** Carries out one event after the other, each with all that follows from it at once, until the work is done. */
  async run(isDone: () => boolean, limit = 2_000_000): Promise<void> {
    // From here on it goes on in microtasks: what `settled` waits for comes after all of them.
    await null;
    while (!isDone()) {
      const event = this.#pop();
      if (!event) throw new Error("nothing will ever happen any more, and the work is not done");
      const { owner, run } = event;
      if (!run || owner?.isAlive === false) continue;
      if (owner?.isPaused) {
        owner.held.push(event);
        continue;
      }
      if (++this.events > limit) throw new Error(`${limit} events, and the work is not done`);
      this.now = event.at;
      this.current = owner;
      run();
      await (this.events % untilTurn === 0 ? turn() : settled());
      this.current = undefined;
    }
    await turn();
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent] as Event)) break;
      heap[index] = heap[parent] as Event;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Event, heap[child] as Event)) child++;
      if (!isBefore(heap[child] as Event, last)) break;
      heap[index] = heap[child] as Event;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

const immediate = setImmediate;
/** Events between two turns of the event loop, each of which costs as much as some events. */
const untilTurn = 32;

/** Once all promises that could settle have settled: what waits now waits for an event. */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** The same by a turn of Node's event loop, in which alone it finds rejections that nobody handles. */
function turn(): Promise<void> {
  return new Promise((resolve) => immediate(resolve));
}
