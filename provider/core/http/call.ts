import type { ResolvedConnection } from "../connection/settings.ts";
import type { Activity } from "../data/activity.ts";
import type { Query } from "./path.ts";
import type { Permit } from "./permit.ts";
import type { TextKind } from "./redact.ts";

interface CallShape {
  /** Built with the `path` tag, so that ids are encoded. */
  path: string;
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  /** How the body of a good answer is read: as JSON, as text, or (`any`) as JSON when it is, else as text. Default: any. */
  expect?: "json" | "text" | "any";
  /** Statuses beside 2xx that are values of this call, not failures. */
  values?: readonly number[];
  /** Statuses by which an endpoint says that it is not the one to ask, and has done nothing: the next one is asked. */
  elsewhere?: readonly number[];
  /** The vendor's role or permission for it, for 401 and 403. */
  needs?: string;
}

/** A call that only reads. */
export interface ReadingCall extends CallShape {
  method: "GET";
  mutates?: false;
}

/** A call that may change something at the installation: a GET may, too. It is never repeated by HTTP. */
export interface MutatingCall extends CallShape {
  method: "GET" | "POST" | "PUT" | "DELETE";
  mutates: true;
}

/** What a vendor's client asks of HTTP: one documented call. */
export type Call = ReadingCall | MutatingCall;

/** What has to be known of a mutating call before it is sent (work/once.ts): a row beside each function of a client. */
export interface Effects {
  /**
   * What a second one does where the first was carried out. `harmless`: nothing more, since the call says what shall be so (promote,
   * sync, release). `never`: it must not be sent again (prune, a node action).
   */
  repeat: "harmless" | "never";
  /**
   * How long, in milliseconds after its answer has failed to come, the request may still take effect. Where nothing at all came within
   * the time for a request, that time is added.
   */
  mayLandWithin: number;
}

/** How a call is made. */
export interface CallOptions {
  signal: AbortSignal;
  /**
   * `once`: one try. `hasty`: reads are repeated once. `brief` (default): for some seconds. `patient`: until the signal ends it.
   */
  patience?: "once" | "hasty" | "brief" | "patient";
  /**
   * Only a look ahead, for a plan: an endpoint that has been silent is not asked, and no other one waited for as long as an operation
   * would. Default: false.
   */
  isAhead?: boolean;
  /** Only this one of the connection's endpoints is asked: what another tells may be another node's. Default: each in turn. */
  endpoint?: string;
  /** Told of each try that failed and will be repeated, and of one that nobody had answered when the time ran out. */
  onTrouble?: (error: Error) => void;
  /** What its requests are a part of; a mutating one is a part of its permit's. */
  activity?: Activity;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** Where it came from, after redirects. */
  url: string;
}

/** One connection's way to its installation. The only layer that repeats a request (provider/README.md, rule 2). */
export interface Http {
  readonly connection: ResolvedConnection;
  call(call: ReadingCall, options: CallOptions): Promise<Answer>;
  /** Sends a call that may change something, as far as the permit goes. */
  send(call: MutatingCall, permit: Permit, options: CallOptions): Promise<Answer>;
  /** A reading call whose answer may be as old as `maxAge` milliseconds: for previews, which ask the same of many resources. */
  recall(call: ReadingCall, options: CallOptions, maxAge: number): Promise<Answer>;
  /** Blanks this connection's credentials out of a text. */
  redact(text: string, kind?: TextKind): string;
}
