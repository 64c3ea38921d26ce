import assert from "node:assert/strict";
import { inspect } from "node:util";
import { lifecycle, types } from "../../../provider/index.ts";

/** With a scheme and without, and with what nobody has escaped. */
const urls = [
  "https://ops:hush-4711@host.test:9443",
  "ops:hush-4711@host.test:9443",
  "https://ops:hush/4711@host.test",
];

/** Wherever somebody may write it, by type. */
const places = (url: string): [type: string, inputs: Record<string, unknown>][] => {
  const endpoint = "https://host.test";
  const inline = (settings: object): [string, Record<string, unknown>] => [
    "redis:ReplicaNode",
    { nodeUid: 2, connection: { endpoint, ...settings } },
  ];
  return [
    ...types
      .filter((type) => !type.endsWith("Intent"))
      .map((type): [string, Record<string, unknown>] => [type, { nodeUid: 2, connection: url }]),
    ["redis:ReplicaNode", { nodeUid: url }],
    ["redis:ReplicaNode", { nodeUid: 2, timeout: url }],
    ["redis:ReplicaNode", { nodeUid: 2, [url]: 1 }],
    ["redis:NodeAction", { nodeUid: 2, action: url }],
    ["redis:NodeMaintenance", { nodeUid: 2, evictDbs: [url] }],
    ["factfinder:DatabaseSync", { channel: "de", director: url, nodes: ["n"] }],
    ["factfinder:DatabaseSync", { channel: "de", director: "d", nodes: ["n", url] }],
    ["tcf:ActiveCluster", { active: "east", clusters: { east: url, west: "w" } }],
    ["tcf:ActiveCluster", { active: "east", clusters: { [url]: {}, west: "w" } }],
    inline({ endpoint: url }),
    inline({ endpoint: undefined, endpoints: [url] }),
    inline({ basePath: url }),
    inline({ caCert: url }),
    inline({ clientCert: "-----BEGIN", clientKey: url }),
    inline({ clientCert: url, clientKey: "-----BEGIN" }),
    inline({ requestTimeout: url }),
    inline({ insecureSkipVerify: url }),
    inline({ proxy: `ftp://${url.replace(/^https:\/\//, "")}` }),
    inline({ trustedHosts: url }),
    inline({ oauth2: url }),
    inline({ oauth2: { tokenUrl: url } }),
    inline({ oauth2: { tokenUrl: endpoint, grantType: url } }),
    inline({ headers: { [`X-Key: ${url}`]: "x" } }),
    inline({ [url]: "x" }),
  ];
};

describe("a URL with a password", () => {
  for (const url of urls) {
    for (const [type, inputs] of places(url)) {
      const where = inspect(inputs, { depth: 4, breakLength: Number.POSITIVE_INFINITY }).replaceAll(
        url,
        "URL",
      );
      it(`is refused and not repeated: ${type} ${where}, where it is ${url.replace(/hush./, "...")}`, () => {
        const { failures } = lifecycle(type).check(inputs);
        assert.ok(failures.length > 0);
        assert.doesNotMatch(JSON.stringify(failures), /hush/);
      });
    }
  }
});
