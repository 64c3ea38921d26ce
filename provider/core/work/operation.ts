import type { Connection, System } from "../connection/settings.ts";
import { firstOf, unwanted } from "../data/abort.ts";
import type { Activity } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import { formatDuration, parseDuration } from "../data/duration.ts";
import { oneLine } from "../data/one-line.ts";
import { type ShowProgress, throttled } from "../data/progress.ts";
import { withoutUserinfo } from "../data/userinfo.ts";
import { mapTexts } from "../data/values.ts";
import type { Knowledge } from "../http/permit.ts";
import { keyOf } from "../http/recall.ts";
import type { TextKind } from "../http/redact.ts";
import { saysLess } from "../http/silences.ts";
import type { Context } from "./context.ts";
import { StoppableDeadline } from "./deadline.ts";
import { Session, type Way } from "./installation.ts";
import type { LateEffect } from "./late-effects.ts";
import { type Frame, Part, type Whole } from "./part.ts";
import { recallAge } from "./recall-age.ts";
import { Requests } from "./requests.ts";
import type { Judge, Kept, Scope, WaitRecord } from "./scope.ts";
import { inOtherHands } from "./way.ts";

interface OperationOptions {
  connection?: string | Connection;
  timeout: string | number;
  /** Nobody has asked for that `timeout`: a door's own limit then holds in its place, be it longer. */
  isUsual?: boolean;
  /** It only looks ahead, for a plan. */
  isAhead?: boolean;
  /** It only tells what there is, and decides nothing: it does with what others have read, so many milliseconds ago at most. */
  sharesReads?: number;
  /** It answers of this moment: what others have read is none of it. */
  isOfNow?: boolean;
}

type OperationHow = Omit<OperationOptions, "timeout" | "isUsual">;

/** Opens the scope of one operation. `timeout` starts now. */
export function openScope(
  context: Context,
  system: System,
  { timeout, isUsual = false, ...how }: OperationOptions,
): Scope {
  const own = parseDuration(timeout, "timeout");
  const doors = context.timeoutSeconds === undefined ? own : context.timeoutSeconds * 1_000;
  const limit = isUsual ? doors : Math.min(own, doors);
  const text = typeof timeout === "string" && limit === own ? timeout : formatDuration(limit);
  const frame = { deadline: new StoppableDeadline(limit, text), cancelled: context.signal };
  return new Operation(context, system, how).part(frame);
}

/** What one operation has in common, however its time is measured and whatever it decides. */
class Operation implements Whole {
  readonly #context: Context;
  readonly #system: System;
  readonly #how: OperationHow;
  readonly #recallAge: (maxAge: number) => number;
  /** What this operation has asked for: a second time it wants to see something else. */
  readonly #asked = new Set<string>();
  readonly session: Session;
  readonly #ended = new AbortController();
  /** One resolved way per operation: settings that change meanwhile (a file that goes away) are the next one's. */
  readonly #ways = new Map<string, Way>();
  readonly show: ShowProgress;
  readonly #warned = new Set<string>();
  readonly waits: WaitRecord[] = [];
  readonly late: LateEffect[] = [];
  readonly requests = new Requests();
  readonly judges: Judge[] = [];
  kept: Kept | undefined;
  trouble: Error | undefined;
  #troubledAt: number | undefined;

