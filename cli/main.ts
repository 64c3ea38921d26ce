#!/usr/bin/env node
import "../runtime/require-node-for-command.ts";
import { packageVersion } from "../runtime/version.ts";
import { timeline, usage } from "./timeline/command.ts";

const rehearsal = "\nUsage: pulumi-clusterops rehearse [options]   (rehearse --help says more)\n";

async function main([command, ...args]: string[]): Promise<number> {
  const isAsked = (...flags: string[]) => [command, ...args].some((word) => flags.includes(word ?? ""));
  if (isAsked("--version", "-v")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const isHelp = isAsked("--help", "-h");
  if (command === "rehearse") {
    const { rehearse, usage: ofRehearse } = await import("./rehearse/command.ts");
    if (!isHelp) return rehearse(args);
    process.stdout.write(ofRehearse);
    return 0;
  }
  if (isHelp || command !== "timeline") {
    (isHelp ? process.stdout : process.stderr).write(usage + rehearsal);
    return isHelp ? 0 : 2;
  }
  timeline(args, Date.now());
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 2;
  },
);
