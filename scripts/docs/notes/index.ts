import { aspire } from "./aspire.ts";
import { factfinder } from "./factfinder.ts";
import type { Notes } from "./notes.ts";
import { redis } from "./redis.ts";
import { tcf } from "./tcf.ts";

export const systems: readonly Notes[] = [redis, tcf, factfinder, aspire];