  constructor(context: Context, system: System, how: OperationHow) {
    [this.#context, this.#system, this.#how] = [context, system, how];
    this.#recallAge = recallAge(context, how.isOfNow);
    this.session = context.session ?? new Session();
    this.show = throttled((message, options) => context.progress(this.redact(message), options));
  }

  get previewed(): boolean | undefined {
    return this.#context.previewed;
  }

  get activity(): Activity | undefined {
    return this.#context.activity;
  }

  get unrecorded(): string | undefined {
    return this.#context.unrecorded;
  }

  part({
    deadline,
    cancelled,
    isPatient,
    signal = firstOf([deadline.signal, this.#ended.signal, cancelled ?? []].flat()),
  }: Omit<Frame, "signal"> & Partial<Frame>): Scope {
    return new Part(this, { deadline, cancelled, isPatient, signal });
  }

  end(): void {
    this.#ended.abort(unwanted);
  }

  /** Once, however often it is decided anew. */
  readonly warn = (text: string): void => {
    const message = this.redact(text);
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#context.warn(message);
  };

  main(): Way {
    return this.way(this.#how.connection, "connection");
  }

  way(reference: string | Connection | undefined, property: string): Way {
    const key = JSON.stringify(reference) ?? "";
    const known = this.#ways.get(key);
    if (known) return known;
    const { config, warn } = this.#context;
    const way = this.session.connect(this.#system, reference, config, { property, warn });
    this.#ways.set(key, way);
    return way;
  }

  /** The way, with what is read on it counted as known. */
  learning(way: Way, knowledge: Knowledge, isPatient: boolean): Way {
    const usual = isPatient ? "patient" : undefined;
    const own = this.#context.activity;
    const onTrouble = this.noteTrouble;
    const { isAhead, sharesReads = 0 } = this.#how;
    const isFirst = (key: string) => this.#asked.size < this.#asked.add(key).size;
    // Field by field: a scope may itself be the options.
    return inOtherHands(way, {
      connection: way.connection,
      redact: way.redact,
      call: async (
        call,
        { signal, patience = usual, endpoint, onTrouble: tell = onTrouble, activity = own },
      ) => {
        const options = { signal, patience, endpoint, isAhead, onTrouble: tell, activity };
        const isShared = sharesReads > 0 && endpoint === undefined && isFirst(way.id + keyOf(call));
        const answer = await (isShared ? way.recall(call, options, sharesReads) : way.call(call, options));
        knowledge.to = clock.elapsed();
        return answer;
      },
      send: (call, permit, { signal, onTrouble: tell = onTrouble }) =>
        way.send(call, permit, { signal, onTrouble: tell }),
      recall: async (call, { signal, patience, isAhead: ahead, onTrouble: tell, activity = own }, maxAge) => {
        const options = { signal, patience, isAhead: ahead, onTrouble: tell, activity };
        const age = this.#recallAge(maxAge);
        const answer = await way.recall(call, options, age);
        knowledge.from = Math.min(knowledge.from, clock.elapsed() - age);
        knowledge.to = clock.elapsed();
        return answer;
      },
    });
  }

  readonly noteTrouble = (error: Error): void => {
    if (this.#troubledAt !== undefined && saysLess(error, this.#troubledAt)) return;
    this.trouble = error;
    this.#troubledAt = clock.elapsed();
  };

  /** Blanked before and after: a credential may be what is left once marks that nobody sees are gone. */
  readonly redact = (text: string): string =>
    withoutUserinfo(this.#blank(oneLine(this.#blank(text, "message")), "message"));

  #blank(text: string, kind: TextKind): string {
    let sum = text;
    for (const way of this.#ways.values()) sum = way.redact(sum, kind);
    return sum;
  }

  readonly redactData = <T>(value: T, own: Record<string, unknown>): T =>
    this.#redactData(value, own, (text) => text);

  readonly redactOutputs = <T>(value: T, own: Record<string, unknown>): T =>
    this.#redactData(value, own, oneLine);

  /** @param tidy what is done besides with texts that the user did not write: blanked before and after, as a message is */
  #redactData<T>(value: T, own: Record<string, unknown>, tidy: (text: string) => string): T {
    const written = new Set(Object.values(own).flat());
    // What consists of words is a message, whoever recorded it.
    const kindOf = (text: string) => (/\s/.test(text) ? "message" : "data");
    const blank = (text: string) => this.#blank(text, kindOf(text));
    return mapTexts(value, (text) => (written.has(text) ? text : blank(tidy(blank(text)))));
  }
}
