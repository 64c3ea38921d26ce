import type { SystemChoice } from "../story.ts";
import { aspire } from "./aspire.ts";
import { factfinder } from "./factfinder.ts";
import type { SystemModel } from "./installed.ts";
import { redis } from "./redis.ts";
import { tcf } from "./tcf.ts";

export const models: Record<SystemChoice["system"], SystemModel> = { redis, tcf, factfinder, aspire };
