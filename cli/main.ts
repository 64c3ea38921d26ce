#!/usr/bin/env node
import "../runtime/require-node-for-command.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { packageVersion } from "../runtime/version.ts";
import { barsOf } from "./timeline.ts";
import { timelinePage } from "./timeline-page.ts";

const usage = `Usage: pulumi-clusterops timeline [stack-export.json] [--output timeline.html]

Turns a stack export (pulumi stack export) into one self-contained page: when each piece of work
began, what it waited for, when it ended, and what failed. Reads standard input and writes to
standard output when no file is named:

  pulumi stack export | npx pulumi-clusterops timeline > timeline.html

  --version  the version of this package
  --help     this text
`;

function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      output: { type: "string", short: "o" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
  });
  if (values.version) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const [command, file] = positionals;
  if (values.help || command !== "timeline" || positionals.length > 2) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const page = timelinePage(barsOf(JSON.parse(readFileSync(file ?? 0, "utf8"))));
  if (values.output === undefined) process.stdout.write(page);
  else writeFileSync(values.output, page);
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
