import assert from "node:assert/strict";
import { applyOf } from "../../../doors/terraform/command-line.ts";

const rows: [line: string, env: NodeJS.ProcessEnv, shown: boolean][] = [
  ["apply", {}, true],
  ["-chdir=x apply -var a=b", {}, true],
  ["apply -auto-approve", {}, false],
  ["apply --auto-approve -var a=b", {}, false],
  ["apply -auto-approve=false", {}, true],
  ["apply", { TF_CLI_ARGS_apply: "-auto-approve" }, false],
  ["destroy", { TF_CLI_ARGS: "-no-color -auto-approve" }, false],
  ["plan", { TF_CLI_ARGS_apply: "-auto-approve" }, true],
  ["apply saved.tfplan", {}, true],
  ["apply -auto-approve saved.tfplan", {}, true],
  ["apply -auto-approve -target clusterops_tcf_active_cluster.orders", {}, false],
  ["apply -auto-approve -target-file targets.txt -json-into log.json", {}, false],
  ["test", {}, false],
  ["test -filter tests/one.tftest.hcl", {}, false],
];

describe("what an apply carries out was shown to somebody", () => {
  for (const [line, env, shown] of rows)
    it(`${shown ? "" : "not "}by terraform ${line} ${JSON.stringify(env)}`, () => {
      assert.equal(applyOf(line.split(" "), env).wasShown, shown);
    });
});
