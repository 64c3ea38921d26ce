import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { startRedis } from "../../simulators/index.ts";
import { Host } from "../doors/dynamic/host.ts";
import { registered } from "../doors/dynamic/resource.ts";
import { quantile, round } from "./report.ts";

const root = join(import.meta.dirname, "..", "..");

/** The last version whose host loaded its modules one by one, and compiled its schemas itself. */
const before = "c8c38d0";

/** Milliseconds of CPU time that one process took for each part. */
interface Costs {
  /** Until Pulumi's host is ready, nothing of ours in it. */
  host: number;
  /** The first check of a resource: load the package, look at the inputs, look ahead at the system. */
  check: number;
  /** A program's import of @pulumi/pulumi. */
  pulumi: number;
  /** And then of the package. */
  sdk: number;
}

/**
 * What our start costs, today's package against the one before it, in turn: the median of the ratios within each pair. CPU time, since
 * the machine does other things as well.
 */
export async function runStart(repetitions: number): Promise<Record<string, string | number>[]> {
  const packages = [
    { name: "modules one by one", folder: checkOut(before), costs: [] as Costs[] },
    { name: "one file", folder: root, costs: [] as Costs[] },
  ];
  const [{ costs: old }] = packages as [(typeof packages)[number]];
  await using redis = await startRedis();
  for (let turn = 0; turn < repetitions; turn++) {
    for (const { folder, costs } of turn % 2 === 0 ? packages : packages.toReversed())
      costs.push({ ...(await hostCosts(folder, redis.endpoints)), ...(await programCosts(folder)) });
  }
  return packages.map(({ name, costs }) => {
    const median = (part: keyof Costs, digits: number) => {
      const each = costs.map((cost) => cost[part]);
      return round(quantile(each, 0.5), digits);
    };
    const ratio = (part: keyof Costs) => {
      const each = costs.map((cost, turn) => cost[part] / (old[turn] as Costs)[part]);
      return round(quantile(each, 0.5));
    };
    return {
      package: name,
      "first check, CPU ms": median("check", 0),
      "check, x before": ratio("check"),
      "Pulumi's host itself, CPU ms": median("host", 0),
      "import of the sdk, CPU ms": median("sdk", 1),
      "import, x before": ratio("sdk"),
      "of @pulumi/pulumi, CPU ms": median("pulumi", 0),
    };
  });
}

/** That version, built, in a folder of its own. */
function checkOut(revision: string): string {
  const folder = join(root, ".cache", "bench", revision);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const archive = execFileSync("git", ["archive", revision], { cwd: root, maxBuffer: 2 ** 30 });
    execFileSync("tar", ["-x", "-C", fresh], { input: archive });
    symlinkSync(join(root, "node_modules"), join(fresh, "node_modules"), "junction");
    execFileSync(process.execPath, ["scripts/build.ts"], { cwd: fresh, stdio: "inherit" });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** Answers a signal with what has been used so far. */
const meter = `process.on("SIGUSR2", () => process.stderr.write("CPU " + JSON.stringify(process.cpuUsage()) + "\\n"));`;

async function hostCosts(folder: string, endpoints: string[]): Promise<Pick<Costs, "host" | "check">> {
  await using host = await Host.start(
    { "clusterops:connections": JSON.stringify({ redis: { endpoints } }) },
    { from: folder, preload: `data:text/javascript,${encodeURIComponent(meter)}` },
  );
  const started = await cpuOf(host);
  const resource = { nodeUid: 1, ...registered("redis:NodeMaintenance") };
  const { failures } = await host.check({}, { ...resource, __preview: true });
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  return { host: started, check: (await cpuOf(host)) - started };
}

async function cpuOf(host: Host): Promise<number> {
  const { length } = host.stderr;
  host.signal("SIGUSR2");
  for (;;) {
    const [, text] = /^CPU (.*)\n/m.exec(host.stderr.slice(length)) ?? [];
    if (text !== undefined) return milliseconds(JSON.parse(text));
    await pause(5);
  }
}

async function programCosts(folder: string): Promise<Pick<Costs, "pulumi" | "sdk">> {
  const program = `
    const used = async (module) => { const from = process.cpuUsage(); await import(module); return process.cpuUsage(from); };
    console.log(JSON.stringify([await used("@pulumi/pulumi"), await used("pulumi-clusterops")]));`;
  const { stdout } = await execa(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
  const [pulumi, sdk] = JSON.parse(stdout).map(milliseconds);
  return { pulumi, sdk };
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}
