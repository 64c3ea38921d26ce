import assert from "node:assert/strict";
import { oneLine } from "../../../provider/core/data/one-line.ts";

describe("a text as one line", () => {
  for (const [what, text, line] of [
    ["is the same where it is one", "node 2: größer (40 %)", "node 2: größer (40 %)"],
    ["has no line breaks", "busy\r\n::error::forged\n\n##[group]\u2028x", "busy ::error::forged ##[group] x"],
    ["has no tabs and page breaks", "a\tb\fc\vd", "a b c d"],
    ["has no colours", "\u001b[31;1mred\u001b[0m \u009b4mline", "red line"],
    ["moves no cursor", "ok\u001b[2K\u001b[1A\rforged", "ok forged"],
    ["sets no title", "a\u001b]0;title\u0007b\u001b]2;more\u001b\\c", "abc"],
    ["has no links", "\u001b]8;;https://evil.test\u0007here\u001b]8;;\u0007", "here"],
    ["resets no terminal", "a\u001bcb\u001b(0c", "abc"],
    ["rings no bell, and goes back nowhere", "a\u0007b\u0008c\u0000d\u007fe\u0085f", "abcde f"],
    ["turns no direction", "safe\u202egnp.exe\u2066\u2069\u200f", "safegnp.exe"],
    ["has nothing that nobody sees", "se\u200bcr\u00ade\u2060t\ufeff\u{e0041}", "secret"],
    ["has half a sequence cut off", "a\u001b[31", "a31"],
  ] as const) {
    it(what, () => assert.equal(oneLine(text), line));
  }

  it("takes a moment for a long text of nothing else", () => {
    assert.equal(oneLine("\u001b]".repeat(500_000)), "");
  });
});
