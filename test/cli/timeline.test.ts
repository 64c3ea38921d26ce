import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { barsOf } from "../../cli/timeline.ts";
import { timelinePage } from "../../cli/timeline-page.ts";

const began = Date.parse("2030-01-01T00:00:00Z");
const at = (seconds: number) => new Date(began + seconds * 1_000).toISOString();

function resource(name: string, outputs: Record<string, unknown>, type = "redis:NodeMaintenance") {
  return {
    urn: `urn:pulumi:dev::p::pulumi-nodejs:dynamic/clusterops/${type}::${name}`,
    type: `pulumi-nodejs:dynamic/clusterops/${type}`,
    outputs,
  };
}

const done = resource("node-2", {
  startedAt: at(0),
  finishedAt: at(10),
  __waits: [{ what: "node 2 maintenance_on", from: began + 1_000, to: began + 8_000 }],
});

const exported = (...resources: ReturnType<typeof resource>[]) => ({ deployment: { resources } });

describe("the timeline", () => {
  it("splits work into request, waits and verification", () => {
    const [bar] = barsOf(exported(done));
    assert.deepEqual(bar?.phases, [
      { kind: "request", from: began, to: began + 1_000 },
      { kind: "wait", what: "node 2 maintenance_on", from: began + 1_000, to: began + 8_000 },
      { kind: "verify", from: began + 8_000, to: began + 10_000 },
    ]);
  });

  it("orders by beginning and leaves out what had nothing to do, and what is not ours", () => {
    const idle = resource("idle", { inMaintenance: true });
    const later = resource("later", { startedAt: at(5), finishedAt: at(6) });
    const foreign = { ...done, type: "pulumi:pulumi:Stack" };
    assert.deepEqual(
      barsOf(exported(idle, later, foreign, done)).map(({ name }) => name),
      ["node-2", "later"],
    );
  });

  it("marks what failed with its reason, and ends an unfinished bar where it was last seen", () => {
    const failed = resource("bad", {
      startedAt: at(0),
      finishedAt: at(3),
      __unfinished: { failed: "insufficient_resources" },
    });
    const open = resource("open", {
      startedAt: at(0),
      __waits: [{ what: "x", from: began, to: began + 4_000 }],
      __unfinished: { taskId: "1" },
    });
    const [first, second] = barsOf(exported(failed, open));
    assert.equal(first?.trouble, "insufficient_resources");
    assert.match(second?.trouble ?? "", /resumes/);
    assert.equal(second?.to, began + 4_000);
  });

  it("reads what is remembered today as it reads what version 0.1.0 kept", () => {
    const { __waits: waits, ...rest } = done.outputs;
    const today = resource("node-2", { ...rest, __memory: { v: 1, waits } });
    assert.deepEqual(barsOf(exported(today)), barsOf(exported(done)));
    const open = resource("open", { startedAt: at(0), __memory: { v: 1, handle: { taskId: "1" } } });
    assert.match(barsOf(exported(open))[0]?.trouble ?? "", /resumes/);
  });

  it("is one page without scripts or anything loaded, and names are escaped", () => {
    const page = timelinePage(barsOf(exported(resource("<b>&", { startedAt: at(0), finishedAt: at(1) }))));
    assert.match(page, /&lt;b&gt;&amp;/);
    assert.doesNotMatch(page, /<b>|<script|src=|@import|<link/);
  });

  it("has a row for each of 200 resources", () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      resource(`node-${index}`, { startedAt: at(index), finishedAt: at(index + 2) }),
    );
    assert.equal(timelinePage(barsOf(exported(...many))).match(/<g>/g)?.length, 200);
  });

  it("is a page that says so when there was no work", () => {
    assert.match(timelinePage([]), /No work recorded/);
  });

  it("comes from standard input on standard output", () => {
    const page = execFileSync(process.execPath, ["cli/main.ts", "timeline"], {
      input: JSON.stringify(exported(done)),
      encoding: "utf8",
    });
    assert.match(page, /node-2/);
  });

  it("refuses what is not a stack export, with a message and code 2", () => {
    const { status, stderr } = spawnSync(process.execPath, ["cli/main.ts", "timeline"], {
      input: "{}",
      encoding: "utf8",
    });
    assert.equal(status, 2);
    assert.match(stderr, /pulumi stack export/);
  });
});
