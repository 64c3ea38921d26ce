/** One `up` of one resource in a process of its own, so that it can be killed: see killed.ts. */
import { directDoor, type Properties } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";

const { type, connections, inputs } = JSON.parse(process.argv[2] as string) as {
  type: string;
  connections: Record<string, object>;
  inputs: Properties;
};
await new Stack(await directDoor.open(type, connections)).up(inputs);
