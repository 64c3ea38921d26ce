import { Stack } from "../rules/stack.ts";
import type { Fault } from "./fault.ts";

/** Two stacks, in two sessions, run the same operation on one installation at the same time. */
export const twoStacks: Fault = {
  name: "two stacks",
  when: "at once",
  async inject({ door, resource, connections, stack }) {
    const session = await door.open(resource.type, connections);
    const other = new Stack(session);
    other.state = structuredClone(stack.state);
    return {
      injected: true,
      others: [{ stack: other, session }],
      end() {},
      close: async () => session[Symbol.asyncDispose](),
    };
  },
};
