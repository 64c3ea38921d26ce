import { setTimeout as pause } from "node:timers/promises";
import { CheckFailed } from "../rules/stack.ts";
import type { Injection, StackOperations, User } from "./fault.ts";
import { attempt, type Intent } from "./operation.ts";

/** Longer than a preview's reads are shared. */
const previewCacheMs = 5_200;
/** How many times `up` may be repeated once the fault is over. */
export const retries = 4;

/** Attempts the operation until every stack has succeeded: the first time with the fault, then without it. */
export async function attemptAll(
  users: User[],
  intent: Intent,
  injection: Injection,
  afterFailure: () => Promise<void>,
): Promise<{ errors: unknown[]; attempts: number; isDone: boolean; isDecided: boolean }> {
  const errors: unknown[] = [];
  let pending = users;
  let isDecided = false;
  let attempts = 0;
  for (; attempts <= retries && pending.length > 0; attempts++) {
    const isFirst = attempts === 0;
    const [own, ...theirs] = pending;
    isDecided = attempts === retries && isForPerson(errors.at(-1));
    const begin = ({ stack }: User) => (isDecided ? replace(intent, stack) : attempt(intent, stack));
    const first = isFirst && injection.attempt ? injection.attempt() : own && begin(own);
    const results = await Promise.allSettled([first, ...theirs.map(begin)]);
    if (isFirst && results.some(({ status }) => status === "rejected")) await afterFailure();
    if (isFirst) await injection.end();
    pending = pending.filter((_, index) => results[index]?.status === "rejected");
    const failures = results
      .filter((result) => result.status === "rejected")
      .map(({ reason }) => reason as unknown);
    errors.push(...failures);
    // What a preview has read may serve it for some seconds; the next `up` is another process and reads anew.
    if (failures.some((failure) => failure instanceof CheckFailed)) await pause(previewCacheMs);
  }
  return { errors, attempts, isDone: pending.length === 0, isDecided };
}

/** What the server has lost, or only an endpoint knew that is gone, may have been carried out: a person decides to run it again. */
function isForPerson(error: unknown): boolean {
  return /is not sent again, as it may have been carried out|if this one is gone for good/.test(`${error}`);
}

/** `pulumi up --replace`. */
async function replace({ inputs }: Intent, stack: StackOperations): Promise<void> {
  await stack.destroy();
  await stack.up(inputs);
}
