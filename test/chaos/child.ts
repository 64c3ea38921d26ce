/**
 * Runs one operation on one resource in its own process, so that this can be killed or its clock changed: see process-faults.ts.
 * Reports the stack's state at the end.
 */
import { directDoor } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { attempt } from "./operation.ts";
import type { Task } from "./process-faults.ts";

const { type, connections, intent, state } = JSON.parse(process.argv[2] as string) as Task;

process.on("message", (milliseconds: number) => {
  const now = Date.now.bind(Date);
  Date.now = () => now() + milliseconds;
});
await using session = await directDoor.open(type, connections);
const stack = new Stack(session);
stack.state = state;
const error = await attempt(intent, stack).then(
  () => undefined,
  (reason: Error) => reason.message,
);
process.send?.({ state: stack.state, said: session.said, error });
process.disconnect();
