import type { Exchange, History } from "./history.ts";
import type { Boundary, Fault, Trouble } from "./story.ts";

/** What happens at boundaries beside what happens to the request itself. */
export interface Powers {
  pause(stack: string, who: "host" | "engine" | "both", ms: number): void;
  kill(stack: string, who: "host" | "both"): void;
  skew(stack: string, ms: number): void;
  interrupt(stack: string): void;
  act(system: string, act: string, which: number): void;
  expireTokens(system: string): void;
  goDown(exchange: Exchange, ms: number): void;
  restart(system: string, loseHistory: boolean): void;
  cut(exchange: Exchange, trouble: Extract<Trouble, { kind: "partition" }>): void;
}

/** Carries out the faults of a story where their time has come. It knows no randomness: the story is all that it has. */
export class Nemesis {
  isOver = false;
  readonly struck = new Set<Fault>();
  readonly #waiting: { fault: Fault; seen: number; left: number }[];
  readonly #history: History;
  readonly #powers: Powers;
  readonly #stepOf: (stack: string) => number;

  constructor(faults: readonly Fault[], history: History, powers: Powers, stepOf: (stack: string) => number) {
    this.#waiting = faults.map((fault) => ({ fault, seen: 0, left: fault.times }));
    this.#history = history;
    this.#powers = powers;
    this.#stepOf = stepOf;
  }

  /** What is to happen to a request at this boundary; what concerns others has happened. */
  at(boundary: Exclude<Boundary, "write">, exchange: Exchange): Trouble[] {
    if (this.isOver || !this.#mayStrike(exchange.stack, boundary)) return none;
    const kinds = ["any", exchange.token ? "token" : exchange.mutating ? "mutating" : "read"];
    if (isOfAction(exchange)) kinds.push("action");
    const due = this.#take(exchange.stack, boundary, (fault) => kinds.includes(fault.on));
    return due.filter((what) => {
      this.#history.note(`! ${describe(what)} at ${boundary} of #${exchange.id}`);
      exchange.faults.push(what.kind);
      return !this.#carriesOut(what, exchange.stack, exchange);
    });
  }

  /** Before the state is written. @returns whether this write is lost */
  beforeWrite(stack: string): boolean {
    if (this.isOver) return false;
    const due = this.#take(stack, "write", () => true);
    let isLost = false;
    for (const what of due) {
      this.#history.note(`! ${describe(what)} before the state of ${stack} is written`);
      if (what.kind === "lose checkpoint") isLost = true;
      else this.#carriesOut(what, stack, undefined);
    }
    return isLost;
  }

  #mayStrike(stack: string, boundary: Boundary): boolean {
    const step = this.#stepOf(stack);
    return this.#waiting.some(
      ({ fault, left }) =>
        left > 0 && fault.stack === stack && fault.step === step && fault.boundary === boundary,
    );
  }

  #take(stack: string, boundary: Boundary, isMeant: (fault: Fault) => boolean): Trouble[] {
    const due: Trouble[] = [];
    const step = this.#stepOf(stack);
    for (const entry of this.#waiting) {
      const { fault } = entry;
      if (fault.stack !== stack || fault.step !== step || fault.boundary !== boundary || !isMeant(fault))
        continue;
      if (++entry.seen < fault.nth || entry.left === 0) continue;
      entry.left--;
      this.struck.add(fault);
      due.push(fault.what);
    }
    return due;
  }

  /** False: it concerns the request itself. */
  #carriesOut(what: Trouble, stack: string, exchange: Exchange | undefined): boolean {
    const powers = this.#powers;
    switch (what.kind) {
      case "pause":
        powers.pause(stack, what.who, what.ms);
        return true;
      case "kill":
        powers.kill(stack, what.who);
        return true;
      case "clock jump":
        powers.skew(stack, what.ms);
        return true;
      case "interrupt":
        powers.interrupt(stack);
        return true;
      case "act":
        powers.act(what.system, what.act, what.which);
        return true;
      case "expire tokens":
        if (exchange) powers.expireTokens(exchange.system);
        return true;
      case "down":
        if (exchange) powers.goDown(exchange, what.ms);
        return true;
      case "restart":
        if (exchange) powers.restart(exchange.system, what.loseHistory);
        return true;
      case "partition":
        if (exchange) powers.cut(exchange, what);
        return true;
      default:
        return false;
    }
  }
}

const none: Trouble[] = [];

function isOfAction({ method, target }: Exchange): boolean {
  return method === "GET" && /^\/v1\/nodes\/\d+\/actions\/\w/.test(target);
}

export function describe({ kind, ...how }: Trouble): string {
  const words = Object.entries(how).map(([name, value]) => `${name} ${value}`);
  return [kind, ...words].join(", ");
}
