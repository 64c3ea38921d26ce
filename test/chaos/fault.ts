import type { Connection } from "../../provider/index.ts";
import type { FaultHandle, FaultMatch } from "../../simulators/index.ts";
import type { Door, Session } from "../rules/door.ts";
import type { Harness, ResourceCase } from "../rules/resource-case.ts";
import type { Stack } from "../rules/stack.ts";
import type { Intent, Operation } from "./operation.ts";
import type { Relay } from "./relay.ts";

/** One row of the matrix: what breaks, and when it is injected. */
export interface Fault {
  /** E.g. `503 with Retry-After`. */
  name: string;
  /** E.g. `before the request is handled`. */
  when: string;
  /** What the installation has to have for it; default: nothing special. */
  needs?: Need;
  /** Mutating requests that the operation must send for it to be injected. Default 0. */
  requests?: number;
  /** Which resources it applies to, in which operation. Default: all. */
  fits?(resource: ResourceCase, operation: Operation): boolean;
  /** The server itself loses the work it was doing: a second request for it is no duplicate. */
  losesWork?: boolean;
  /** The user asks for the work once more. */
  asksAgain?: boolean;
  /** The wrong answer reads as a valid one: a refresh may record it, and the next refresh corrects it. */
  isPlausible?(resource: ResourceCase): boolean;
  /** It brings about by itself what this resource declares: fewer effects are then left to have. */
  satisfies?(resource: ResourceCase): boolean;
  /** Injects it at once, or arms it for its moment. */
  inject(harness: FaultHarness, intent: Intent): Injection | Promise<Injection>;
}

/** `relays`: two addresses for each connection; `oauth2`: access tokens; `leader`: an endpoint for each node. */
export type Need = "relays" | "oauth2" | "leader";

/** One fault in one run. */
export interface Injection {
  /** Whether it took place: an armed fault may never meet its moment. */
  readonly injected: boolean;
  /** Ends the fault. */
  end(): void | Promise<void>;
  /** Makes the first attempt, where the fault needs another way to make it. */
  attempt?(): Promise<void>;
  /** Releases what it holds, at the end of the scenario. */
  close?(): Promise<void>;
  /** Other stacks with the same inputs, which have to succeed as well. */
  others?: User[];
}

/** Of a fault that the simulator was told: it took place once it has hit a request. */
export function injectionOf(fault: FaultHandle): Injection {
  return {
    get injected() {
      return fault.hits > 0;
    },
    end: () => fault.remove(),
  };
}

/** A stack, in this process or on the CLI. */
export type StackOperations = Pick<Stack, "state" | "up" | "refresh" | "destroy">;

/** A stack, and the messages that its user got. */
export interface User {
  stack: StackOperations;
  session: Pick<Session, "said" | "cancel">;
}

/** The harness of the rules, with what faults are injected into. */
export interface FaultHarness extends Omit<Harness, "stack" | "session"> {
  stack: StackOperations;
  session: User["session"];
  resource: ResourceCase;
  /** The mutating requests of the operation. */
  request: FaultMatch;
  door: Door;
  /** The two addresses of each connection; empty unless needed. */
  relays: Relay[][];
}

/** The password of every connection in the matrix: it must not appear in state, messages or errors, even if a server repeats it. */
export const canary = "canary-S3CRET-4711";

/** The credentials of a connection in the matrix. */
export function credentialsFor(need: Need | undefined, connection: Connection): Partial<Connection> {
  if (need !== "oauth2") return { username: "ops", password: canary };
  const tokenUrl = `${connection.endpoints?.[0]}/oauth/token`;
  return { oauth2: { tokenUrl, clientId: "ops", clientSecret: canary } };
}

export const tokensOnly = {
  basic: false,
  oauth2: { clients: [{ clientId: "ops", clientSecret: canary }] },
};
