import type { ResolvedConnection } from "../connection/settings.ts";
import type { Query } from "./path.ts";
import type { TextKind } from "./redact.ts";

/** What a vendor's client asks of HTTP: one documented call. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "DELETE";
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
  /** True for a GET that changes something: it is then never repeated. Default: every method but GET changes something. */
  mutates?: boolean;
}

/** How a call is made. */
export interface CallOptions {
  signal: AbortSignal;
  /**
   * `once`: one try. `hasty`: reads are repeated once. `brief` (default): for some seconds. `patient`: until the signal ends it.
   */
  patience?: "once" | "hasty" | "brief" | "patient";
  /** Told of each try that failed and will be repeated. */
  onTrouble?: (error: Error) => void;
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
  call(call: Call, options: CallOptions): Promise<Answer>;
  /** A reading call whose answer may be as old as `maxAge` milliseconds: for previews, which ask the same of many resources. */
  recall(call: Call, options: CallOptions, maxAge: number): Promise<Answer>;
  /** Blanks this connection's credentials out of a text. */
  redact(text: string, kind?: TextKind): string;
}

/** Whether a call may change something at the installation. */
export function mutates({ mutates, method }: Call): boolean {
  return mutates ?? method !== "GET";
}
