import "../runtime/require-node.ts";

export type { Connection, OAuth2 } from "../provider/index.ts";
export * as aspire from "./aspire.ts";
export * as factfinder from "./factfinder.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export * as redis from "./redis.ts";
export * as tcf from "./tcf.ts";
