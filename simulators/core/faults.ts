import type { Exchange } from "./exchange.ts";

/** What goes wrong. */
export type FaultKind =
  /** Any status code, e.g. 503 with `{ "Retry-After": "2" }`; the body defaults to a short text. */
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string; contentType?: string }
  /** The connection is reset instead of an answer. */
  | { kind: "reset" }
  /** No answer ever comes; the connection stays open until one side closes it. */
  | { kind: "hang" }
  /** The answer starts at once and its body trickles over `ms` of the simulator's clock. */
  | { kind: "slowBody"; ms: number }
  /** Half of the body, then the connection is cut, although Content-Length promised it whole. */
  | { kind: "truncatedBody" }
  /** An HTML page, as a proxy would send; status 200 unless told otherwise. */
  | { kind: "html"; status?: number }
  /** The status without its body. */
  | { kind: "emptyBody" }
  /** JSON that is not of the documented type; default `"unexpected"`. */
  | { kind: "wrongType"; value?: unknown }
  /** A JSON array of about `bytes` bytes, streamed. */
  | { kind: "hugeBody"; bytes: number }
  /** To `location`, a URL or made from the path and query that were sent and the host they were sent to; status 307 unless told otherwise. */
  | { kind: "redirect"; location: string | ((pathAndQuery: string, host: string) => string); status?: number }
  /** The answer is right, and late by `ms` of the simulator's clock. */
  | { kind: "delay"; ms: number }
  /** A GET is answered as it last was, by a cache or a follower that lags; as usual where it never was. Only "after" the request. */
  | { kind: "stale" };

/** Which requests a fault applies to; everything given must match. */
export interface FaultMatch {
  method?: string;
  /** A string is the whole path as it was sent; a RegExp may fit any part of it. */
  path?: string | RegExp;
  /** Name of an endpoint. */
  endpoint?: string;
}

export type Fault = FaultKind & {
  match?: FaultMatch;
  /** "before" the request is handled (no effect), or "after" (it had its effect, the answer is lost or replaced). Default "before". */
  when?: "before" | "after";
  /** How many requests it applies to; default 1, `Infinity` for all; with `lasts` all. */
  times?: number;
  /** For how long it applies, in ms of the simulator's clock from the first request that it was applied to. */
  lasts?: number;
  /**
   * The request is carried out all the same, so many ms after it came, with nobody left to hear the answer. Only for what applies
   * before the request is handled.
   */
  landsAfter?: number;
  /** How many matching requests it lets pass first; default 0. */
  skip?: number;
};

/** A fault that was set. */
export interface FaultHandle {
  /** How many requests it has hit. */
  readonly hits: number;
  remove(): void;
}

/** The faults that are set. */
export class FaultBook {
  private readonly entries = new Set<Entry>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  add(fault: Fault): FaultHandle {
    const entry: Entry = { fault, seen: 0, hits: 0, since: undefined };
    this.entries.add(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => void this.entries.delete(entry),
    };
  }

  /** All faults that apply to this request now, in the order they were set. */
  take(when: "before" | "after", exchange: Exchange): Fault[] {
    const matching: Fault[] = [];
    for (const entry of this.entries) {
      const { fault } = entry;
      if ((fault.when ?? "before") !== when || !fits(fault.match, exchange)) continue;
      const { times = fault.lasts === undefined ? 1 : Number.POSITIVE_INFINITY } = fault;
      if (entry.seen++ < (fault.skip ?? 0) || entry.hits >= times || this.isOver(entry)) continue;
      entry.since ??= this.now();
      entry.hits++;
      matching.push(fault);
      if (fault.kind !== "delay" && fault.kind !== "stale") break;
    }
    return matching;
  }

  clear(): void {
    this.entries.clear();
  }

  private isOver({ fault: { lasts }, since }: Entry): boolean {
    return lasts !== undefined && since !== undefined && this.now() - since >= lasts;
  }
}

interface Entry {
  fault: Fault;
  /** Matching requests. */
  seen: number;
  hits: number;
  /** When it was first applied. */
  since: number | undefined;
}

function fits(match: FaultMatch | undefined, exchange: Exchange): boolean {
  if (match?.method !== undefined && match.method.toUpperCase() !== exchange.method) return false;
  if (match?.endpoint !== undefined && match.endpoint !== exchange.endpoint) return false;
  if (match?.path === undefined) return true;
  return typeof match.path === "string"
    ? match.path === exchange.path
    : exchange.path.search(match.path) >= 0;
}
