import assert from "node:assert/strict";
import { memoryKey } from "../../doors/shared/update.ts";
import { Tables } from "../rules/tables.ts";
import { urnOf } from "../simulation/engine/state.ts";
import { asOf010 } from "../simulation/engine/version-0-1-0.ts";
import type { Case } from "./cases/case.ts";
import { cases, record } from "./recording.ts";
import { type Properties, readStates } from "./states.ts";

/*
 * The simulation upgrades from states of 0.1.0 that it makes of today's. Each recorded state of that release is made once more, by today's
 * code and then as the simulation does, and has to be of the same shape: the same keys, with values of the same kinds.
 */

const recorded = readStates("0.1.0").flatMap(({ type, states }) =>
  states.map((state) => ({ ...state, type })),
);

/** What a program may not say any more. */
const refusedSince = [
  "aspire:CrawlFailure, finished",
  "tcf:ClusterRole, unfinished: promote is under way, by id",
];

const titleOf = ({ type, name }: Pick<Case, "type" | "name">) => `${type}, ${name}`;
const isRefused = (each: Case) => refusedSince.includes(titleOf(each));

/** What comes of the case today, as the simulation takes it for recorded by 0.1.0. */
async function made(each: Case): Promise<{ id: string; inputs: Properties; outputs: Properties }> {
  const { id, inputs, outputs } = await record(each);
  const { __unfinished: handle, __waits: waits, __more: more, ...others } = outputs;
  const memory = { v: 1, ...(handle !== undefined && { handle }), ...(waits !== undefined && { waits }) };
  return asOf010({
    urn: urnOf("dev", each.type, "resource"),
    name: "resource",
    type: each.type,
    id,
    inputs,
    outputs: { ...others, [memoryKey]: { ...memory, ...(more as object) } },
    dependsOn: [],
    isUnready: false,
    isTainted: false,
  });
}

/** Keys, and kinds of values. Of a list, the kinds of its elements. */
function shapeOf(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  if (Array.isArray(value)) return "list";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}

describe("what the simulation takes for a state of 0.1.0", function () {
  this.timeout(60_000);
  const tables = new Tables(8);

  it("stands for each recorded one", () => {
    assert.deepEqual(cases.map(titleOf).sort(), recorded.map(titleOf).sort());
  });

  describe("has the shape of the recorded one", () => {
    const rows = cases.filter((each) => !isRefused(each));
    tables.each(rows, titleOf, async (each) => {
      const { id, inputs, outputs } = await made(each);
      const was = recorded.find((it) => titleOf(it) === titleOf(each));
      assert.deepEqual(
        { id, inputs: shapeOf(inputs), outputs: shapeOf(outputs) },
        { id: was?.id, inputs: shapeOf(was?.inputs), outputs: shapeOf(was?.outputs) },
      );
    });
  });

  describe("is not made where the program is refused today", () => {
    tables.each(cases.filter(isRefused), titleOf, (each) => assert.rejects(record(each), /"property":/));
  });
});
