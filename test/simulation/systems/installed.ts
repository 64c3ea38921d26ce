import type { Connection } from "../../../provider/index.ts";
import type { AuthOptions, Clock, Network, Simulator, SimulatorOptions } from "../../../simulators/index.ts";
import { password, secret, token, user } from "../canaries.ts";
import type { Declaration, Edit, SystemChoice } from "../story.ts";
import type { Random } from "../world/random.ts";

/** An installation in the world. */
export interface Installed {
  simulator: Simulator;
  /** `clusterops:connections` that lead to it. */
  connections: Record<string, Connection>;
  /** What is so, in a few words of plain data. */
  truth(): unknown;
  /** What somebody else may do, by name. */
  acts: Record<string, (which: number) => void>;
  /** In how many milliseconds they do it, where not at once. */
  delays?: Record<string, (which: number) => number>;
  /** Nothing is down, held or planned any more. */
  calm(): void;
}

/** What a story may have of a system. */
export interface SystemModel {
  options(random: Random): SystemChoice["options"];
  auths: readonly SystemChoice["auth"][];
  acts: readonly string[];
  /** Resources that somebody may declare together. @param side which of two stacks */
  program(random: Random, choice: SystemChoice, side: number): Declaration[];
  /** What may be edited in a resource. */
  edit(random: Random, declaration: Declaration): Edit | undefined;
  open(choice: SystemChoice, surroundings: Surroundings): Promise<Installed>;
}

export interface Surroundings {
  clock: Clock;
  network(addressOf: (endpoint: string) => string): Network;
  seed: number;
}

export function sharedOptions(
  { auth }: SystemChoice,
  { clock, seed }: Surroundings,
): Pick<SimulatorOptions, "auth" | "clock" | "seed"> {
  const auths: Record<SystemChoice["auth"], AuthOptions | undefined> = {
    none: undefined,
    basic: { users: [{ username: user, password }] },
    token: { tokens: [{ token }] },
    oauth2: { oauth2: { clients: [{ clientId: "planted", clientSecret: secret }], expiresInMs: 60_000 } },
  };
  return { auth: auths[auth], clock, seed };
}

/** The credentials of a connection. @param tokenUrl where tokens are to be had */
export function credentials({ auth, requestTimeout }: SystemChoice, tokenUrl: string): Connection {
  const common = { requestTimeout: `${requestTimeout}ms` };
  switch (auth) {
    case "basic":
      return { ...common, username: user, password };
    case "token":
      return { ...common, token };
    case "oauth2":
      return { ...common, oauth2: { tokenUrl, clientId: "planted", clientSecret: secret } };
    default:
      return common;
  }
}

export const timeouts: readonly string[] = ["10s", "10s", "20s", "20s", "60s", "3m"];

/** Another value for `triggers`. */
export function triggered(random: Random): { triggers: unknown[] } {
  return { triggers: [random.int(1, 1_000_000)] };
}
