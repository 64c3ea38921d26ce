import assert from "node:assert/strict";
import { types } from "../../provider/index.ts";
import { atMostOnce } from "./at-most-once.ts";
import { aspireCases } from "./cases/aspire.ts";
import { factfinderCases } from "./cases/factfinder.ts";
import { redisCases } from "./cases/redis.ts";
import { tcfCases } from "./cases/tcf.ts";
import { checking } from "./checking.ts";
import { credentials } from "./credentials.ts";
import { deleting } from "./deleting.ts";
import { guarding } from "./guarding.ts";
import { joining } from "./joining.ts";
import { observing } from "./observing.ts";
import { previewing } from "./previewing.ts";
import type { ResourceCase, Suite } from "./resource-case.ts";
import { waiting } from "./waiting.ts";

/** Every resource type, and what the rules have to know of it. */
export const cases: readonly ResourceCase[] = [
  ...redisCases,
  ...tcfCases,
  ...factfinderCases,
  ...aspireCases,
];

/** The eleven rules of provider/README.md, for some resources behind some door. */
export function rules(suite: Suite): void {
  for (const rule of [
    observing,
    atMostOnce,
    joining,
    waiting,
    deleting,
    credentials,
    previewing,
    checking,
    guarding,
  ])
    rule(suite);
}

/** No resource escapes: each type has its case, and each case its type. */
export function everyTypeHasItsCase(): void {
  assert.deepEqual(cases.map(({ type }) => type).sort(), [...types].sort());
}
