import assert from "node:assert/strict";
import { factsLine, readFactsLine, readToken, tokenOf } from "../../../provider/core/data/approval.ts";

const approved = {
  program: "orders/production",
  resources: {
    "tcf:ActiveCluster::orders": {
      inputs: "27831a54",
      facts: { "active cluster": "dc-east" },
      at: { "clusters.dc-east": "east.example:8081, localhost" },
    },
    "redis:NodeMaintenance::node-2": { facts: {}, isDeleted: true as const },
    __proto__: { facts: {} },
  },
};

describe("the fingerprint of a plan", () => {
  it("comes back as it was, through a shell and a copy with blanks around it", () => {
    const token = tokenOf(approved);
    assert.match(token, /^[\w.-]+$/);
    assert.deepEqual(readToken(` ${token}\n`), JSON.parse(JSON.stringify(approved)));
  });

  it("is the same in whatever order resources were named", () => {
    const turned = Object.fromEntries(Object.entries(approved.resources).reverse());
    assert.equal(tokenOf({ ...approved, resources: turned }), tokenOf(approved));
  });

  const token = tokenOf(approved);
  const none: Record<string, string> = {
    "a part of it": token.slice(0, -4),
    "one with another letter in it": token.replace(
      /.{9}$/,
      (end) => (end.startsWith("A") ? "B" : "A") + end.slice(1),
    ),
    "another word": "reprot",
    "another version": token.replace(/^c1/, "c2"),
    nothing: "",
  };
  for (const [what, text] of Object.entries(none)) {
    it(`is not read from ${what}`, () => assert.equal(readToken(text), undefined));
  }
});

describe("a line of what was looked at", () => {
  const line = { program: "orders/dev", resource: "orders", inputs: "0", facts: { "active cluster": "a" } };

  it("is found in a message that ends in a line break, as a preview has it", () =>
    assert.deepEqual(readFactsLine(`\n${factsLine(line)}\n`), line));

  for (const text of [
    "demote a, then promote b",
    "clusterops facts {}",
    "clusterops facts {",
    "clusterops facts []",
    `node-2: ${factsLine(line)}`,
    `${factsLine(line)} is active already`,
  ])
    it(`is not taken from ${JSON.stringify(text)}`, () => assert.equal(readFactsLine(text), undefined));
});
