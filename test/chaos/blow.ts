import type { Connection } from "../../provider/index.ts";
import type { FaultMatch } from "../../simulators/index.ts";
import type { Door, Session } from "../rules/door.ts";
import type { ResourceCase, Scene } from "../rules/resource-case.ts";
import type { Stack } from "../rules/stack.ts";
import type { Intent, Operation } from "./operation.ts";
import type { Relay } from "./relay.ts";

/** One row of the matrix: what breaks, and when it strikes. */
export interface Blow {
  /** E.g. `503 with Retry-After`. */
  name: string;
  /** E.g. `before the request is handled`. */
  when: string;
  /** What the installation has to have for it; default: nothing special. */
  needs?: Need;
  /** Mutating requests that there have to be for it to strike. Default 0. */
  requests?: number;
  /** Which resources it can befall, at which operation. Default: all. */
  fits?(resource: ResourceCase, operation: Operation): boolean;
  /** The server itself loses what it was doing: asking for that again is no duplicate. */
  loses?: boolean;
  /** The answer may well be true: a refresh records it, and the next one finds what is so. */
  deceives?(resource: ResourceCase): boolean;
  /** By its meaning nothing was done, and sending again is right: where the system shows no mark, a lie of that kind is believed. */
  turnsAway?: boolean;
  /** It makes by itself what this resource wants: less is then left to do. */
  fulfils?(resource: ResourceCase): boolean;
  /** Sets it off, or lies in wait. */
  strike(battle: Battle, intent: Intent): Strike | Promise<Strike>;
}

/** `relays`: two addresses for each connection; `oauth2`: access tokens; `leader`: an endpoint for each node. */
export type Need = "relays" | "oauth2" | "leader";

export interface Strike {
  /** Whether it has hit anything. */
  readonly struck: boolean;
  /** The trouble is over. */
  end(): void | Promise<void>;
  /** The first attempt, where it is not made as usual. */
  attempt?(): Promise<void>;
  /** All is over. */
  close?(): Promise<void>;
  /** Further stacks that want the same, and have to get it. */
  others?: Witness[];
}

/** A stack, in this process or on the CLI. */
export type Steps = Pick<Stack, "state" | "up" | "refresh" | "destroy">;

/** A stack, and what its user was told. */
export interface Witness {
  stack: Steps;
  session: Pick<Session, "said" | "cancel">;
}

export interface Battle extends Omit<Scene, "stack" | "session"> {
  stack: Steps;
  session: Witness["session"];
  resource: ResourceCase;
  /** The mutating requests of the operation. */
  request: FaultMatch;
  door: Door;
  /** The two addresses of each connection; empty unless needed. */
  relays: Relay[][];
}

/** The password of every connection in the matrix; it must not come to light, whoever repeats it. */
export const planted = "planted-S3CRET-4711";

/** Who asks, on a connection of the matrix. */
export function credentialsFor(need: Need | undefined, connection: Connection): Partial<Connection> {
  if (need !== "oauth2") return { username: "ops", password: planted };
  const tokenUrl = `${connection.endpoints?.[0]}/oauth/token`;
  return { oauth2: { tokenUrl, clientId: "ops", clientSecret: planted } };
}

export const tokensOnly = {
  basic: false,
  oauth2: { clients: [{ clientId: "ops", clientSecret: planted }] },
};
