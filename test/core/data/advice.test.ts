import assert from "node:assert/strict";
import { words } from "../../../doors/shared/words.ts";
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

  for (const [what, text, expected] of [
    ["a server's private characters", "\u{E000}broken\u{E001} pipe", "broken pipe"],
    ["one that does not end", "icon \u{E000} of a server", "icon  of a server"],
    ["a mark that begins in a server's", `\u{E000}x ${advice.up}`, "x pulumi up"],
    ["a word that was blanked", advice.forget.replace("forget", "[redacted]"), '["[redacted]"]'],
    ["what every object has", advice.up.replace("up", "toString"), '["toString"]'],
  ] as const)
    it(`loses no message for ${what}`, () => assert.equal(worded(text, words), expected));
});
