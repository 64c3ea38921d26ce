import "../../runtime/require-node-for-command.ts";
import { main } from "./main.ts";

// What the launcher starts: `plugin/pulumi-resource-clusterops`.
await main();
