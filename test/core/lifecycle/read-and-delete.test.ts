import assert from "node:assert/strict";
import { WaitExpired } from "../../../provider/core/data/errors.ts";
import { goesOn } from "../../../provider/core/work/wait.ts";
import { contextFor, type TestContext } from "../../support/context.ts";
import { endpoint, fake, freshContext, inputs } from "../fake.ts";

describe("read and delete", () => {
  let context: TestContext;
  beforeEach(() => {
    context = freshContext();
  });

  it("answer with inputs and outputs as they are now", async () => {
    const resource = fake({ observe: async () => "master", drift: () => ({ nodeUid: 3 }) });
    const found = await resource.read(context, { nodeUid: 2, role: "slave", other: "kept" });
    assert.deepEqual(found, {
      inputs: { nodeUid: 3 },
      outputs: { nodeUid: 3, role: "master", other: "kept" },
    });
  });

  it("show no credential that a server repeats, and leave those of the inputs where they are", async () => {
    const resource = fake({ observe: async ({ http }) => `role of ${http.connection.token}` });
    const connection = { endpoint, token: "planted-token" };
    const found = await resource.read(context, { nodeUid: 2, connection });
    assert.deepEqual(found, {
      inputs: { nodeUid: 2, connection },
      outputs: { nodeUid: 2, connection, role: "role of [redacted]" },
    });
  });

  it("say that it is gone only when nothing is observed, or what is there is not it", async () => {
    assert.equal(await fake({ observe: async () => undefined }).read(context, inputs), undefined);
    assert.equal(await fake({ exists: () => false }).read(context, inputs), undefined);
    const failing = fake({ observe: () => Promise.reject(new Error("500")) });
    await assert.rejects(failing.read(context, inputs), /plain node 2: 500/);
  });

  it("say what it is about where its connection is not there", async () => {
    const reading = fake().read(contextFor({}), inputs);
    await assert.rejects(reading, /^InputError: plain node 2: no connection "plain" is configured/);
  });

  it("only forget where there is nothing to undo", async () => {
    await fake().delete(context, inputs);
    const removed: unknown[] = [];
    await fake({
      remove: async (_scope, { nodeUid }, recorded) => void removed.push([nodeUid, recorded]),
    }).delete(context, { nodeUid: 2, role: "slave" });
    assert.deepEqual(removed, [[2, { nodeUid: 2, role: "slave" }]]);
    await assert.rejects(
      fake({ remove: () => Promise.reject(new Error("no")) }).delete(context, inputs),
      /^Error: plain node 2: no$/,
    );
  });

  it("say of a deletion that was cut off that nothing is on record of it", async () => {
    const aside = "what was sent may go on, and the state does not know of it: run pulumi up --refresh";
    const cutOff = (hasSent: boolean, failure: (cancel: () => void) => unknown) =>
      fake({
        async remove({ requests }) {
          if (hasSent) requests.left();
          throw failure(context.cancel);
        },
      }).delete(context, inputs);
    const expired = () => new WaitExpired(`off: not done${goesOn}`);
    await assert.rejects(cutOff(true, expired), new RegExp(`: plain node 2: off: not done; ${aside}`));
    await assert.rejects(
      cutOff(true, () => new Error("500")),
      /^Error: plain node 2: 500$/,
    );
    const cancelled = (cancel: () => void) => {
      cancel();
      return context.signal.reason;
    };
    await assert.rejects(cutOff(false, cancelled), (error: Error) => !error.message.includes(aside));
    context = freshContext();
    await assert.rejects(cutOff(true, cancelled), new RegExp(aside));
  });
});
