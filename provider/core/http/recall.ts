import { abortable, unwanted } from "../data/abort.ts";
import { clock } from "../data/clock.ts";
import { hasStatus, SilentError, UnreachableError } from "../data/errors.ts";
import type { Answer, CallOptions, ReadingCall } from "./call.ts";
import { queryString } from "./path.ts";
import { unanswered } from "./silences.ts";

/** How a connection reads, and the endpoint that it asks first. */
interface Reader {
  read(call: ReadingCall, options: CallOptions): Promise<Answer>;
  endpoint(): string;
}

/** One request whose answer several want. It belongs to none of them: it goes on as long as anybody waits. */
class Reading {
  readonly #answer: Promise<Answer>;
  readonly #ended = new AbortController();
  readonly #waiting = new Set<CallOptions>();
  readonly #call: ReadingCall;
  readonly #url: string;
  /** How old the answer is counts from when it was asked for; a failure's age from when it was known. */
  at = clock.elapsed();
  #isSettled = false;
  #hasTrouble = false;

  constructor(
    { read, endpoint }: Reader,
    call: ReadingCall,
    { patience, isAhead = true, activity }: Pick<CallOptions, "patience" | "isAhead" | "activity">,
  ) {
    this.#call = call;
    this.#url = endpoint() + keyOf(call);
    const onTrouble = (error: Error) => {
      this.#hasTrouble = true;
      for (const { onTrouble } of this.#waiting) onTrouble?.(error);
    };
    this.#answer = read(call, { signal: this.#ended.signal, patience, onTrouble, isAhead, activity }).finally(
      () => {
        this.#isSettled = true;
      },
    );
    // Whoever waited for it may be gone by the time it fails.
    this.#answer.catch(() => {});
  }

  get isForNobody(): boolean {
    return this.#waiting.size === 0 && !this.#isSettled;
  }

  onFailure(tell: (error: unknown) => void): void {
    this.#answer.catch(tell);
  }

  async wait(options: CallOptions): Promise<Answer> {
    const began = clock.elapsed();
    const { signal } = options;
    this.#waiting.add(options);
    try {
      return await abortable(this.#answer, signal);
    } catch (error) {
      const isOver = signal.aborted && !this.#isSettled && !this.#hasTrouble;
      throw (isOver && unanswered(this.#url, this.#call, clock.elapsed() - began, signal)) || error;
    } finally {
      this.#waiting.delete(options);
      if (this.isForNobody) this.#ended.abort(unwanted);
    }
  }
}

/** What was read of one connection of late, for those who may do with it: previews ask the same of many resources. */
export class Recall {
  readonly #reader: Reader;
  readonly #readings = new Map<string, Reading>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The answer, as old as `maxAge` milliseconds at most: one that is still awaited, one that has come, or another. */
  get(call: ReadingCall, options: CallOptions, maxAge: number): Promise<Answer> {
    const key = keyOf(call);
    const kept = this.#readings.get(key);
    if (kept && !kept.isForNobody && clock.elapsed() - kept.at <= maxAge) return kept.wait(options);
    const reading = new Reading(this.#reader, call, options);
    this.#readings.set(key, reading);
    reading.onFailure((error) => {
      if (this.#readings.get(key) !== reading) return;
      // That nobody answers holds for the next resource, too; where it has taken long, the endpoint is known to be silent.
      if (error instanceof UnreachableError && !(error instanceof SilentError)) reading.at = clock.elapsed();
      // That there is no such thing is an answer: an older server is not asked again for each resource.
      else if (!hasStatus(error, 404)) this.#readings.delete(key);
    });
    return reading.wait(options);
  }

  /** What was read before a change is no answer after it. */
  forget(): void {
    this.#readings.clear();
  }
}

/** Path and query. */
export function keyOf({ path, query }: Pick<ReadingCall, "path" | "query">): string {
  return path + queryString(query);
}
