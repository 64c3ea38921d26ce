import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { type Connection, Session as Process } from "../../provider/index.ts";
import { longestMiss } from "../../provider/redis/action/handle.ts";
import { healthPatience } from "../../provider/redis/health.ts";
import { reportLag } from "../../provider/redis/verify.ts";
import {
  type Fault,
  type FaultMatch,
  type RedisNode,
  type RedisOptions,
  type RedisSimulator,
  startRedis,
} from "../../simulators/index.ts";
import { directDoor, type Properties, type Session } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";

/** One user's program with one resource, on a cluster. */
export interface User {
  stack: Stack;
  session: Session;
  said: Session["said"];
}

/** A cluster of three nodes, and whoever works on it. */
export interface Harness extends User {
  redis: RedisSimulator;
  /** Node 2, which most cases are about. */
  node: RedisNode;
  /** Another resource of the same program, with a pool of connections of its own. */
  another(type?: string, connection?: Partial<Connection>): Promise<User>;
  /** Somebody else's program, in a process of its own. */
  elsewhere(type?: string, connection?: Partial<Connection>): Promise<User>;
  /** Holds that some work costs so many mutating requests. */
  costing(mutating: number, work: () => Promise<unknown>): Promise<void>;
}

/** What a resource does in one situation. */
export interface Case {
  /** A sentence about the resource. */
  it: string;
  /** All mutating requests that it may cost, whoever sends them. Absent: as many as the cluster turns away. */
  mutating?: number;
  /** How many requests have an effect. Default: all of them. */
  effects?: number;
  /** How the cluster is. */
  cluster?: RedisOptions;
  /** Added to the connection. */
  connection?: Partial<Connection>;
  run(harness: Harness): Promise<void>;
}

// What is amiss for good need not be watched for as long as a live cluster's reports may lag.
reportLag.milliseconds = 400;
healthPatience.milliseconds = 2_000;
longestMiss.milliseconds = 5_000;

const tables = new Tables(40);

/** Runs the cases of one resource type, several at the same time, each on a cluster of its own. */
export function behaviour(type: string, cases: readonly Case[]): void {
  tables.each(
    cases,
    ({ it, mutating }) => (mutating === undefined ? it : `${it} [${mutating} mutating]`),
    (each) => runCase(type, each),
  );
}

async function runCase(type: string, each: Case): Promise<void> {
  await using redis = await startRedis({ actionMs: 100, ...each.cluster });
  let users = 0;
  const open = async (theirs: string, connection: Partial<Connection>, process: Process): Promise<User> => {
    const user = String(++users);
    const headers = { "x-user": user };
    const settings = { endpoints: redis.endpoints, headers, ...each.connection, ...connection };
    const session = await directDoor.open(theirs, { redis: settings }, { process, resource: user });
    return { session, stack: new Stack(session), said: session.said };
  };
  const own = new Process();
  const another: Harness["another"] = (theirs = type, connection = {}) => open(theirs, connection, own);
  const elsewhere: Harness["another"] = (theirs = type, connection = {}) =>
    open(theirs, connection, new Process());
  const costing = async (mutating: number, work: () => Promise<unknown>) => {
    const before = redis.requests.length;
    await work();
    const sent = redis.requests.slice(before).filter((request) => request.mutating);
    assert.equal(sent.length, mutating, sent.map(({ method, path }) => `${method} ${path}`).join(", "));
  };
  await each.run({ ...(await another()), redis, node: redis.node(2), another, elsewhere, costing });
  const { mutating, effects } = redis.counts();
  const allowed = { mutating: each.mutating ?? mutating, effects: each.effects ?? each.mutating ?? effects };
  assert.deepEqual({ mutating, effects }, allowed);
}

/** The requests that start an action. */
export function post(action: string, nodeUid = 2): FaultMatch {
  return { method: "POST", path: `/v1/nodes/${nodeUid}/actions/${action}` };
}

/** The requests that read one action. */
export function get(action: string, nodeUid = 2): FaultMatch {
  return { method: "GET", path: `/v1/nodes/${nodeUid}/actions/${action}` };
}

/** The bodies of the requests that started an action, in order. */
export function bodies(redis: RedisSimulator, action: string, nodeUid = 2): unknown[] {
  const { path } = post(action, nodeUid);
  return redis.requests.filter((it) => it.method === "POST" && it.path === path).map(({ body }) => body);
}

/** Resolves once it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const started = performance.now();
  while (!isSo()) {
    assert.ok(performance.now() - started < 15_000, `never so: ${isSo}`);
    await pause(5);
  }
}

/** Resolves once an operation that has just been started says what it waits for. */
export async function waiting({ said }: User): Promise<void> {
  const told = said.progress.length;
  await until(() => said.progress.length > told);
}

/** Resolves once the wait for an action has looked so many times since it was started. */
export async function looks(redis: RedisSimulator, count: number): Promise<void> {
  await until(() => {
    const started = redis.requests.findIndex(({ method, status }) => method === "POST" && status === 200);
    if (started < 0) return false;
    return redis.requests.slice(started).filter(({ path }) => path === "/v1/nodes/actions").length >= count;
  });
}

/** What was recorded of something that is not ready. */
export async function incomplete(work: Promise<unknown>, why: RegExp): Promise<Properties> {
  const error = await failure(work, why);
  assert.ok(error instanceof Incomplete, `not recorded: ${error}`);
  return error.outputs;
}

/** The failure of some work that leaves nothing to record. */
export async function refused(work: Promise<unknown>, why: RegExp): Promise<void> {
  const error = await failure(work, why);
  assert.ok(!(error instanceof Incomplete), `recorded: ${error}`);
}

async function failure(work: Promise<unknown>, why: RegExp): Promise<Error> {
  const error = await work.then(
    () => assert.fail("succeeded"),
    (reason: Error) => reason,
  );
  assert.match(error.message, why);
  return error;
}

/** The recorded outputs. */
export function outputs({ stack }: User): Properties {
  assert.ok(stack.state, "nothing is recorded");
  return stack.state.outputs;
}

/** The health says of every node, from now on or so many times, whether it is in maintenance. */
export function healthSays(
  redis: RedisSimulator,
  isIn: (uid: number) => boolean,
  times = Number.POSITIVE_INFINITY,
) {
  const value = { nodes: [1, 2, 3].map((id) => ({ id: String(id), in_maintenance: isIn(id) })) };
  return redis.fault({ kind: "wrongType", value, match: { path: "/v4/cluster/health" }, times });
}

/** Something strikes every request that fits, for so long. */
export function faultFor(redis: RedisSimulator, milliseconds: number, fault: Fault): void {
  const set = redis.fault({ times: Number.POSITIVE_INFINITY, ...fault });
  setTimeout(() => set.remove(), milliseconds).unref();
}

/** Does something right after the first such look was answered, or after one that comes so many later, and only once. */
export function after(redis: RedisSimulator, path: string, work: () => unknown, skip = 0): void {
  let left = skip;
  const stop = redis.watch((request) => {
    if (request.method !== "GET" || request.path !== path || left-- > 0) return;
    stop();
    work();
  });
}
