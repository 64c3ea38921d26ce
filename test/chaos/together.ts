import { Stack } from "../rules/stack.ts";
import type { Blow } from "./blow.ts";
import { attempt } from "./operation.ts";

/** Two stacks, in two sessions, want the same of one installation at the same moment. */
export const together: Blow = {
  name: "two stacks",
  when: "at once",
  intents: 2,
  async strike({ door, resource, connections, stack }, intent) {
    const session = await door.open(resource.type, connections);
    const other = new Stack(session);
    other.state = structuredClone(stack.state);
    return {
      struck: true,
      async attempt() {
        const both = await Promise.allSettled([attempt(intent, stack), attempt(intent, other)]);
        for (const one of both) if (one.status === "rejected") throw one.reason;
      },
      end: async () => session[Symbol.asyncDispose](),
    };
  },
};
