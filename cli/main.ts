#!/usr/bin/env node
import "../runtime/require-node-for-command.ts";
import leven from "leven";
import { packageVersion } from "../runtime/version.ts";

interface Command {
  usage: string;
  /** @returns the exit code; nothing: 0 */
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands end well, or throw
  run(args: string[]): void | Promise<number>;
}

/** Loaded when it is typed: a rehearsal needs the provider and the simulators, the others next to nothing. */
const commands: Record<string, () => Promise<Command>> = {
  async timeline() {
    const { timeline, usage } = await import("./timeline/command.ts");
    return { usage, run: (args) => timeline(args, Date.now()) };
  },
  async "plan-report"() {
    const { planReport, usage } = await import("./plan-report/command.ts");
    return { usage, run: planReport };
  },
  async rehearse() {
    const { rehearse, usage } = await import("./rehearse/command.ts");
    return { usage, run: (args) => rehearse(args) };
  },
};

const usage = `Usage: pulumi-clusterops <command> [options]

  timeline       what was done when, out of a stack export, as one page
  plan-report    what is going to be done, out of a preview, for a pull request
  rehearse       what pulumi up would do, on simulators that look like what the stack names

pulumi-clusterops <command> --help tells more.
`;

/** "no command plan: did you mean plan-report?" */
function unknownCommand(name: string): string {
  const near = Object.keys(commands).find((known) => known.startsWith(name) || leven(known, name) <= 2);
  return `no command ${name}${near === undefined ? "" : `: did you mean ${near}?`}`;
}

async function main([name = "", ...args]: string[]): Promise<number> {
  const isAsked = (...flags: string[]) => [name, ...args].some((word) => flags.includes(word));
  if (isAsked("--version", "-v")) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
  const isHelp = isAsked("--help", "-h");
  if (isHelp || command === undefined) {
    if (!isHelp && name !== "") process.stderr.write(`${unknownCommand(name)}\n\n`);
    (isHelp ? process.stdout : process.stderr).write(command?.usage ?? usage);
    return isHelp ? 0 : 2;
  }
  return (await command.run(args)) ?? 0;
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
