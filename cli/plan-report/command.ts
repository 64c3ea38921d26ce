import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { decode } from "../decode.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readPlan } from "./read.ts";
import { reportOf } from "./report.ts";

export const usage = `Usage: pulumi-clusterops plan-report [preview.json] [options]

Turns a preview into Markdown for a pull request: refusals and warnings first, then what will be
sent, in the vendor's words, then what else changes. Reads what pulumi preview --json, terraform
plan -json or terraform show -json has written, from a file or standard input:

  CLUSTEROPS_EXPECT=report pulumi preview --json --save-plan plan.json > preview.json
  npx pulumi-clusterops plan-report preview.json > report.md

With CLUSTEROPS_EXPECT=report it ends with a fingerprint of what was looked at. Handed back in
CLUSTEROPS_EXPECT, an update refuses whatever has changed since, and says what.

  -o, --output <file>       where the report is written
  --fingerprint <file>      where the fingerprint alone is written; without one this fails
  -v, --version             the version of this package
  -h, --help                this text
`;

/** @throws Error with a message for whoever typed it */
export function planReport(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { output: { type: "string", short: "o" }, fingerprint: { type: "string" } },
  });
  if (positionals.length > 1) throw new Error(`one preview at a time\n\n${usage}`);
  const plan = readPlan(read(positionals[0]));
  const fingerprint = fingerprintOf(plan);
  const report = reportOf(plan, fingerprint);
  if (values.output === undefined) process.stdout.write(report);
  else writeFileSync(values.output, report);
  if (values.fingerprint === undefined) return;
  if ("missing" in fingerprint) throw new Error(`no fingerprint: ${fingerprint.missing}`);
  writeFileSync(values.fingerprint, `${fingerprint.token}\n`);
}

function read(file: string | undefined): string {
  if (file === undefined && process.stdin.isTTY)
    throw new Error(
      `there is nothing on standard input: name a file, or pipe pulumi preview --json\n\n${usage}`,
    );
  return decode(readFileSync(file ?? 0));
}
