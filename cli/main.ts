#!/usr/bin/env node
import "../runtime/require-node-for-command.ts";
import { packageVersion } from "../runtime/version.ts";
import { timeline, usage } from "./timeline/command.ts";

function main([command, ...args]: string[]): number {
  const isAsked = (...flags: string[]) => [command, ...args].some((word) => flags.includes(word ?? ""));
  if (isAsked("--version", "-v")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const isHelp = isAsked("--help", "-h");
  if (isHelp || command !== "timeline") {
    (isHelp ? process.stdout : process.stderr).write(usage);
    return isHelp ? 0 : 2;
  }
  timeline(args, Date.now());
  return 0;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
