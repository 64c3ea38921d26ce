export type { Connection, OAuth2 } from "../provider/index.ts";
export * as redis from "./redis.ts";
