import type { System } from "../core/connection/settings.ts";
import { readNodeHosts } from "./nodes-client.ts";

/** Redis Enterprise Software, REST API on port 9443. */
export const redis: System = {
  name: "redis",
  title: "Redis Enterprise Software",
  // Page "Refresh JWT": `Authorization: JWT <token>`, not Bearer.
  tokenScheme: "JWT",
  // Followers answer 307 with the leader's internal address, which the cluster itself lists.
  ownHosts: { path: "/v1/nodes", read: readNodeHosts },
};
