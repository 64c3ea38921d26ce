import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { timelinePage } from "../../../cli/timeline/page.ts";
import { workIn } from "../../../cli/timeline/work.ts";
import { Zone } from "../../../cli/timeline/zone.ts";
import { at, exported, failed, node, remembered, resource, unfinished, untimed } from "./stack.ts";

const golden = join(import.meta.dirname, "timeline.golden.html");
const week = 7 * 86_400;

function page(...resources: Parameters<typeof exported>): string {
  return timelinePage({ ...workIn(exported(...resources)), zone: new Zone("Europe/Berlin") });
}

/** What is to be read without a pointer: no titles, no attributes. */
function visible(html: string): string {
  return html
    .replace(/<style>.*?<\/style>|<title>.*?<\/title>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

describe("the page of the timeline", () => {
  const all = [node(1, 0, 20), node(2, 21, 20), failed, unfinished, untimed, node(3, week, 40)];

  it("is the same for the same stack, to the letter (UPDATE_GOLDEN=1 records it anew)", () => {
    const made = page(...all);
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, made);
    assert.equal(made, readFileSync(golden, "utf8"));
    assert.equal(made, page(...all.toReversed()));
  });

  it("says when, where and what without a pointer, and so on paper", () => {
    const text = visible(page(...all));
    for (const said of [
      "Timeline of prod (shop)",
      "2030-01-01 23:00:03 – 2030-01-08 23:00:43 Europe/Berlin (UTC+01:00), 7d. 5 resources: 3 done, 1 unfinished, 1 failed.",
      "node-1 redis:NodeMaintenance",
      "23:00:03 – 23:00:23 2030-01-01, 20s done",
      "request 2.0s · wait 16s for node 1 maintenance_on (23:00:05 – 23:00:21) · verify 2.0s",
      "23:00:43 – ? 2030-01-01, not ended ▸ unfinished promote cluster_2: not done within the timeout of 5m; the next pulumi up resumes it",
      "23:01:13 – 23:01:38 2030-01-01, 25s ✖ failed redis node 7: enslave_node failed: insufficient_resources (task 38c7, after 25s)",
      "2030-01-08 23:00:03 7d Began and ended",
      "cut out: nothing began or ended for as long as is written there",
      "When is not on record prune-de factfinder:DatabasePrune the director answers 503 ✖ failed",
    ])
      assert.ok(text.includes(said), `${said}\n\n${text}`);
  });

  it("says for what reason guards were overridden, also where no time is on record", () => {
    const reason = { overridden: "INC-4711 <primary> down" };
    const timed = resource("a", { startedAt: at(0), finishedAt: at(9), ...reason });
    const text = visible(page(timed, resource("b", reason)));
    assert.equal(text.split("guards overridden: INC-4711 &lt;primary&gt; down").length, 3, text);
  });

  it("explains only what it shows", () => {
    const text = visible(page(node(1, 0, 20)));
    assert.doesNotMatch(text, /cut out|unfinished|failed/);
    assert.match(text, /1 resource: 1 done\./);
  });

  it("dates a wait of another day than its work began on", () => {
    const resumed = resource("r", {
      startedAt: at(0),
      finishedAt: at(week + 60),
      ...remembered([["w", week, week + 50]]),
    });
    assert.match(visible(page(resumed)), /for w \(2030-01-08 23:00:03 – 23:00:53\)/);
  });

  it("is a page without scripts, in which nothing is loaded and all text is text", () => {
    const evil = `<script>alert(1)</script>"'&`;
    const bad = resource(
      evil,
      { startedAt: at(0), finishedAt: at(9), ...remembered([[evil, 1, 2]], { failed: "x" }) },
      { initErrors: [evil] },
    );
    for (const html of [page(...all), page(bad), page({ ...bad, outputs: remembered([], { a: 1 }) })]) {
      assert.doesNotMatch(html, /<script|\ssrc=|@import|<link|url\(|https?:\/\/(?!www\.w3\.org)/);
      assert.doesNotMatch(html, /\son\w+=/i);
    }
    assert.ok(page(bad).includes("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  });

  it("has a row for each of 200 resources", () => {
    const many = Array.from({ length: 200 }, (_, index) => node(index, index * 5, 20));
    assert.equal(page(...many).match(/<tbody/g)?.length, 200);
  });

  it("says so where there was no work", () => {
    assert.match(visible(page()), /Timeline of prod \(shop\) No work recorded/);
  });

  it("is light or dark as the reader has it, and light on paper", () => {
    const html = page(node(1, 0, 20));
    assert.match(html, /@media \(prefers-color-scheme: dark\)/);
    assert.ok(html.indexOf("@media print") > html.indexOf("prefers-color-scheme"));
  });
});
