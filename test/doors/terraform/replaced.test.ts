import assert from "node:assert/strict";
import { startRedis, startTcf } from "../../../simulators/index.ts";
import { type State, TerraformServer } from "./server.ts";
import { action, config, intent, nothing, open, texts, window } from "./stage.ts";

const federation = "clusterops_tcf_active_cluster";
const nodes = (stage: Awaited<ReturnType<typeof open>>) =>
  [1, 2, 3].filter((uid) => stage.redis.node(uid).inMaintenance);

/** A delete in an apply, as Terraform asks for it: with what the plan of the new thing has kept, if something takes its place. */
const remove = (server: TerraformServer, typeName: string, { state }: State, data?: Uint8Array) =>
  server.apply(typeName, { state }, { state: null, private: data });

describe("what Terraform replaces", () => {
  it("is deleted with what was kept of it, although the plan is one of something new", async () => {
    await using stage = await open();
    await using elsewhere = await startRedis({ actionMs: 20 });
    const written = config(window, { node_uid: 2 });
    const made = await stage.make(window, { node_uid: 2 });
    const connections = {
      redis: { endpoints: elsewhere.endpoints },
      old: { endpoints: stage.redis.endpoints },
    };
    await using planning = await TerraformServer.start(connections);
    const first = await planning.plan(window, made, written);
    assert.equal(first.replaces.length, 1);
    const second = await planning.plan(window, { state: null, private: first.private }, written);
    await using applying = await TerraformServer.start(connections);
    const { state, diagnostics } = await remove(applying, window, made, second.private);
    assert.deepEqual([state, diagnostics, nodes(stage)], [null, [], []]);
    assert.equal(elsewhere.counts().mutating, 0);
  });

  it("is found by its state where it is tainted: the plan then knows of nothing", async () => {
    await using stage = await open();
    await using elsewhere = await startRedis({ actionMs: 20 });
    const [two, three] = [
      await stage.make(window, { node_uid: 2, allow_other_nodes_unavailable: true }),
      await stage.make(window, { node_uid: 3, allow_other_nodes_unavailable: true }),
    ];
    const connections = {
      redis: { endpoints: elsewhere.endpoints },
      old: { endpoints: stage.redis.endpoints },
    };
    await using planning = await TerraformServer.start(connections);
    const read = [await planning.read(window, two), await planning.read(window, three)] as const;
    // Written in another way than it was: then all that was read may be meant.
    const plan = await planning.plan(window, nothing, config(window, { node_uid: 3 }));
    await using applying = await TerraformServer.start(connections);
    await remove(applying, window, read[1], plan.private);
    assert.deepEqual(nodes(stage), [2]);
    assert.equal(elsewhere.counts().mutating, 0);
  });

  it("keeps what was kept of it where its delete fails", async () => {
    await using stage = await open();
    const made = await stage.make(window, { node_uid: 2 });
    const first = await stage.server.plan(window, made, config(window, { node_uid: 2 }));
    const second = await stage.server.plan(
      window,
      { state: null, private: first.private },
      config(window, { node_uid: 2 }),
    );
    await using astray = await TerraformServer.start({});
    const { state, private: data, diagnostics } = await remove(astray, window, made, second.private);
    assert.match(texts(diagnostics), /no configured connection leads there any more/);
    assert.deepEqual([state, data], [made.state, made.private]);
  });

  it("after its place was taken, as create_before_destroy has it, is told from what is only renamed", async () => {
    await using stage = await open();
    const inputs = { node_uid: 3, action: "enslave_node" };
    const { before } = (await stage.make(intent, inputs)).state ?? {};
    const made = await stage.make(action, { ...inputs, before });
    const again = async (isSetAside: boolean) => {
      await using applying = await stage.another();
      const counted = await stage.make(action, { ...inputs, before }, nothing, applying);
      assert.equal(counted.state?.task_id, made.state?.task_id);
      // What was set aside is planned to be deleted by the apply itself.
      const { private: data } = isSetAside ? await applying.plan(action, made, null) : made;
      return await remove(applying, action, made, data);
    };
    const refused = await again(true);
    assert.deepEqual(refused.state, made.state);
    assert.match(texts(refused.diagnostics), /^not run again: .*change triggers.*terraform apply -replace/is);
    assert.deepEqual([(await again(false)).diagnostics, stage.redis.counts().mutating], [[], 1]);
  });

  it("of a run that has ended badly runs again at once, whoever has begun it", async () => {
    await using stage = await open();
    const inputs = { node_uid: 3, action: "enslave_node" };
    const { before } = (await stage.make(intent, inputs)).state ?? {};
    stage.redis.plan({ action: "enslave_node", outcome: "failed", errorCode: "insufficient_resources" });
    await stage.make(action, { ...inputs, before });
    await using applying = await stage.another();
    const { state, diagnostics } = await stage.make(action, { ...inputs, before }, nothing, applying);
    assert.match(texts(diagnostics), /runs again, since an earlier attempt has ended badly/);
    assert.doesNotMatch(texts(diagnostics), /change triggers/);
    assert.deepEqual([state?.status, stage.redis.counts().mutating], ["completed", 2]);
  });

  it("does the opposite of what that one has sent only once this can no longer land, in later processes too", async () => {
    await using tcf = await startTcf({ switchMs: 20 });
    const [east = "", west = ""] = tcf.clusters.map(({ endpoints }) => endpoints[0] as string);
    const connections = { cluster1: { endpoints: [east] }, cluster2: { endpoints: [west] } };
    const started = () => TerraformServer.start(connections);
    const clusters = { cluster1: "cluster1", cluster2: "cluster2" };
    const written = (active: string) =>
      config(federation, { active, clusters, stable_for: "0s", timeout: "1s" });
    tcf.fault({ kind: "hang", match: { path: "/tcf/promote" } });
    await using first = await started();
    const made = await first.apply(
      federation,
      nothing,
      await first.plan(federation, nothing, written("cluster2")),
    );
    assert.match(texts(made.diagnostics), /NO ACTIVE CLUSTER/);

    await using applying = await started();
    const replacing = await applying.plan(federation, made, written("cluster1"));
    const planned = { state: null, private: replacing.private };
    const { private: data } = await applying.plan(federation, planned, written("cluster1"));
    assert.equal((await remove(applying, federation, made, data)).state, null);
    let current = await applying.apply(
      federation,
      nothing,
      await applying.plan(federation, nothing, written("cluster1")),
    );
    assert.match(texts(current.diagnostics), /an earlier call, which may still be carried out/);
    await using next = await started();
    current = await next.apply(
      federation,
      current,
      await next.plan(federation, current, written("cluster1")),
    );
    assert.match(texts(current.diagnostics), /an earlier call, which may still be carried out/);
    assert.deepEqual([tcf.counts().mutating, tcf.activeNames], [2, []]);
  });
});
