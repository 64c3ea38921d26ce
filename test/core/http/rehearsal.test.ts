import assert from "node:assert/strict";
import { UnreachableError } from "../../../provider/core/data/errors.ts";
import { reroute } from "../../../provider/core/http/rehearsal.ts";
import { observerOf } from "../../../provider/core/observe/observing.ts";
import { lifecycle } from "../../../provider/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import { contextFor } from "../../support/context.ts";
import { observedContext } from "../observe/harness.ts";

describe("a rehearsal", () => {
  const routes = {
    "https://h.test:9443": "http://127.0.0.1:1",
    "https://h.test:9443/base": "http://127.0.0.1:2/other",
  };
  const to = reroute({ CLUSTEROPS_REHEARSAL: JSON.stringify(routes) });

  const rows: [from: string, to: string][] = [
    ["https://h.test:9443/v1/nodes?x=1", "http://127.0.0.1:1/v1/nodes?x=1"],
    ["https://h.test:9443/base/v1", "http://127.0.0.1:2/other/v1"],
    ["https://h.test:9443/based", "http://127.0.0.1:1/based"],
  ];
  for (const [from, expected] of rows)
    it(`sends what is for ${from} to ${expected}`, () => assert.equal(to?.("GET", from), expected));

  const refused: [what: string, text: string, url: string][] = [
    ["nobody stands for", JSON.stringify(routes), "https://other.test/v1"],
    ["only begins like a known one", '{"https://h.test":"http://127.0.0.1:1"}', "https://h.test:9443/v1"],
    ["another user of a known host is at", JSON.stringify(routes), "https://h.test:9443@evil.test/"],
    ["is not read, since the text is no JSON", "{", "https://h.test:9443/"],
    ["would lead away from this machine", '{"https://h.test":"http://10.0.0.1"}', "https://h.test/"],
    [
      "leads to a host that looks like this machine",
      '{"https://h.test":"http://127.0.0.1.evil.test"}',
      "https://h.test/",
    ],
  ];
  for (const [what, text, url] of refused)
    it(`sends nothing to an address that ${what}`, () =>
      assert.throws(
        () => reroute({ CLUSTEROPS_REHEARSAL: text })?.("POST", url),
        (error) => error instanceof UnreachableError && error.effect === "no" && error.lasts,
      ));

  it("is none where nobody has begun one", () => assert.equal(reroute({}), undefined));

  it("is told to nobody, and asks for no approval, wherever a program or its provider says that", async () => {
    const settings = { "clusterops:events": "/nowhere", "clusterops:traceparent": "true" };
    const context = observedContext({}, settings);
    assert.equal(observerOf(context, { CLUSTEROPS_REHEARSAL: "{}" }), undefined);
    assert.ok(observerOf(context, {}));
    process.env.CLUSTEROPS_REHEARSAL = "{}";
    try {
      const held = observedContext({}, { "clusterops:expect": "another stack's" });
      const { check, plan } = lifecycle("redis:NodeMaintenance");
      const connection = { endpoint: "https://cluster.test:9443" };
      assert.deepEqual(await plan(held, undefined, check({ nodeUid: 2, connection }).inputs), []);
    } finally {
      delete process.env.CLUSTEROPS_REHEARSAL;
    }
  });

  it("reaches nothing real, whatever an inline connection says", async () => {
    await using real = await startRedis();
    await using stand = await startRedis({ actionMs: 20 });
    process.env.CLUSTEROPS_REHEARSAL = JSON.stringify({ "https://cluster.test:9443": stand.endpoints[0] });
    try {
      const { check, create } = lifecycle("redis:NodeMaintenance");
      const at = (endpoint: string) => check({ nodeUid: 2, connection: { endpoint } }).inputs;
      assert.equal((await create(contextFor(), at("https://cluster.test:9443"))).outcome, "ready");
      assert.ok(stand.node(2).inMaintenance);
      await assert.rejects(
        create(contextFor(), at(real.endpoints[0] as string)),
        /this is a rehearsal, and no simulator stands for http:.*: nothing was sent there/,
      );
      assert.deepEqual(real.requests, []);
    } finally {
      delete process.env.CLUSTEROPS_REHEARSAL;
    }
  });
});
