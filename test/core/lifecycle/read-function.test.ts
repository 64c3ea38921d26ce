import assert from "node:assert/strict";
import { InputError, StatusError } from "../../../provider/core/data/errors.ts";
import {
  type FunctionArgs,
  invoke,
  type ReadFunction,
} from "../../../provider/core/lifecycle/read-function.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";
import { serve } from "../server.ts";

interface Args extends FunctionArgs {
  nodeUid?: number | string;
}

describe("a function", () => {
  /** With the arguments of redis.getNode. */
  const getNode: ReadFunction<Args, unknown> = {
    system: plain,
    name: "getNode",
    call: async ({ http, signal }, { nodeUid }) => {
      const { body } = await http.call({ method: "GET", path: `/${nodeUid}` }, { signal });
      return body;
    },
  };

  it("has its arguments checked and completed like a resource's inputs", async () => {
    await using server = await serve(({ url }) => ({ body: url }));
    const context = contextFor({ plain: { endpoint: server.url } });
    assert.equal(await invoke(getNode, context, { nodeUid: "2" }), "/2");
    for (const [args, property, message] of [
      [{}, "nodeUid", /^plain.getNode: nodeUid is required$/],
      [{ nodeUid: 0 }, "nodeUid", /^plain.getNode: nodeUid 0 must be >= 1$/],
      [{ nodeUid: 1, nodUid: 1 }, "nodUid", /did you mean nodeUid\?/],
    ] as const) {
      await assert.rejects(invoke(getNode, context, args as Args), (error: Error) => {
        assert.ok(error instanceof InputError);
        assert.equal(error.property, property);
        assert.match(error.message, message);
        return true;
      });
    }
    assert.equal(server.requests.length, 1);
  });

  it("fails under its own name, without credentials, and keeps the kind of failure", async () => {
    await using server = await serve(() => ({ status: 404, body: { message: "not for planted-token" } }));
    const context = contextFor({ plain: { endpoint: server.url, token: "planted-token" } });
    await assert.rejects(invoke(getNode, context, { nodeUid: 1 }), (error: Error) => {
      assert.ok(error instanceof StatusError);
      assert.equal(error.message, `plain.getNode: GET ${server.url}/1: 404 not for [redacted]`);
      return true;
    });
  });

  it("needs a connection like a resource does", async () => {
    await assert.rejects(
      invoke(getNode, contextFor(), { nodeUid: 1 }),
      /no connection "plain" is configured/,
    );
  });

  it("ends with the door's cancellation", async () => {
    await using server = await serve(() => undefined);
    const context = contextFor({ plain: { endpoint: server.url } });
    setTimeout(() => context.cancel(), 50);
    await assert.rejects(invoke(getNode, context, { nodeUid: 1 }), /plain.getNode: cancelled/);
  });
});
