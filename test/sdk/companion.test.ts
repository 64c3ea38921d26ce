import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { companionOptions } from "../../sdk/companion.ts";
import { factfinder, redis } from "../../sdk/index.ts";
import { mocked, type Registration, resolved } from "./mocked.ts";

const record = { intent: "abc", seen: { taskBefore: null } };

/** A component whose children's options are on record by their names, as they are registered. */
class Watching extends pulumi.ComponentResource {
  readonly options: Record<string, pulumi.CustomResourceOptions>;

  constructor() {
    const options: Record<string, pulumi.CustomResourceOptions> = {};
    const watch: pulumi.ResourceTransformation = ({ name, opts }) => {
      if (name !== "watching") options[name] = { ...opts };
      return undefined;
    };
    super("t:t:Watching", "watching", {}, { transformations: [watch] });
    this.options = options;
  }
}

describe("the companion of a run", () => {
  let registrations: Registration[];
  const registered = async (name: string) => {
    const isIt = (registration: Registration) => registration.name === name;
    while (!registrations.some(isIt)) await pause(5);
    return registrations.find(isIt) as Registration;
  };
  const start = async (outputs: Record<string, unknown>, preview = false) => {
    registrations = await mocked(({ type }) => (type.endsWith("Intent") ? outputs : {}), { preview });
  };

  beforeEach(() => start({ before: record }));

  it("comes ahead of it, and hands it what it saw", async () => {
    new redis.NodeAction("run", { nodeUid: 2, action: "a" });
    assert.deepEqual((await registered("run")).inputs.__before, record);
    assert.deepEqual(
      registrations.map(({ name }) => name),
      ["run-intent", "run"],
    );
  });

  it("keeps nobody waiting in a preview, where what it will see is not known", async () => {
    await start({ before: undefined }, true);
    new factfinder.DatabasePrune("run", { channel: "de" });
    // Unknown, and not absent: a plan that is carried out later holds that there is going to be a record.
    assert.deepEqual((await registered("run")).inputs.__before, { __pulumiUnknown: true });
  });

  describe("has of the run's options", () => {
    const other = () => new redis.ReplicaNode("other", { nodeUid: 1 });
    const callback = () => undefined;
    const rows: [option: keyof pulumi.CustomResourceOptions, make: () => unknown, isShared: boolean][] = [
      ["dependsOn", () => [other()], true],
      ["version", () => "1.2.3", true],
      ["protect", () => true, true],
      ["retainOnDelete", () => true, true],
      ["deletedWith", other, true],
      ["ignoreChanges", () => ["triggers"], true],
      ["replaceOnChanges", () => ["triggers"], true],
      ["replaceWith", () => [other()], true],
      ["replacementTrigger", () => "once more", true],
      ["additionalSecretOutputs", () => ["parameters"], true],
      ["hideDiffs", () => ["parameters"], true],
      ["transformations", () => [callback], true],
      ["customTimeouts", () => ({ create: "1m" }), false],
      ["deleteBeforeReplace", () => false, false],
    ];
    for (const [option, make, isShared] of rows) {
      it(`${isShared ? "" : "not "}${option}`, async () => {
        const parent = new Watching();
        const value = make();
        new redis.NodeAction("run", { nodeUid: 2, action: "a" }, { parent, [option]: value });
        await registered("run");
        const seen = parent.options["run-intent"];
        assert.equal(seen?.parent, parent);
        if (isShared) assert.deepEqual(seen?.[option], value);
        else assert.notDeepEqual(seen?.[option], value);
        assert.deepEqual(parent.options.run?.[option], value);
      });
    }
  });

  it("has the new kind of transformations, too, and nothing that is for one resource only", () => {
    const transforms = [async () => undefined];
    const hooks = { beforeCreate: [() => {}] };
    const opts = { transforms, hooks, import: "2", id: "2", urn: "urn", stateMigrations: [() => undefined] };
    assert.deepEqual(companionOptions(opts), { transforms });
  });

  describe("was, by the run's aliases,", () => {
    const urn = (type: string, name: string) => `urn:pulumi:stack::project::${type}::${name}`;
    const type = "pulumi-nodejs:dynamic/clusterops/redis:NodeAction";
    const rows: [what: string, alias: pulumi.Input<string | pulumi.Alias>, expected: object | string][] = [
      ["under the old name", { name: "old" }, { name: "old-intent" }],
      ["under the old name, an Output", pulumi.output({ name: "old" }), { name: "old-intent" }],
      [
        "of the old type",
        { type: "clusterops:redis:NodeAction" },
        { type: "clusterops:redis:NodeActionIntent" },
      ],
      ["in the old stack and project", { stack: "s", project: "p" }, { stack: "s", project: "p" }],
      ["under the old URN", urn(type, "old::name"), urn(`${type}Intent`, "old::name-intent")],
      ["in the old component", urn(`c:c:C$${type}`, "old"), urn(`c:c:C$${type}Intent`, "old-intent")],
    ];
    for (const [what, alias, expected] of rows) {
      it(what, async () => {
        const parent = new Watching();
        new redis.NodeAction("run", { nodeUid: 2, action: "a" }, { parent, aliases: [alias] });
        await registered("run");
        const [seen] = parent.options["run-intent"]?.aliases ?? [];
        assert.deepEqual(await resolved(pulumi.output(seen)), expected);
      });
    }

    it("in the old parent", async () => {
      const [parent, old] = [new Watching(), new pulumi.ComponentResource("t:t:Old", "old")];
      new redis.NodeAction("run", { nodeUid: 2, action: "a" }, { parent, aliases: [{ parent: old }] });
      await registered("run");
      const [seen] = parent.options["run-intent"]?.aliases ?? [];
      assert.equal((await resolved(pulumi.output(seen as pulumi.Input<pulumi.Alias>))).parent, old);
    });
  });
});
