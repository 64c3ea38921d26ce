#!/usr/bin/env node
import "../runtime/require-node-for-command.ts";
import { parseArgs, styleText } from "node:util";
import { packageVersion } from "../runtime/version.ts";
import { startAspire } from "./aspire/simulator.ts";
import { configurationCommands, connectionsTo, type Running } from "./configuration.ts";
import type { RequestRecord } from "./core/log.ts";
import { startFactFinder } from "./factfinder/simulator.ts";
import { startRedis } from "./redis/simulator.ts";
import { portOf, type SystemName, systemNames } from "./start-all.ts";
import { startTcf } from "./tcf/simulator.ts";

const help = `Usage: pulumi-clusterops-simulators [options] [redis] [tcf] [factfinder] [aspire]

The systems that pulumi-clusterops drives, in small, on 127.0.0.1: to rehearse a change before doing it for real.
Without a name all four are started.

  --port-base <n>       redis listens on n, tcf from n+10, factfinder from n+20, aspire from n+30;
                        0 takes any free ports (default 18000)
  --action-seconds <s>  how long a node action, a change of state or a reload takes (default 8)
  --nodes <n>           nodes of the Redis Enterprise cluster (default 3)
  --seed <n>            makes task ids the same in every run (default 1)
  --version             the version of this package
  --help                this text

Each mutating request is shown as it comes; Ctrl-C shows how many there were, and leaves nothing running.`;

interface Settings {
  systems: SystemName[];
  portBase: number;
  actionMs: number;
  nodes: number;
  seed: number;
}

async function main(): Promise<void> {
  const settings = readSettings();
  if (!settings) return;
  const running: Running = {};
  const stop = async () => {
    for (const simulator of Object.values(running)) await simulator.close();
  };
  try {
    await startSystems(settings, running);
  } catch (error) {
    await stop();
    throw error;
  }
  printConnections(running);
  await stopSignal();
  await stop();
  printCounts(running);
}

/** `undefined` when there is nothing to start. */
function readSettings(): Settings | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "port-base": { type: "string", default: "18000" },
      "action-seconds": { type: "string", default: "8" },
      nodes: { type: "string", default: "3" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
  });
  if (values.help || values.version) {
    console.log(values.help ? help : packageVersion());
    return undefined;
  }
  const unknown = positionals.find((name) => !systemNames.includes(name as SystemName));
  if (unknown) throw new Error(`there is no system "${unknown}": choose among ${systemNames.join(", ")}`);
  return {
    systems: positionals.length > 0 ? (positionals as SystemName[]) : systemNames,
    portBase: readNumber("port-base", values["port-base"], { from: 0, to: 65_000, whole: true }),
    actionMs: readNumber("action-seconds", values["action-seconds"], { from: 0, to: 86_400 }) * 1000,
    nodes: readNumber("nodes", values.nodes, { from: 1, to: 100, whole: true }),
    seed: readNumber("seed", values.seed, { from: 0, to: Number.MAX_SAFE_INTEGER, whole: true }),
  };
}

function readNumber(
  flag: string,
  given: string,
  { from, to, whole = false }: { from: number; to: number; whole?: boolean },
) {
  const value = Number(given);
  if (given.trim() !== "" && value >= from && value <= to && (!whole || Number.isInteger(value)))
    return value;
  throw new Error(`--${flag} is a ${whole ? "whole " : ""}number from ${from} to ${to}, not "${given}"`);
}

async function startSystems(
  { systems, portBase, actionMs, nodes, seed }: Settings,
  running: Running,
): Promise<void> {
  const at = (system: SystemName) => ({ seed, port: portOf(system, portBase) });
  if (systems.includes("redis")) running.redis = await startRedis({ ...at("redis"), nodes, actionMs });
  if (systems.includes("tcf")) running.tcf = await startTcf({ ...at("tcf"), switchMs: actionMs });
  if (systems.includes("factfinder")) {
    running.factfinder = await startFactFinder({ ...at("factfinder"), reloadMs: actionMs });
  }
  if (systems.includes("aspire")) running.aspire = await startAspire(at("aspire"));
  for (const [name, simulator] of Object.entries(running))
    simulator.watch((record: RequestRecord) => printRequest(name, record));
}

function printConnections(running: Running): void {
  const connections = connectionsTo(running);
  for (const { what, endpoints } of connections) console.log(`${endpoints.join(" ")}  ${what}`);
  console.log("\nTo let a stack use them:\n");
  for (const command of configurationCommands(connections)) console.log(`  ${command}`);
  console.log("\nMutating requests are listed here as they come; Ctrl-C ends it.");
}

function printRequest(system: string, record: RequestRecord): void {
  if (!record.mutating) return;
  const time = new Date(record.at).toISOString().slice(11, 19);
  const query = record.query ? `?${record.query}` : "";
  const outcome = `${record.status ?? "no answer"}${record.effect ? "" : ", no effect"}`;
  const line = `${time}  ${system.padEnd(10)} ${record.method} ${record.path}${query} -> ${outcome}`;
  console.log(record.effect ? line : styleText("dim", line));
}

function printCounts(running: Running): void {
  console.log("\nsystem      mutating  effects  reads");
  for (const [name, simulator] of Object.entries(running)) {
    const { mutating, effects, reads } = simulator.counts();
    console.log(
      `${name.padEnd(10)}  ${String(mutating).padStart(8)}  ${String(effects).padStart(7)}  ${String(reads).padStart(5)}`,
    );
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

main().catch((error: Error & { code?: string }) => {
  const hint = error.code === "EADDRINUSE" ? " (choose another --port-base)" : "";
  console.error(`pulumi-clusterops-simulators: ${error.message}${hint}`);
  process.exitCode = 2;
});
