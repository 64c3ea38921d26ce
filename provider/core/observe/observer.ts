import type { Activity } from "../data/activity.ts";

/** An operation, as observers are told of it when it begins. */
export interface OperationFacts {
  /** `create`, `update`, `delete`, `read`, `plan`, or `call` of a function. */
  operation: string;
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  /** What it is about, e.g. `redis node 2`. */
  subject: string;
  /** Which resource of the program it is. */
  resource?: string;
  /** Whether it may change something: a look alone is nothing to wake anybody for. */
  isWork: boolean;
  /** Blanks out of a text what must not leave. Asked for each text at the moment when it is told: by then it is known who asks whom. */
  blank(text: string): string;
}

/** Is told of all operations of a session. */
export interface Observer {
  begin(facts: OperationFacts): Activity;
  /**
   * Settles when what was told so far has been delivered, or a short time has passed. It never fails.
   *
   * @param warn is told once that nothing can be delivered
   */
  flush(warn: (message: string) => void): Promise<void>;
}

/** Several observers as one. */
export function together(observers: readonly Observer[]): Observer {
  const [only] = observers;
  if (only && observers.length === 1) return only;
  return {
    begin: (facts) => joined(observers.map((observer) => observer.begin(facts))),
    flush: async (warn) => {
      await Promise.all(observers.map((observer) => observer.flush(warn)));
    },
  };
}

function joined(all: readonly Activity[]): Activity {
  return {
    get traceparent() {
      return all.find(({ traceparent }) => traceparent !== undefined)?.traceparent;
    },
    begin: (...part) => joined(all.map((activity) => activity.begin(...part))),
    note: (attributes) => {
      for (const activity of all) activity.note(attributes);
    },
    saw: (what) => {
      for (const activity of all) activity.saw(what);
    },
    overrode: (rule, reason) => {
      for (const activity of all) activity.overrode(rule, reason);
    },
    end: (failure) => {
      for (const activity of all) activity.end(failure);
    },
  };
}
