import type { Activity, Attributes } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import type { Observer, OperationFacts } from "./observer.ts";
import type { Outbox } from "./outbox.ts";

/** From one event of a wait to the next, in milliseconds. */
const heartbeat = 30_000;

/** The shape of an event: a reader of a later version is not to guess. */
const version = 1;

/** What becomes of an operation, beside its end. */
type Event = "started" | "step" | "waiting" | "overridden" | "finished" | "failed";

/** Writes what operations come to, one line of JSON each (docs/traces-and-events.md). Requests and looks are no events. */
export function eventObserver(outbox: Outbox, run: string): Observer {
  let operations = 0;
  return {
    begin: (facts) =>
      facts.isWork ? new OperationEvents(outbox, { ...facts, run, id: `${run}-${++operations}` }) : ignored,
    flush: (warn) => outbox.flush(warn),
  };
}

/** What nobody wants to be told. */
const ignored: Activity = {
  traceparent: undefined,
  begin: () => ignored,
  note() {},
  saw() {},
  overrode() {},
  end() {},
};

class OperationEvents implements Activity {
  readonly traceparent = undefined;
  readonly #outbox: Outbox;
  readonly #facts: OperationFacts & { run: string; id: string };
  readonly #began = clock.elapsed();
  #outcome: Attributes[string];
  #step = "";

  constructor(outbox: Outbox, facts: OperationFacts & { run: string; id: string }) {
    this.#outbox = outbox;
    this.#facts = facts;
    this.#tell("started", `${facts.operation} started`);
  }

  begin(part: "step" | "wait" | "request", name: string): Activity {
    if (part === "wait") return new Waiting((seen, seconds) => this.#waits(name, seen, seconds));
    // What is decided anew is the same step again.
    if (part === "step" && name !== this.#step) {
      this.#step = name;
      this.#tell("step", name, { step: name });
    }
    return ignored;
  }

  #waits(wait: string, seen: string, seconds: number): void {
    this.#tell("waiting", `${wait} ${seen}, ${seconds}s`, { wait, seen, waitedSeconds: seconds });
  }

  note(attributes: Attributes): void {
    this.#outcome = attributes["clusterops.outcome"] ?? this.#outcome;
  }

  saw(): void {}

  overrode(rule: string, reason: string): void {
    this.#tell("overridden", `${rule} overridden: ${reason}`, { rule, reason });
  }

  end(failure?: string): void {
    const { operation } = this.#facts;
    if (failure === undefined) this.#tell("finished", `${operation} finished`);
    else {
      const outcome = this.#outcome ?? "failed";
      // A failure says itself what it is about.
      const text = `${operation} ${outcome}: ${failure}`;
      this.#tell("failed", failure, { text, outcome, reason: failure });
    }
  }

  #tell(event: Event, text: string, more: Attributes = {}): void {
    const { run, id, operation, type, subject, resource, blank } = this.#facts;
    const line = {
      v: version,
      time: new Date(clock.now()).toISOString(),
      event,
      // Chats show the field of this name.
      text: `${subject}: ${text}`,
      run,
      id,
      operation,
      type,
      subject,
      resource,
      seconds: Math.round((clock.elapsed() - this.#began) / 100) / 10,
      ...more,
    };
    const blanked = (_key: string, value: unknown) => (typeof value === "string" ? blank(value) : value);
    this.#outbox.put(JSON.stringify(line, blanked));
  }
}

/** A wait tells now and then that it still waits, whether or not anybody answers. */
class Waiting implements Activity {
  readonly traceparent = undefined;
  readonly #tell: (seen: string, seconds: number) => void;
  readonly #began = clock.elapsed();
  #seen = "nothing yet";
  #callOff = () => {};

  constructor(tell: (seen: string, seconds: number) => void) {
    this.#tell = tell;
    this.#next();
  }

  #next(): void {
    this.#callOff = clock.after(heartbeat, () => {
      this.#tell(this.#seen, Math.round((clock.elapsed() - this.#began) / 1_000));
      this.#next();
    });
  }

  begin(): Activity {
    return ignored;
  }

  note(): void {}

  saw(what: string): void {
    this.#seen = what;
  }

  overrode(): void {}

  end(): void {
    this.#callOff();
  }
}
