import assert from "node:assert/strict";
import { words } from "../../../doors/dynamic/words.ts";
import { advice, worded } from "../../../provider/core/data/advice.ts";

describe("what users do next", () => {
  it("is worded by the door", () => {
    assert.equal(worded(`the next ${advice.up} resumes it`, words), "the next pulumi up resumes it");
    assert.equal(worded(`the next ${advice.up} resumes it`), "the next run resumes it");
  });

  it("comes through whatever is put around it, values with quotes among it", () => {
    const text = `redis node 2: ${advice.configure("connections.redis.trustedHosts[0]", `a"b'c`)}; then ${advice.up}`;
    assert.equal(
      worded(text, words),
      `redis node 2: pulumi config set --path 'clusterops:connections.redis.trustedHosts[0]' a"b'c; then pulumi up`,
    );
  });
});
