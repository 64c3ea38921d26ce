/** Starts work in the order of the calls, up to a limit at the same time. */
export class Queue {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

/** Rows that run at the same time: they wait far more than they compute. */
export class Tables {
  readonly #queue: Queue;
  readonly #starts: (() => Promise<void>[])[] = [];

  /** @param limit rows at the same time */
  constructor(limit: number) {
    this.#queue = new Queue(limit);
  }

  /**
   * One test a row, as in any table. The first test that is asked for starts the whole table, and the tables after it, so that
   * the last rows of one keep nobody waiting.
   *
   * @param run of one row; nothing may be shared between rows
   */
  each<R>(rows: readonly R[], title: (row: R) => string, run: (row: R) => Promise<void>): void {
    let results: Promise<void>[] | undefined;
    const start = () => {
      results ??= rows.map((row) => {
        const result = this.#queue.run(() => run(row));
        // Each is reported by its own test; until then it must not count as unhandled.
        result.catch(() => {});
        return result;
      });
      return results;
    };
    const place = this.#starts.push(start);
    for (const [index, row] of rows.entries()) {
      it(title(row), async () => {
        const own = start();
        for (const next of this.#starts.slice(place, place + lookAhead)) next();
        await own[index];
      });
    }
  }
}

const lookAhead = 8;
