/*
 * Node's signals are events of the DOM: each abort costs a tenth of a request, and each listener another. In a world they are these, which do
 * what the provider asks of signals and refuse all else (signals.test.ts holds them against Node's).
 */

type Listener = (event: Event) => void;

interface Listening {
  readonly listener: Listener | undefined;
  readonly isOnce: boolean;
  hasLeft: boolean;
  next: Listening | undefined;
}

/** As `AbortSignal`: who listens is told in the order in which they began to; who leaves meanwhile is not, who comes may be. */
class Signal {
  aborted = false;
  reason: unknown = undefined;
  /** What stands before the first, as in Node: who is told next is known before one is told. */
  readonly #root: Listening = { listener: undefined, isOnce: false, hasLeft: false, next: undefined };

  addEventListener(type: string, listener: Listener, { once = false }: { once?: boolean } = {}): void {
    if (type !== "abort" || typeof listener !== "function") throw new Error("nobody listens so");
    let last = this.#root;
    while (last.next) {
      if (last.next.listener === listener) return;
      last = last.next;
    }
    last.next = { listener, isOnce: once, hasLeft: false, next: undefined };
  }

  removeEventListener(type: string, listener: Listener): void {
    if (type !== "abort") throw new Error("nobody listens so");
    for (let before = this.#root; before.next; before = before.next) {
      if (before.next.listener !== listener) continue;
      before.next.hasLeft = true;
      before.next = before.next.next;
      return;
    }
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  /** Only its controller. */
  static abort(signal: Signal, reason: unknown): void {
    if (signal.aborted) return;
    signal.aborted = true;
    signal.reason = reason;
    let told = signal.#root.next;
    while (told) {
      const { listener, next, hasLeft, isOnce } = told;
      if (listener && !hasLeft) {
        if (isOnce) signal.removeEventListener("abort", listener);
        listener.call(signal, undefined as never);
      }
      told = next;
    }
  }
}

/** As `AbortController`. */
export class Controller {
  readonly signal = new Signal();

  abort(reason: unknown = new DOMException("This operation was aborted", "AbortError")): void {
    Signal.abort(this.signal, reason);
  }
}
