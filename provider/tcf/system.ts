import type { System } from "../core/connection/settings.ts";

/** Tarantool Clusters Federation: what roles.tcf-worker serves under /tcf/ on every instance of both clusters. */
export const tcf: System = { name: "tcf", title: "Tarantool Clusters Federation" };
