import assert from "node:assert/strict";
import type { FactFinderOptions, Fault } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { Tables } from "../rules/tables.ts";
import { incompletenessOf, syncOf, update, withHarness } from "./harness.ts";

const plain = { method: "POST", path: /\/de\/database\/sync$/ };
const full = { method: "POST", path: /\/database\/sync\/full$/ };

type Loss = [what: string, faults: Fault[], cost: { mutating: number; effects: number }];

describe("the answer to a sync that is lost", () => {
  const tables = new Tables(16);
  const deltas: Loss[] = [
    ["a reset before it was handled", [{ kind: "reset" }], { mutating: 2, effects: 1 }],
    ["a reset afterwards", [{ kind: "reset", when: "after" }], { mutating: 1, effects: 1 }],
    ["500 before", [{ kind: "status", status: 500 }], { mutating: 2, effects: 1 }],
    ["500 afterwards", [{ kind: "status", status: 500, when: "after" }], { mutating: 1, effects: 1 }],
    ["504 afterwards", [{ kind: "status", status: 504, when: "after" }], { mutating: 1, effects: 1 }],
    ["a hang afterwards", [{ kind: "hang", when: "after" }], { mutating: 1, effects: 1 }],
    ["an HTML page afterwards", [{ kind: "html", when: "after" }], { mutating: 1, effects: 1 }],
    ["half of an answer", [{ kind: "truncatedBody", when: "after" }], { mutating: 1, effects: 1 }],
    ["an empty answer", [{ kind: "emptyBody", when: "after" }], { mutating: 1, effects: 1 }],
  ];
  const reloads: Loss[] = [
    ["a reset before it was handled", [{ kind: "reset" }], { mutating: 2, effects: 1 }],
    ["a reset while the node reloads", [{ kind: "reset", when: "after" }], { mutating: 1, effects: 1 }],
    ["503 twice before", [{ kind: "status", status: 503, times: 2 }], { mutating: 3, effects: 1 }],
    [
      "504 while the node reloads",
      [{ kind: "status", status: 504, when: "after" }],
      { mutating: 1, effects: 1 },
    ],
    ["a hang while the node reloads", [{ kind: "hang", when: "after" }], { mutating: 1, effects: 1 }],
    ["an HTML page", [{ kind: "html", when: "after" }], { mutating: 1, effects: 1 }],
  ];
  const resources: [string, Properties][] = [
    ["DatabaseSync", syncOf(1)],
    ["NodeSync", { connection: "worker1", channels: ["de"], director: "director" }],
  ];
  const options: FactFinderOptions = { workers: 1, reload: "asynchronous", reloadMs: 1_000 };

  tables.each(
    deltas,
    ([what, , { mutating }]) => `of delta updates costs ${mutating} requests: ${what}`,
    ([, faults, cost]) =>
      withHarness(
        "DatabaseSync",
        options,
        async ({ ff, stack, ...harness }) => {
          ff.addDeltas("de", [update]);
          for (const fault of faults) ff.fault({ ...fault, match: plain });
          assert.deepEqual(await harness.cost(() => stack.up(syncOf(1))), cost);
          assert.ok(ff.worker(1).isInSync("de"));
        },
        { requestTimeout: "400ms" },
      ),
  );

  tables.each(
    resources.flatMap(([type, inputs]) => reloads.map((loss) => ({ type, inputs, loss }))),
    ({ type, loss: [what] }) => `of ${type}'s reload is not followed by a second reload: ${what}`,
    ({ type, inputs, loss: [, faults, spent] }) =>
      withHarness(
        type,
        options,
        async ({ ff, stack, cost }) => {
          ff.prune("de");
          for (const fault of faults) ff.fault({ ...fault, match: full });
          assert.deepEqual(await cost(() => stack.up(inputs)), spent);
          assert.ok(ff.worker(1).isInSync("de"));
        },
        { requestTimeout: "400ms" },
      ),
  );

  for (const [type, inputs] of resources) {
    const breaks: [what: string, faults: Fault[]][] = [
      [
        "a reset",
        [
          { kind: "delay", ms: 2_500, when: "after" },
          { kind: "reset", when: "after" },
        ],
      ],
      ["no answer in time", [{ kind: "hang", when: "after" }]],
    ];
    tables.each(
      breaks,
      ([what]) => `in the middle of ${type}'s long reload is waited for, not asked for again: ${what}`,
      ([, faults]) =>
        withHarness(
          type,
          { ...options, reloadMs: 8_000 },
          async ({ ff, stack, cost }) => {
            ff.prune("de");
            for (const fault of faults) ff.fault({ ...fault, match: full });
            assert.deepEqual(await cost(() => stack.up(inputs)), { mutating: 1, effects: 1 });
          },
          { requestTimeout: "3s" },
        ),
    );

    it(`to ${type}'s reload without effect is asked for again by the next up only`, () =>
      withHarness(
        type,
        options,
        async ({ ff, stack, cost }) => {
          ff.prune("de");
          ff.fault({ kind: "hang", match: full });
          const timeout = "1500ms";
          const first = await cost(() => incompletenessOf(stack.up({ ...inputs, timeout })));
          assert.deepEqual(first, { mutating: 1, effects: 0 });
          const second = await cost(() => stack.up({ ...inputs, timeout: "6s" }));
          assert.deepEqual(second, { mutating: 1, effects: 1 });
        },
        { requestTimeout: "400ms" },
      ));
  }

  it("of delta updates without effect is asked for again, in this up or the next", () =>
    withHarness(
      "DatabaseSync",
      options,
      async ({ ff, stack, cost }) => {
        ff.addDeltas("de", [update]);
        ff.fault({ kind: "hang", match: plain });
        const first = await cost(async () => {
          const { message } = await incompletenessOf(stack.up({ ...syncOf(1), timeout: "1s" }));
          assert.match(
            message,
            /worker1 \(databaseVersion 41, deltaVersion 7\): .*not done within the timeout/,
          );
        });
        assert.deepEqual(first, { mutating: 1, effects: 0 });
        assert.deepEqual(await cost(() => stack.up(syncOf(1))), { mutating: 1, effects: 1 });
        ff.addDeltas("de", [update]);
        ff.fault({ kind: "hang", match: plain });
        const inOne = await cost(() => stack.up({ ...syncOf(1), triggers: [1] }));
        assert.deepEqual(inOne, { mutating: 2, effects: 1 });
      },
      { requestTimeout: "400ms" },
    ));
});
