import assert from "node:assert/strict";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { lifecycleOf } from "../../../provider/core/lifecycle/lifecycle.ts";
import { type RunInputs, runResource } from "../../../provider/core/lifecycle/run.ts";
import { contextFor } from "../../support/context.ts";
import { flat, Incomplete, type Properties } from "../../support/flat.ts";
import { plain } from "../client.ts";
import { fake } from "../fake.ts";

const a = "https://a.test";
const b = "https://b.test";
const config = (connections: Record<string, Connection>) => contextFor(connections);

describe("the installation of a state resource", () => {
  const wanted = { nodeUid: 2 };
  let calls: string[];
  const resource = fake({
    observe: async ({ http }) => {
      calls.push(`observe ${http.connection.endpoints[0]}`);
      return "slave";
    },
    remove: async ({ http }) => {
      calls.push(`remove ${http.connection.endpoints[0]}`);
    },
  });
  const created = async (connections: Record<string, Connection>, inputs: Properties = wanted) =>
    (await resource.create(config(connections), inputs)).outputs;
  beforeEach(() => {
    calls = [];
  });

  const same: [string, Record<string, Connection>, Record<string, Connection>][] = [
    ["another spelling", { plain: { endpoint: a } }, { plain: { endpoints: ["https://A.test:443/"] } }],
    ["another order", { plain: { endpoints: [a, b] } }, { plain: { endpoints: [b, a] } }],
    ["one endpoint less", { plain: { endpoints: [a, b] } }, { plain: { endpoint: b } }],
    ["another credential", { plain: { endpoint: a } }, { plain: { endpoint: a, token: "rotated-token" } }],
  ];
  for (const [what, before, after] of same) {
    it(`is the same with ${what}: nothing differs`, async () => {
      assert.deepEqual(await resource.diff(config(after), await created(before), wanted), {});
    });
  }

  it("is the same by another connection's name: an update in place", async () => {
    const after = config({ plain: { endpoint: a }, other: { endpoint: a } });
    const changes = await resource.diff(after, await created({ plain: { endpoint: a } }), {
      ...wanted,
      connection: "other",
    });
    assert.deepEqual(changes, { connection: { kind: "add" } });
  });

  it("is another where no address is left, by a changed input or a changed configuration: replaced, and announced", async () => {
    const outputs = await created({ plain: { endpoint: a } });
    const elsewhere = { plain: { endpoint: a }, other: { endpoint: b } };
    const byInput = await resource.diff(config(elsewhere), outputs, { ...wanted, connection: "other" });
    assert.deepEqual(byInput, { connection: { kind: "update", replace: true } });
    const preview = contextFor({ plain: { endpoint: b } }, { preview: true });
    assert.deepEqual(await resource.diff(preview, outputs, wanted), {
      connection: { kind: "update", replace: true },
    });
    assert.match(
      preview.said.warnings.join(),
      /connection now leads to another installation, https:\/\/b\.test instead of https:\/\/a\.test/,
    );
  });

  it("is told from another one by today's configuration in what an earlier version recorded", async () => {
    const old = { nodeUid: 2, connection: "one", role: "slave", timeout: "1m" };
    const both = config({ one: { endpoint: a }, two: { endpoint: b }, three: { endpoint: a } });
    const diff = (connection: string) => resource.diff(both, old, { nodeUid: 2, connection, timeout: "1m" });
    assert.deepEqual(await diff("one"), {});
    assert.deepEqual(await diff("three"), { connection: { kind: "update" } });
    assert.deepEqual(await diff("two"), { connection: { kind: "update", replace: true } });
  });

  it("is known after a move that keeps an old endpoint for one up", async () => {
    const first = await created({ plain: { endpoint: a } });
    const both = config({ plain: { endpoints: [a, b] } });
    assert.deepEqual(await resource.diff(both, first, wanted), { installation: { kind: "update" } });
    const { outputs } = await resource.update(both, "2", first, wanted);
    assert.deepEqual(await resource.diff(config({ plain: { endpoint: b } }), outputs, wanted), {});
  });

  it("is where a delete goes, by whatever connection leads there", async () => {
    const outputs = await created({ plain: { endpoint: a } });
    calls = [];
    await resource.delete(config({ plain: { endpoint: b }, old: { endpoint: a } }), outputs);
    assert.deepEqual(calls, [`remove ${a}`]);
  });

  it("fails a delete that has something to undo and no way there, and says what is left", async () => {
    const outputs = await created({ plain: { endpoint: a } });
    calls = [];
    await assert.rejects(
      resource.delete(config({ plain: { endpoint: b } }), outputs),
      /stands on https:\/\/a\.test, and no configured connection leads there any more: plain node 2 is left there.*pulumi state delete/,
    );
    await assert.rejects(
      resource.read(config({ plain: { endpoint: b } }), outputs),
      /stands on https:\/\/a\.test/,
    );
    assert.deepEqual(calls, []);
  });

  it("names the harmless way first where its connection now leads elsewhere", async () => {
    const outputs = await created({ plain: { endpoint: a } });
    await assert.rejects(
      resource.delete(config({ plain: { endpoint: b } }), outputs),
      /Nothing was sent\. If the endpoint of its connection, now https:\/\/b\.test, is a mistake, correct it; otherwise add a connection with one of these endpoints, or drop it from the state/,
    );
    await assert.rejects(
      resource.delete(config({ other: { endpoint: b } }), outputs),
      /Nothing was sent\. Add a connection with one of these endpoints, or drop it from the state/,
    );
  });

  it("is not said to be gone where its connection is there, and something in it is wrong", async () => {
    const outputs = await created({ plain: { endpoint: a } });
    const broken = config({ plain: { endpoint: a, caCert: "/no/ca.pem" } });
    const wrong = /clusterops:connections\.plain\.caCert: \/no\/ca\.pem is neither .*: there is no such file/;
    for (const [work, what] of [
      [resource.read(broken, outputs), /: it cannot be read\. Nothing was sent/],
      [resource.delete(broken, outputs), /: plain node 2 is left there .*\. Nothing was sent/],
      [resource.update(broken, "2", outputs, { nodeUid: 2 }), /^plain node 2: clusterops/],
    ] as const) {
      const message = await work.then(String, (error: Error) => error.message);
      assert.match(message, wrong);
      assert.match(message, what);
    }
    assert.deepEqual(calls, [`observe ${a}`]);
  });

  it("is not asked by a delete that only forgets", async () => {
    const forgetful = fake({ remove: undefined });
    const { outputs } = await forgetful.create(config({ plain: { endpoint: a } }), wanted);
    await forgetful.delete(config({ plain: { endpoint: b } }), outputs);
  });
});

