import assert from "node:assert/strict";
import { timelineOf } from "../../../cli/timeline/command.ts";
import { began, exported, failed, node, resource, unfinished, untimed } from "../timeline/stack.ts";

const seconds = (time: number) => began + time * 1_000;
const shown = (lines: string[]) => lines.map((line) => /(\S+) +\w+:/.exec(line)?.[1]);

describe("the timeline of a rehearsal", () => {
  const state = JSON.stringify(exported(node(1, 0, 10), node(2, 30, 10), failed));

  it("shows what this up has done, and nothing that an earlier one of the real stack did", () => {
    const { page, lines } = timelineOf(state, seconds(30));
    assert.deepEqual(shown(lines), ["node-2", "action-7"]);
    assert.doesNotMatch(page, /node-1/);
    assert.match(page, /node-2/);
  });

  it("shows of resumed work what has happened since", () => {
    const { lines, page } = timelineOf(JSON.stringify(exported(node(1, 0, 10), unfinished)), seconds(50));
    assert.deepEqual(shown(lines), ["orders"]);
    const whole = timelineOf(JSON.stringify(exported(unfinished)), 0).page;
    assert.match(page, /10s/);
    assert.match(whole, /20s/);
  });

  it("shows what has failed without a time on record, and leaves out what is only on record as overridden", () => {
    const before = resource("node-9", { overridden: "INC-4711 primary DC down" });
    const { page } = timelineOf(JSON.stringify(exported(before, untimed)), seconds(0));
    assert.match(page, /prune-de/);
    assert.doesNotMatch(page, /node-9/);
  });

  it("is empty where this up had nothing to do", () => {
    assert.deepEqual(timelineOf(state, seconds(1_000)).lines, []);
  });
});
