import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { factfinder, redis, tcf } from "../../sdk/index.ts";
import { mocked, type Registration, resolved } from "./mocked.ts";

describe("inline connections are kept secret, and names stay plain, where they are", () => {
  let registrations: Registration[];
  beforeEach(async () => {
    registrations = await mocked(() => ({}));
  });

  const inline = { endpoint: "https://h", username: "u", password: "p" };
  const registered = async (resource: pulumi.CustomResource) => {
    await resolved(resource.urn);
    return registrations.find(({ name }) => name === "r")?.inputs ?? {};
  };
  const director = "director";
  const rows: [string, () => pulumi.CustomResource, string, unknown][] = [
    [
      "connection",
      () => new redis.ReplicaNode("r", { nodeUid: 1, connection: inline }),
      "connection",
      { secret: inline },
    ],
    [
      "connection by name",
      () => new redis.ReplicaNode("r", { nodeUid: 1, connection: "a" }),
      "connection",
      "a",
    ],
    [
      "connection as an Output",
      () => new redis.ReplicaNode("r", { nodeUid: 1, connection: pulumi.output(inline) }),
      "connection",
      { secret: inline },
    ],
    [
      "director",
      () => new factfinder.DatabaseSync("r", { channel: "de", director: inline, nodes: ["a"] }),
      "director",
      { secret: inline },
    ],
    [
      "one of nodes",
      () => new factfinder.DatabaseSync("r", { channel: "de", director, nodes: ["a", inline] }),
      "nodes",
      { secret: ["a", inline] },
    ],
    [
      "nodes by name",
      () => new factfinder.DatabaseSync("r", { channel: "de", director, nodes: ["a", "b"] }),
      "nodes",
      ["a", "b"],
    ],
    [
      "nodes as an Output",
      () => new factfinder.DatabaseSync("r", { channel: "de", director, nodes: pulumi.output([inline]) }),
      "nodes",
      { secret: [inline] },
    ],
    [
      "one of clusters",
      () => new tcf.ActiveCluster("r", { active: "a", clusters: { a: "east", b: inline } }),
      "clusters",
      { secret: { a: "east", b: inline } },
    ],
    [
      "clusters by name",
      () => new tcf.ActiveCluster("r", { active: "a", clusters: { a: "east", b: "west" } }),
      "clusters",
      { a: "east", b: "west" },
    ],
    [
      "clusters as an Output",
      () => new tcf.ActiveCluster("r", { active: "a", clusters: pulumi.output({ a: inline, b: inline }) }),
      "clusters",
      { secret: { a: inline, b: inline } },
    ],
  ];
  for (const [what, make, input, expected] of rows) {
    it(what, async () => assert.deepEqual((await registered(make()))[input], expected));
  }
});
