import assert from "node:assert/strict";
import { timelineLines } from "../../../cli/timeline/lines.ts";
import { workIn } from "../../../cli/timeline/work.ts";
import { exported, node, unfinished } from "./stack.ts";

describe("a timeline in a terminal", () => {
  it("has a bar for each piece of work, where it was and as long as it was", () => {
    const { works } = workIn(exported(node(1, 0, 10), node(2, 5, 10)));
    assert.deepEqual(timelineLines(works), [
      "################             10s  node-1  redis:NodeMaintenance",
      "        ################     10s  node-2  redis:NodeMaintenance",
    ]);
  });

  it("says what is not done, and why; of nothing it says nothing", () => {
    const { works } = workIn(exported(unfinished));
    assert.match(timelineLines(works).join("\n"), /unfinished: /);
    assert.deepEqual(timelineLines([]), []);
  });
});
