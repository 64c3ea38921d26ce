import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { configuration, succeeded, TerraformProject } from "../support/terraform.ts";
import { quantile, round } from "./report.ts";

type Row = Record<string, string | number>;

/** 2 to 11.65 s: no multiples of anybody's interval. */
const lengthOf = (index: number, count: number) => 2_000 + (9_650 * index) / Math.max(1, count - 1);

const resources = (count: number) => `resource "clusterops_redis_node_action" "run" {
  count    = ${count}
  node_uid = count.index + 1
  action   = "enslave_node"
}`;

/** What a repository does without us: asks, and looks each second until it has ended. */
const loop = (count: number, endpoint: string) => `resource "terraform_data" "run" {
  count = ${count}
  provisioner "local-exec" {
    command = <<-EOT
      action=${endpoint}/v1/nodes/\${count.index + 1}/actions/enslave_node
      curl -s -X POST -H 'Content-Type: application/json' -d '{}' "$action" > /dev/null
      for look in $(seq 60); do curl -s "$action" | grep -q completed && break; sleep 1; done
      date +%s%3N > \${count.index + 1}.end
    EOT
  }
}`;

async function startWith(count: number): Promise<RedisSimulator> {
  const redis = await startRedis({ nodes: count });
  for (let index = 0; index < count; index++)
    redis.plan({ nodeUid: index + 1, action: "enslave_node", actionMs: lengthOf(index, count) });
  return redis;
}

/** N node actions at once: how long after its real end each was seen, and what that cost. */
export async function runTerraformWaits(count: number): Promise<Row[]> {
  const ours = await measured(
    count,
    "clusterops",
    (endpoint) => configuration({ redis: endpoint }, resources(count)),
    ({ state }) => {
      const { resources: found } = JSON.parse(state()) as {
        resources: { instances: { attributes: { node_uid: number; finished_at: string } }[] }[];
      };
      return found.flatMap(({ instances }) =>
        instances.map(({ attributes }) => [attributes.node_uid, Date.parse(attributes.finished_at)] as const),
      );
    },
  );
  const theirs = await measured(
    count,
    "curl loop",
    (endpoint) => loop(count, endpoint),
    ({ folder }) =>
      Array.from({ length: count }, (_, index) => [
        index + 1,
        Number(readFileSync(join(folder, `${index + 1}.end`), "utf8")),
      ]),
  );
  return [ours, theirs];
}

async function measured(
  count: number,
  by: string,
  program: (endpoint: string) => string,
  endsIn: (project: { folder: string; state(): string }) => (readonly [uid: number, seen: number])[],
): Promise<Row> {
  await using redis = await startWith(count);
  using project = new TerraformProject({ files: program(redis.endpoints[0] as string) });
  if (by !== "clusterops") succeeded(await project.run("init", "-no-color"));
  const began = performance.now();
  succeeded(await project.apply(`-parallelism=${count}`));
  const seconds = (performance.now() - began) / 1_000;
  const real = new Map(
    redis.requests
      .filter(({ method }) => method === "POST")
      .map(({ at, path }) => {
        const uid = Number(path.split("/")[3]);
        return [uid, at + lengthOf(uid - 1, count)] as const;
      }),
  );
  const overshoots = endsIn({ folder: project.folder, state: () => project.state() }).map(
    ([uid, seen]) => (seen - (real.get(uid) as number)) / 1_000,
  );
  return {
    by,
    actions: count,
    "p50 s": round(quantile(overshoots, 0.5)),
    "max s": round(Math.max(...overshoots)),
    reads: redis.counts().reads,
    mutating: redis.counts().mutating,
    "apply s": round(seconds, 1),
  };
}

/** A plan and an apply with nothing to do against those of a configuration without resources. */
export async function runTerraformStart(times: number): Promise<Row[]> {
  await using redis = await startRedis({ actionMs: 20 });
  const window = `resource "clusterops_redis_node_maintenance" "window" {\n  node_uid = 2\n}`;
  using ours = new TerraformProject({
    files: configuration({ redis: redis.endpoints[0] as string }, window),
  });
  using empty = new TerraformProject({ files: `output "nothing" {\n  value = 1\n}` });
  for (const project of [ours, empty]) succeeded(await project.apply());
  const least = async (work: () => Promise<unknown>) => {
    const all: number[] = [];
    for (let time = 0; time < times; time++) {
      const began = performance.now();
      await work();
      all.push((performance.now() - began) / 1_000);
    }
    return quantile(all, 0.5);
  };
  const rows: Row[] = [];
  for (const what of ["plan", "apply"] as const) {
    const [own, none] = [await least(() => ours[what]()), await least(() => empty[what]())];
    rows.push({
      what: `${what}, nothing to do`,
      s: round(own),
      "empty s": round(none),
      ratio: round(own / none, 1),
    });
  }
  return rows;
}
