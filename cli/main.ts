#!/usr/bin/env node
import "../runtime/require-node-for-command.ts";
import { packageVersion } from "../runtime/version.ts";
import { planReport, usage as planReportUsage } from "./plan-report/command.ts";
import { timeline, usage as timelineUsage } from "./timeline/command.ts";

interface Command {
  usage: string;
  run(args: string[]): void;
}

const commands: Record<string, Command> = {
  timeline: { usage: timelineUsage, run: (args) => timeline(args, Date.now()) },
  "plan-report": { usage: planReportUsage, run: planReport },
};

const usage = `Usage: pulumi-clusterops <command> [options]

  timeline       what was done when, out of a stack export, as one page
  plan-report    what is going to be done, out of a preview, for a pull request

pulumi-clusterops <command> --help tells more.
`;

function main([name = "", ...args]: string[]): number {
  const isAsked = (...flags: string[]) => [name, ...args].some((word) => flags.includes(word));
  if (isAsked("--version", "-v")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const isHelp = isAsked("--help", "-h");
  if (isHelp || command === undefined) {
    (isHelp ? process.stdout : process.stderr).write(command?.usage ?? usage);
    return isHelp ? 0 : 2;
  }
  command.run(args);
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
