import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { redis } from "../../sdk/index.ts";
import { mocked, type Registration, resolved } from "./mocked.ts";

describe("an option of Pulumi's that does not reach a dynamic resource", () => {
  let registrations: Registration[];
  beforeEach(async () => {
    registrations = await mocked(() => ({}));
  });

  const refused: [pulumi.CustomResourceOptions, RegExp][] = [
    [
      { import: "2" },
      /^redis\.NodeMaintenance "r": the option import: .*adopts what is already so, and sends nothing/,
    ],
    [{ id: "2" }, /^redis\.NodeMaintenance "r": the option id: .*leave the option out.*redis\.getNode/],
    [{ urn: "urn:pulumi:dev::p::t::n" }, /^redis\.NodeMaintenance "r": the option urn: .*StackReference/],
  ];
  for (const [opts, sentence] of refused) {
    it(`is refused in one sentence: ${Object.keys(opts)}`, () => {
      assert.throws(
        () => new redis.NodeMaintenance("r", { nodeUid: 2 }, opts),
        // Of a RunError Pulumi shows the message and no stack.
        (error) =>
          pulumi.RunError.isInstance(error) && sentence.test(error.message) && !/\n/.test(error.message),
      );
      assert.deepEqual(registrations, []);
    });
  }

  it("is refused where a run has a companion, which would be registered first", () => {
    const make = () => new redis.NodeAction("r", { nodeUid: 2, action: "enslave_node" }, { import: "2" });
    assert.throws(make, /^Error: redis\.NodeAction "r": the option import: .*a run runs once$/);
    assert.deepEqual(registrations, []);
  });

  async function optionsOf(opts: pulumi.CustomResourceOptions): Promise<unknown> {
    await resolved(new redis.NodeAction("r", { nodeUid: 2, action: "enslave_node" }, opts).urn);
    return registrations.find(({ name }) => name === "r")?.inputs.__options;
  }

  it("goes to the host among the inputs: customTimeouts and replaceOnChanges", async () => {
    const options = { customTimeouts: { create: "1h", delete: "5m" }, replaceOnChanges: ["parameters.x"] };
    assert.deepEqual(await optionsOf({ ...options, protect: true }), options);
  });

  it("leaves the inputs of all other resources as 0.1.0 recorded them", async () => {
    assert.equal(await optionsOf({ protect: true, retainOnDelete: true }), undefined);
  });
});
