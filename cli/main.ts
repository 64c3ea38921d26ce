#!/usr/bin/env node
import { timeline, usage } from "./timeline/command.ts";

function main([command, ...args]: string[]): number {
  const isHelp = [command, ...args].some((word) => word === "--help" || word === "-h");
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
