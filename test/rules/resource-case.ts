import type { Connection } from "../../provider/index.ts";
import type { AuthOptions, Counts, FaultMatch, Simulator } from "../../simulators/index.ts";
import type { Door, Properties, Session, Settings } from "./door.ts";
import { Stack } from "./stack.ts";
import type { Tables } from "./tables.ts";

/** What the rules need to know of a resource type to test it. `R` is its installation. What a system does not have is left out. */
export interface ResourceCase<R extends Rig = Rig> {
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  kind: "state" | "run";
  /** Mutating requests that one intent costs; each has one effect. */
  costs: number;
  /** Which requests these are. */
  request: FaultMatch;
  /**
   * Whether a read shows afterwards that the request was carried out. Where none does, a lost answer leaves it open, and only the
   * next `up` sends again what is harmless twice.
   */
  leavesMark: boolean;
  /** Seconds after which a request whose answer was lost can no longer land, where that is long. */
  landsWithin?: number;
  /** Inputs changed in place, and the mutating requests that it takes; which these are, where not `request`. */
  change: { inputs: Properties; costs: number; request?: FaultMatch };
  /** Mutating requests of a delete. */
  deleteCosts: number;
  /** Which requests a delete costs. Default: `request`. */
  deleteRequest?: FaultMatch;
  /** Inputs that check refuses; `undefined` leaves one out. */
  bad: [inputs: Properties, property: string, reason: RegExp][];
  /** Its `connection` is not used: other inputs say how its clusters are reached. */
  ignoresConnection?: boolean;
  start(options: StartOptions): Promise<R>;
  /** Somebody else undoes it. Every state resource can drift. */
  drift?(rig: R): void;
  /** Mutating requests that repair the drift. Default: `costs`. */
  repairCosts?: number;
  /** Somebody else deletes what it stands for. */
  vanish?(rig: R): void;
  /** From now on the remote work does not end until the returned function is called. */
  hold?(rig: R): () => void;
  /** What progress says of held work, e.g. `running`. */
  heldAs?: RegExp;
  /** A cancel half way would leave the system worse than before: it takes some seconds to reach a safe state first. */
  isLedToSafety?: boolean;
  /** Somebody else has already started the same; it runs until the returned function is called. */
  startedByOther?(rig: R): () => void;
  /** Somebody else starts the same between our last read and our request, which is answered 409; it runs as above. */
  compete?(rig: R): Promise<() => void>;
  /** Why it cannot work, known from reads: the property and the reason that a preview refuses it with. */
  impossible?: { inputs?: Properties; property: string; reason: RegExp };
  /** Makes it impossible, where inputs alone do not. */
  obstruct?(rig: R): void;
}

export interface StartOptions {
  auth?: AuthOptions;
  /** Redis: a port for each node, of which only the leader's answers. */
  endpointPerNode?: boolean;
  /** Redis, FACT-Finder: how long the remote work takes, in milliseconds; default 60. */
  actionMs?: number;
  reloadMs?: number;
}

/** One installation, and inputs of one resource on it. */
export interface Rig {
  simulator: Simulator;
  /** The stack's config, by name. */
  connections: Record<string, Connection>;
  /** Good inputs. @param refer what to write for a connection: its name, or its settings */
  inputs(refer: (name: string) => string | Connection): Properties;
}

/** One resource type on a fresh installation, behind a door. */
export interface Harness {
  rig: Rig;
  simulator: Simulator;
  /** The stack's config, as the door has it. */
  connections: Record<string, Connection>;
  stack: Stack;
  session: Session;
  /** Good inputs with the connections by name. */
  good: Properties;
  /** The same with the connections written out. */
  inline: Properties;
  /** Requests that some work costs. */
  spent(work: () => Promise<unknown>): Promise<Counts>;
}

export interface HarnessOptions extends StartOptions {
  /** The stack's settings beside its connections. */
  under?: Settings;
  /** The name of the resource, where another session has to mean the same one. */
  named?: string;
  /** Added to every connection. */
  settings?: Partial<Connection> | ((connection: Connection) => Promise<Partial<Connection>>);
  /** Nothing listens at the endpoints: their ports are below those that are handed out, as a closed server's port may be reused. */
  nobodyAnswers?: boolean;
}

/** Starts an installation, runs the test on it, and stops it. */
export async function withHarness(
  door: Door,
  resource: ResourceCase,
  work: (harness: Harness) => Promise<void>,
  { settings = {}, nobodyAnswers, under, named, ...options }: HarnessOptions = {},
): Promise<void> {
  const rig = await resource.start(options);
  await using simulator = rig.simulator;
  const connections: Record<string, Connection> = {};
  for (const [index, [name, connection]] of Object.entries(rig.connections).entries()) {
    const added = typeof settings === "function" ? await settings(connection) : settings;
    const nowhere = nobodyAnswers && { endpoints: [`http://127.0.0.1:${index + 1}`] };
    connections[name] = { ...connection, ...added, ...nowhere };
  }
  await using session = await door.open(resource.type, connections, { settings: under, resource: named });
  const spent = async (work: () => Promise<unknown>) => {
    simulator.resetCounts();
    await work();
    return simulator.counts();
  };
  const good = rig.inputs((name) => name);
  const inline = rig.inputs((name) => connections[name] ?? name);
  await work({ rig, simulator, connections, session, stack: new Stack(session), good, inline, spent });
}

/** What the rules are tested on. */
export interface Suite {
  door: Door;
  /** The tables of this suite. */
  tables: Tables;
  cases: readonly ResourceCase[];
}

/** The failure of some work; it is an error for it to succeed. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    (value) => {
      throw new Error(`succeeded although it cannot: ${JSON.stringify(value)}`);
    },
    (error: Error) => error,
  );
}