describe("the installation of a run", () => {
  interface Inputs extends RunInputs {
    seedId: string;
  }
  let runs: unknown[];
  const run = (parts: { isCounted?: boolean; fails?: boolean } = {}) =>
    flat(
      lifecycleOf(
        runResource<Inputs, { message: string }, { task?: string }>({
          system: plain,
          type: "CrawlFailure",
          timeout: "1m",
          id: ({ seedId }) => seedId,
          subject: ({ seedId }) => `plain seed ${seedId}`,
          isCounted: parts.isCounted,
          run: async (scope, _inputs, unfinished) => {
            runs.push(unfinished?.handle);
            scope.keep({ task: "t1" });
            if (parts.fails) throw new Error("interrupted");
            return { message: "done" };
          },
        }),
      ),
    );
  const wanted = { seedId: "a" };
  const [there, here] = [config({ plain: { endpoint: a } }), config({ plain: { endpoint: b } })];
  beforeEach(() => {
    runs = [];
  });

  it("is another one: it runs there", async () => {
    const { outputs } = await run().create(there, wanted);
    assert.deepEqual(await run().diff(here, outputs, wanted), { connection: { kind: "update" } });
    await run().update(here, "a", outputs, wanted);
    assert.equal(runs.length, 2);
  });

  it("is the same: nothing runs", async () => {
    const { outputs } = await run().create(there, wanted);
    const respelled = config({ plain: { endpoints: [`${a}/`] } });
    assert.deepEqual(await run().diff(respelled, outputs, wanted), {});
    await run().update(respelled, "a", outputs, wanted);
    assert.equal(runs.length, 1);
  });

  it("is another one, on which no handle is waited for that was left on the first", async () => {
    const left = await run({ fails: true })
      .create(there, wanted)
      .catch((error) => error as Incomplete);
    assert.ok(left instanceof Incomplete);
    await run().update(here, "a", left.outputs, wanted);
    assert.deepEqual(runs, [undefined, undefined]);
    assert.match(here.said.warnings.join(), /left unfinished there is not waited for/);
  });

  it("is refused in a preview where each run counts, until triggers change", async () => {
    const { outputs } = await run({ isCounted: true }).create(there, wanted);
    const preview = contextFor({ plain: { endpoint: b } }, { preview: true });
    await assert.rejects(
      run({ isCounted: true }).diff(preview, outputs, wanted),
      /another installation.*change triggers to run it there/,
    );
    await assert.rejects(run({ isCounted: true }).update(here, "a", outputs, wanted), /change triggers/);
    await run({ isCounted: true }).update(here, "a", outputs, { ...wanted, triggers: [2] });
    assert.equal(runs.length, 2);
  });
});
