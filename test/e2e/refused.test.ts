import assert from "node:assert/strict";
import type { RedisSimulator } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { failed } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const node = (inputs: string) =>
  redisProgram(`const inputs: any = { ${inputs} };`, `new redis.NodeMaintenance("node", inputs);`);

/** A problem that a preview finds: the program, what it says, and whether the system may be read for it. */
type Refusal = [sentence: string, program: string, says: RegExp[], reads: boolean];

const refusals: Refusal[] = [
  [
    "for wrong inputs, each under its property path",
    node(`nodeUid: 1.5, evictDBs: ["1"], evictHaReplica: "yes", snapshotName: ["a"]`),
    [
      /property nodeUid value \{1\.5\} has a problem: 1\.5 is not an integer/,
      // The engine prints the value of a property that it is told of: of arrays and objects, which may hold credentials, it is not.
      /'node' has a problem: evictDBs: is not an input: did you mean evictDbs\?/,
      /property evictHaReplica .*: "yes" is not a boolean/,
      /'node' has a problem: snapshotName: an array is not a string/,
    ],
    false,
  ],
  ["for a timeout that is none", node(`nodeUid: 2, timeout: "soon"`), [/property timeout .*"soon"/], false],
  [
    "for a connection that is not configured, with the line that would configure it",
    node(`nodeUid: 2, connection: "nowhere"`),
    [/property connection .*pulumi config set --path 'clusterops:connections\.nowhere\.endpoints\[0\]'/],
    false,
  ],
  [
    "for an endpoint with a password in it, which is not repeated",
    node(`nodeUid: 2, connection: "url"`),
    [/clusterops:connections\.url\.endpoints\[0\].*has a user name or password in the URL/],
    false,
  ],
  [
    "for a node that does not exist, with those that do",
    node(`nodeUid: 9`),
    [/property nodeUid value \{9\} has a problem: .*1, 2, 3/],
    true,
  ],
  [
    "while another node is in maintenance",
    node(`nodeUid: 2`),
    [
      /property nodeUid .*node 3 is in maintenance: set allowOtherNodesUnavailable: true to go ahead all the same/,
    ],
    true,
  ],
];

async function open() {
  const harness = await redisHarness(
    "",
    {},
    { "clusterops:connections.url.endpoints[0]": "https://ops:hush@h.example" },
  );
  harness.system.node(3).putInMaintenance();
  return harness;
}

flow<RedisSimulator>("an up is refused", open, (step) => {
  for (const [sentence, program, says, mayRead] of refusals) {
    step(sentence, 0, async ({ project, system }) => {
      await project.write("index.ts", program);
      const { output } = failed(await project.up({ preview: true }), says[0] as RegExp);
      for (const pattern of says) assert.match(output, pattern);
      assert.doesNotMatch(output, /^Updating/m);
      assert.doesNotMatch(output, /hush|\n +at |node_modules/);
      if (!mayRead) assert.equal(system.requests.length, 0);
    });
  }
});
