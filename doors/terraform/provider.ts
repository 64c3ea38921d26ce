import "../../runtime/require-node-for-command.ts";
import { main } from "./main.ts";

// What the launcher starts: `terraform/terraform-provider-clusterops`.
await main();
