import { Stack } from "../rules/stack.ts";
import type { Blow } from "./blow.ts";

/** Two stacks, in two sessions, want the same of one installation at the same moment. */
export const together: Blow = {
  name: "two stacks",
  when: "at once",
  async strike({ door, resource, connections, stack }) {
    const session = await door.open(resource.type, connections);
    const other = new Stack(session);
    other.state = structuredClone(stack.state);
    return {
      struck: true,
      others: [{ stack: other, session }],
      end() {},
      close: async () => session[Symbol.asyncDispose](),
    };
  },
};
