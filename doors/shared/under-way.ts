// biome-ignore lint/suspicious/noExplicitAny: each call has messages of its own
type Handler = (call: any, done: (...answer: any[]) => void) => void;

/**
 * The calls of a service that have not been answered yet. A server that shuts down waits for those only whose caller still listens: after
 * the engine is gone it would end the process in the middle of a failover.
 */
export class UnderWay {
  readonly #delivered: (call?: unknown) => Promise<void>;
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param delivered what has to settle before a call is answered: after the last answer the engine goes, and hears nothing more. It is told
   *   which call that is, where a service is called
   */
  constructor(delivered: (call?: unknown) => Promise<void> = () => Promise.resolve()) {
    this.#delivered = delivered;
  }

  tracked(service: Record<string, Handler>): Record<string, Handler> {
    return Object.fromEntries(Object.entries(service).map(([name, handle]) => [name, this.#tracked(handle)]));
  }

  #tracked(handle: Handler): Handler {
    return (call, done) => {
      this.#count++;
      handle(call, (...answer) => {
        void this.#delivered(call).then(() => {
          this.#count--;
          done(...answer);
          this.#tell();
        });
      });
    };
  }

  /** Counts a call that answers by a promise. */
  async during<T>(call: Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await call;
    } finally {
      await this.#delivered();
      this.#count--;
      this.#tell();
    }
  }

  /** Settles when there are none. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
