import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workIn } from "../../../cli/timeline/work.ts";
import { at, began, exported, failed, node, remembered, resource, unfinished, untimed } from "./stack.ts";

const works = (...resources: Parameters<typeof exported>) => workIn(exported(...resources)).works;
const seconds = (time: number) => began + time * 1_000;

describe("the work recorded in a stack", () => {
  it("is of a stack and a project", () => {
    const { stack, project } = workIn(exported(node(1, 0, 10)));
    assert.deepEqual([stack, project], ["prod", "shop"]);
  });

  it("is split into request, waits and verification", () => {
    const [work] = works(node(2, 0, 10));
    assert.deepEqual(work?.span?.phases, [
      { kind: "request", from: began, to: seconds(1) },
      { kind: "wait", what: "node 2 maintenance_on", from: seconds(1), to: seconds(9) },
      { kind: "verify", from: seconds(9), to: seconds(10) },
    ]);
  });

  it("is verified after the wait that ended last, whichever began last", () => {
    const waits = remembered([
      ["a", 1, 9],
      ["b", 2, 5],
    ]);
    const [work] = works(resource("x", { startedAt: at(0), finishedAt: at(10), ...waits }));
    assert.deepEqual(work?.span?.phases.at(-1), { kind: "verify", from: seconds(9), to: seconds(10) });
  });

  it("is the same whichever door has done it", () => {
    const [work] = works({ ...node(2, 0, 10), type: "clusterops:redis:NodeMaintenance" });
    assert.deepEqual([work?.type, work?.name], ["redis:NodeMaintenance", "node-2"]);
  });

  it("stands in order of its beginning, without what had nothing to do and what is not ours", () => {
    const idle = resource("idle", { inMaintenance: true });
    const foreign = { ...node(9, 0, 1), type: "aws:s3:Bucket" };
    assert.deepEqual(
      works(idle, untimed, node(2, 5, 1), foreign, node(1, 0, 10), node(3, 0, 10)).map(({ name }) => name),
      ["node-1", "node-3", "node-2", "prune-de"],
    );
  });

  it("is done, unfinished or failed: with the reasons that Pulumi keeps, else with what is remembered", () => {
    const bare = resource("bare", { startedAt: at(0), ...remembered([], { taskId: "1" }) });
    const shown = works(node(1, 0, 10), failed, unfinished, untimed, bare);
    assert.deepEqual(
      shown.map(({ name, state, reason }) => [name, state, reason]),
      [
        ["bare", "unfinished", "the next pulumi up resumes it"],
        ["node-1", "done", undefined],
        ["orders", "unfinished", unfinished.initErrors?.[0]],
        ["action-7", "failed", failed.initErrors?.[0]],
        ["prune-de", "failed", "the director answers 503"],
      ],
    );
  });

  it("that is unfinished ends where it was last seen", () => {
    assert.equal(works(unfinished)[0]?.span?.to, seconds(60));
  });

  it("is read as version 0.1.0 kept it", () => {
    const { startedAt, finishedAt, __memory } = node(2, 0, 10).outputs;
    const { waits } = __memory as { waits: unknown };
    const old = resource("node-2", { startedAt, finishedAt, __waits: waits });
    assert.deepEqual(works(old), works(node(2, 0, 10)));
    const open = resource("o", { startedAt, __waits: [], __unfinished: { taskId: "1" } });
    assert.equal(works(open)[0]?.state, "unfinished");
    const recorded = join(import.meta.dirname, "../../golden/0.1.0/unfinished/stack.json");
    const { works: old4 } = workIn(JSON.parse(readFileSync(recorded, "utf8")));
    assert.deepEqual(
      old4.map(({ state }) => state),
      ["unfinished", "unfinished", "unfinished", "unfinished"],
    );
    assert.ok(old4.every(({ reason }) => /not done within the timeout of 3s/.test(reason ?? "")));
  });

  it("is called by its whole name, double colons within it included", () => {
    const { urn, ...rest } = node(1, 0, 10);
    assert.equal(works({ ...rest, urn: urn.replace("node-1", "a::b") })[0]?.name, "a::b");
  });

  const strange: [what: string, outputs: Record<string, unknown>][] = [
    ["an encrypted memory", { __memory: { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:x" } }],
    ["a memory of another shape", { __memory: "text" }],
    [
      "waits that are none",
      { __memory: { v: 9, waits: [null, 1, { what: "x" }, { what: 1, from: 1, to: 2 }] } },
    ],
    ["an end before its beginning", { finishedAt: at(-9) }],
    ["times that are none", { finishedAt: { secret: true } }],
  ];
  for (const [what, outputs] of strange) {
    it(`takes ${what}`, () => {
      const [work] = works(resource("x", { startedAt: at(0), ...outputs }));
      assert.equal(work?.state, "done");
      assert.ok((work?.span?.to ?? 0) >= began);
    });
  }

  it("passes over what is no resource", () => {
    const urn = "urn:pulumi:dev::shop::clusterops:redis:NodeAction::act";
    const broken = [
      null,
      5,
      "x",
      {},
      { urn: 5, type: "t" },
      { urn, type: "t", outputs: null, initErrors: null },
    ];
    const wrong = [{ urn, type: "clusterops:redis:NodeAction", outputs: [], initErrors: 5 }];
    assert.deepEqual(workIn({ deployment: { resources: [...broken, ...wrong] } }).works, []);
  });

  for (const value of [
    null,
    1,
    [],
    {},
    { deployment: null },
    { deployment: 1 },
    { deployment: { resources: {} } },
    { deployment: { resources: "x" } },
  ]) {
    it(`is refused to be looked for in ${JSON.stringify(value)}`, () => {
      assert.throws(() => workIn(value), /not a stack export: run pulumi stack export/);
    });
  }
});
