import assert from "node:assert/strict";
import { fingerprintOf } from "../../../cli/plan-report/fingerprint.ts";
import { readPlan } from "../../../cli/plan-report/read.ts";
import { reportOf } from "../../../cli/plan-report/report.ts";
import { readToken } from "../../../provider/core/data/approval.ts";
import { type Previewed, preview } from "./preview.ts";

const failover: Previewed = {
  name: "orders",
  type: "tcf:ActiveCluster",
  op: "update",
  said: [["info", "demote dc-east, then promote dc-west"]],
  facts: { "active cluster": "dc-east" },
};
const node: Previewed = {
  name: "node-2",
  type: "redis:NodeMaintenance",
  said: [
    ["info", "node 2: maintenance_on, 4 shards to migrate, 2 other nodes free"],
    ["warning", "node 2 leads the cluster, and goes on leading it in maintenance"],
  ],
  facts: { "node 2": "free" },
};
const bucket: Previewed = { name: "logs", type: "aws:s3:Bucket", op: "update" };

function report(...resources: Previewed[]): string {
  const plan = readPlan(preview(resources));
  return reportOf(plan, fingerprintOf(plan));
}

function fingerprint(...resources: Previewed[]) {
  return fingerprintOf(readPlan(preview(resources)));
}

describe("the report of a plan", () => {
  it("says warnings first, then what will be sent, then what else changes, then the fingerprint", () => {
    const text = report(bucket, failover, node);
    const headings = [...text.matchAll(/^#+ .*$/gm)].map(([heading]) => heading);
    assert.deepEqual(headings, [
      "## Plan of `shop/prod`",
      "### Warnings",
      "### What will be sent",
      "### What else changes",
      "### What was looked at",
      "### Fingerprint",
    ]);
    assert.match(text, /\*\*2\*\* to be sent to clusters; \*\*1\*\* warning\./);
    assert.match(text, /- `orders` \(`tcf:ActiveCluster`\): `demote dc-east, then promote dc-west`/);
    assert.match(text, /- `update` `logs` \(`aws:s3:Bucket`\)/);
  });

  it("says what is sent in the order in which it is carried out, and deletes last, the other way round", () => {
    const order = (...resources: Previewed[]) =>
      [...report(...resources).matchAll(/^- `([\w-]+)` \(`\w+:\w+`\): `(?!node 2|active)/gm)].map(
        ([, name]) => name,
      );
    const free = { ...node, said: [["info", "maintenance_on"]] } satisfies Previewed;
    assert.deepEqual(order(failover, free), ["node-2", "orders"]);
    const last: Previewed = { ...free, after: [bucket] };
    assert.deepEqual(order(last, failover, { ...bucket, after: [failover] }), ["orders", "node-2"]);
    const gone = (name: string, ...after: Previewed[]): Previewed => ({
      name,
      type: "redis:NodeMaintenance",
      op: "delete",
      after,
    });
    assert.deepEqual(order(gone("a"), gone("b", gone("a")), { ...failover, facts: undefined }), [
      "orders",
      "b",
      "a",
    ]);
    assert.match(report({ ...failover, after: [node] }, { ...node, after: [failover] }), /maintenance_on/);
  });

  it("says of what nothing can be told yet: it is not left out", () => {
    const unknown: Previewed = { name: "later", type: "redis:NodeMaintenance", isUnknown: true };
    const companion: Previewed = { ...unknown, name: "later-intent", type: "redis:NodeActionIntent" };
    const told: Previewed = { ...failover, isUnknown: true };
    const text = report(unknown, companion, told, { ...unknown, name: "gone", op: "delete" });
    const [, section] = /### What cannot be told yet\n\n([\s\S]*?)\n\n/.exec(text) ?? [];
    assert.equal(
      section,
      "- `later` (`redis:NodeMaintenance`): an input depends on what is still to be made; an update that is held to the fingerprint sends nothing for it",
    );
    assert.match(
      text,
      /^\*\*2\*\* to be sent to clusters, and \*\*1\*\* that cannot be told yet; no warnings\.$/m,
    );
    assert.match(
      report(unknown),
      /^What will be sent to clusters cannot be told yet of \*\*1\*\*; no warnings\.$/m,
    );
  });

  it("reads a chain of dependencies of any length", () => {
    const chain: Previewed[] = [];
    for (let index = 0; index < 20_000; index++)
      chain.push({ ...bucket, name: `logs-${index}`, after: chain.slice(-1) });
    assert.match(report(...chain.reverse()), /- and 19900 more/);
  });

  it("says where it is sent, each place once, and holds that in the fingerprint", () => {
    const [here, both] = ["redis.example:9443", { "clusters.dc-east": "east.example" }];
    const text = report(
      { ...node, at: { connection: here } },
      { ...node, name: "node-3", at: { connection: here } },
      { ...failover, at: { ...both, "clusters.dc-west": "west.example" } },
      {
        ...failover,
        name: "as it is",
        said: [["warning", "is active already"]],
        at: { connection: "north" },
      },
    );
    const [, where] = /### Where\n\n([\s\S]*?)\n\n/.exec(text) ?? [];
    assert.equal(
      where,
      "- `redis.example:9443`: `node-2`, `node-3`\n- `east.example`: `orders`\n- `west.example`: `orders`",
    );
    const found = fingerprint({ ...failover, at: both });
    assert.ok("token" in found);
    assert.deepEqual(Object.values(readToken(found.token)?.resources ?? {})[0]?.at, both);
  });

  it("ends with the command for the saved plan, as the page on approval has it", () => {
    assert.match(report(failover), /^CLUSTEROPS_EXPECT=c1\.[\w-]+ pulumi up --plan plan\.json$/m);
    assert.match(report(failover), /`plan\.json` is the plan that `--save-plan plan\.json` saved:$/m);
  });

  it("says refusals before all, and has no fingerprint then", () => {
    const text = report(node, {
      ...failover,
      said: [
        [
          "error",
          "pulumi-nodejs:dynamic/clusterops/tcf:ActiveCluster resource 'orders': property active value {dc-west} has a problem: both clusters are active",
        ],
      ],
      facts: undefined,
    });
    assert.match(text, /^- `orders` \(`tcf:ActiveCluster`\): `active: both clusters are active`$/m);
    assert.match(text, /^\*\*Refused\*\*/m);
    assert.ok(text.indexOf("### Refused") < text.indexOf("### Warnings"), text);
    assert.match(text, /None: `what is refused is not there to be approved`/);
  });

  it("says what a delete sends, and holds it in the fingerprint", () => {
    const gone: Previewed = { name: "node-2", type: "redis:NodeMaintenance", op: "delete" };
    assert.match(report(gone), /`deleted: maintenance_off: the node leaves maintenance`/);
    const found = fingerprint(gone);
    assert.ok("token" in found);
    assert.deepEqual(readToken(found.token), {
      program: "shop/prod",
      resources: {
        "pulumi-nodejs:dynamic/clusterops/redis:NodeMaintenance::node-2": { facts: {}, isDeleted: true },
      },
    });
  });

  it("has no fingerprint where nobody asked what was looked at, and says how to", () => {
    const text = report({ ...failover, facts: undefined });
    assert.match(
      text,
      /None: `orders: nothing was said of what was looked at\. Set CLUSTEROPS_EXPECT=report/,
    );
  });

  it("says that nothing will be sent, and has a fingerprint of just that", () => {
    assert.match(report(bucket), /^Nothing will be sent to a cluster; no warnings\.$/m);
    const found = fingerprint(bucket);
    assert.deepEqual("token" in found && readToken(found.token)?.resources, {});
  });

  it("counts what it leaves out of a plan of a thousand resources", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({ ...bucket, name: `bucket-${index}` }));
    const text = report(...many);
    assert.match(text, /^- and 900 more$/m);
    assert.ok(text.length < 65_536, `${text.length}`);
  });

  it("is in no way what a hostile name or message wants it to be", () => {
    const hostile =
      "` <img src=x onerror=alert(1)> @everyone **done** `` [x](http://e.test)\n## Approved\n\u001b[2K\u202e";
    const text = report({
      ...node,
      name: hostile,
      said: [
        ["info", hostile],
        ["warning", hostile],
      ],
    });
    for (const line of text.split("\n").filter((each) => each.includes("onerror"))) {
      assert.match(line, /^- /);
      // All of it stands in code, whose fence is longer than any in it.
      const outside = line.replace(/(?<!`)(`+)(?!`) .*? \1(?!`)/g, "").replace(/`[^`]*`/g, "");
      assert.doesNotMatch(outside, /[<@*[]/);
    }
    assert.doesNotMatch(text, /^## Approved/m);
    assert.ok(!text.includes("\u001b") && !text.includes("\u202e"));
  });
});

describe("a fingerprint", () => {
  it("holds nothing that a server's words, or another resource's line, would have in it", () => {
    const forged = `clusterops facts {"resource":"pulumi-nodejs:dynamic/clusterops/redis:NodeRemoval::all","facts":{},"inputs":"1"}`;
    const names = (resources: Previewed[]) => {
      const found = fingerprint(...resources);
      return "token" in found && Object.keys(readToken(found.token)?.resources ?? {}).length;
    };
    assert.equal(names([node]), 1);
    for (const said of [forged, `demote ${forged}`, `${forged} is active already`])
      assert.equal(names([{ ...node, said: [["info", said]] }]), 1, said);
  });

  it("is the same for what was looked at in another order", () =>
    assert.deepEqual(fingerprint(failover, node), fingerprint(node, failover)));

  it("is another one for other facts", () =>
    assert.notDeepEqual(
      fingerprint(failover),
      fingerprint({ ...failover, facts: { "active cluster": "dc-west" } }),
    ));
});
