import assert from "node:assert/strict";
import { fingerprintOf } from "../../../cli/plan-report/fingerprint.ts";
import { readPlan } from "../../../cli/plan-report/read.ts";
import { reportOf } from "../../../cli/plan-report/report.ts";
import { factsLine, readToken } from "../../../provider/core/data/approval.ts";
import { preview, urnOf } from "./preview.ts";

const orders = { name: "orders", type: "tcf:ActiveCluster" };
const line = {
  resource: "tcf:ActiveCluster east+west at east, west",
  inputs: "1",
  facts: { "active cluster": "east" },
  plan: "demote east, then promote west",
};
const address = 'module.dc.clusterops_tcf_active_cluster.orders["a.b"]';

const end = { "@level": "info", type: "change_summary", changes: { add: 1, operation: "plan" } };
const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join("\n");
const warning = (summary: string) => ({
  "@level": "warn",
  type: "diagnostic",
  diagnostic: { severity: "warning", summary, detail: "", address },
});

describe("plan-report reads", () => {
  it("the events of a preview, one a line, whatever else was written between them", () => {
    const urn = urnOf(orders);
    const events: object[] = [
      { resourcePreEvent: { metadata: { op: "update", urn } } },
      { diagnosticEvent: { urn, severity: "info", message: "\ndemote east, then promote west\n" } },
      { diagnosticEvent: { urn, severity: "info", message: "node 2 running 50 %", ephemeral: true } },
      { summaryEvent: { result: "succeeded" } },
    ].map((event, sequence) => ({ sequence, timestamp: 1, ...event }));
    const { resources, program } = readPlan(`warning: a newer version\n${lines(...events)}\n`);
    assert.equal(program, "shop/prod");
    assert.deepEqual(
      resources.map(({ name, action, lines: said }) => [name, action, said]),
      [["orders", "update", ["demote east, then promote west"]]],
    );
  });

  it("terraform plan -json: a warning that says what will happen is none", () => {
    const text = lines(
      { "@level": "info", type: "version", terraform: "1.14.0" },
      { "@level": "info", type: "planned_change", change: { resource: { addr: address }, action: "create" } },
      warning("connection east: insecureSkipVerify accepts any server certificate"),
      warning(line.plan),
      warning(factsLine(line)),
      end,
    );
    const plan = readPlan(text);
    const [resource] = plan.resources;
    assert.deepEqual([resource?.name, resource?.action], ['orders["a.b"]', "create"]);
    assert.deepEqual([resource?.lines, resource?.warnings.length], [[line.plan], 1]);
    const fingerprint = fingerprintOf(plan);
    assert.ok("token" in fingerprint);
    assert.deepEqual(readToken(fingerprint.token), {
      resources: { [line.resource]: { inputs: "1", facts: line.facts } },
    });
    assert.match(reportOf(plan, fingerprint), /CLUSTEROPS_EXPECT=c1\.\S+ terraform apply plan\.tfplan/);
  });

  for (const action of ["create", "update", "replace"])
    it(`terraform plan -json that nobody asked what was looked at: not that nothing will be sent by ${action}`, () => {
      const change = { resource: { addr: address }, action };
      const plan = readPlan(
        lines({ "@level": "info", type: "planned_change", change }, warning(line.plan), end),
      );
      const fingerprint = fingerprintOf(plan);
      assert.match(
        "missing" in fingerprint ? fingerprint.missing : "",
        /Set CLUSTEROPS_EXPECT=report for the plan/,
      );
      const text = reportOf(plan, fingerprint);
      assert.doesNotMatch(text, /Nothing will be sent/);
      assert.match(text, /What will be sent to clusters cannot be told yet of \*\*1\*\*/);
      assert.match(
        text,
        /which of its warnings says what will be sent is told with CLUSTEROPS_EXPECT=report only/,
      );
    });

  for (const key of ["a.b", "a].b", 'a"].clusterops_b.c["d', "clusterops_tcf_cluster_role.x"])
    it(`terraform's address of an instance whose key is ${key}`, () => {
      const name = `orders[${JSON.stringify(key)}]`;
      const addr = `module.shop["x.y"].clusterops_factfinder_database_prune.${name}`;
      const text = lines(
        { "@level": "info", type: "version", terraform: "1.14.0" },
        { "@level": "info", type: "planned_change", change: { resource: { addr }, action: "create" } },
        end,
      );
      const [resource] = readPlan(text).resources;
      assert.deepEqual(
        [resource?.name, resource?.type, resource?.isOurs],
        [name, "factfinder:DatabasePrune", true],
      );
    });

  it("terraform show -json: the changes, and says where the rest is", () => {
    const plan = readPlan(
      JSON.stringify({
        format_version: "1.2",
        resource_changes: [
          { address, change: { actions: ["delete", "create"], before: { password: "planted" } } },
          { address: "aws_s3_bucket.logs", change: { actions: ["no-op"] } },
        ],
      }),
    );
    const text = reportOf(plan, fingerprintOf(plan));
    assert.match(text, /this file holds the changes only: give the output of plan -json/);
    assert.doesNotMatch(text, /planted|logs|Nothing will be sent/);
    assert.match(text, /What will be sent to clusters cannot be told yet of \*\*1\*\*/);
    assert.equal(plan.resources[0]?.action, "replace");
  });

  const cut: Record<string, string> = {
    "events of a preview": lines(
      { sequence: 1, timestamp: 1, resourcePreEvent: { metadata: { op: "update", urn: urnOf(orders) } } },
      {
        sequence: 2,
        timestamp: 1,
        diagnosticEvent: { urn: urnOf(orders), severity: "info", message: "demote" },
      },
    ),
    "messages of a plan": lines(
      { "@level": "info", type: "version", terraform: "1.14.0" },
      { "@level": "info", type: "planned_change", change: { resource: { addr: address }, action: "create" } },
    ),
  };
  for (const [what, text] of Object.entries(cut))
    for (const [how, rest] of Object.entries({ "between two": "", "within one": '\n{"sequence":3,"ty' }))
      it(`no ${what} that break off ${how}: what is missing may be what is to be sent`, () =>
        assert.throws(() => readPlan(text + rest), /breaks off before its end/));

  it("events that break off with an error: it is refused anyway", () => {
    const urn = urnOf(orders);
    const error = { diagnosticEvent: { urn, severity: "error", message: "error: no" } };
    const plan = readPlan(lines({ sequence: 1, timestamp: 1, ...error }));
    assert.match(reportOf(plan, fingerprintOf(plan)), /\*\*Refused\*\*/);
  });

  const wrong: Record<string, [text: string, why: RegExp]> = {
    "a plan that --save-plan wrote": [
      '{"manifest":{},"resourcePlans":{}}',
      /a plan for pulumi up --plan, which holds no messages/,
    ],
    "a stack export": ['{"version":3,"deployment":{}}', /this is a stack export/],
    "Terraform's state": ['{"format_version":"1.0","values":{}}', /this is the state/],
    nothing: ["", /this is no plan/],
    "an error of the CLI": ["error: no stack selected", /this is no plan/],
    "a list": ["[]", /this is no plan/],
  };
  for (const [what, [text, why]] of Object.entries(wrong)) {
    it(`not ${what}, and says what it takes`, () => assert.throws(() => readPlan(text), why));
  }

  it("not the previews of two stacks in one", () => {
    const [one, other] = [preview([orders]), preview([orders], "dev")].map((text) => JSON.parse(text));
    const both = { ...one, steps: [...one.steps, ...other.steps] };
    assert.throws(() => readPlan(JSON.stringify(both)), /several stacks: shop\/prod, shop\/dev/);
  });
});
