/**
 * What the text in `__provider` costs, in state and in time: serialized by pulumi.dynamic.Resource, or set directly on a
 * CustomResource. Both texts do the same: they import a module and call it.
 * Run: node test/bench/provider-string.ts [repetitions]
 */
import { PulumiProject } from "../../scripts/pulumi-project.ts";

const repetitions = Number(process.argv[2] ?? 3);

const module = `
const outs = ({ __provider, ...inputs }) => inputs;
export const serve = () => ({
  check: async (olds, news) => ({ inputs: news }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: "1", outs: outs(inputs) }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: outs(news) }),
  delete: async () => {},
});`;

const methods = ["check", "diff", "create", "read", "update", "delete"];
const load = `(await import(process.cwd() + "/provider.mjs")).serve("redis:NodeMaintenance", config)`;

const ways: Record<string, (count: number) => string> = {
  direct: (count) => `
const text = \`exports.handler=()=>{let config;const m=n=>async(...a)=>${load}[n](...a);return{configure:r=>{config=r.config},${methods.map((name) => `${name}:m("${name}")`).join()}}}\`;
class Thing extends pulumi.CustomResource {
  constructor(name: string, inputs: object) {
    super("pulumi-nodejs:dynamic/clusterops/redis:NodeMaintenance", name, { ...inputs, __provider: text });
  }
}
${make(count)}`,
  serialized: (count) => `
let config: any;
const provider: pulumi.dynamic.ResourceProvider = {
  configure: async (r) => { config = r.config; },
  ${methods.map((name) => `${name}: async (...a: any[]) => ${load}.${name}(...a),`).join("\n  ")}
};
class Thing extends pulumi.dynamic.Resource {
  constructor(name: string, inputs: object) {
    super(provider, name, { ...inputs }, {}, "clusterops/redis", "NodeMaintenance");
  }
}
${make(count)}`,
};

function make(count: number): string {
  return `for (let i = 0; i < ${count}; i++) new Thing("node-" + i, { nodeUid: i, connection: "redis", timeout: "30m" });`;
}

interface Row {
  way: string;
  resources: number;
  "up (create) s": number;
  "up (nothing to do) s": number;
  "preview s": number;
  "state B/resource": number;
  "of it __provider B": number;
}

async function measure(way: string, count: number): Promise<Row> {
  const program = `import * as pulumi from "@pulumi/pulumi";\n${ways[way]?.(count)}`;
  await using project = await PulumiProject.create({ program, files: { "provider.mjs": module } });
  const times = { create: [] as number[], nothing: [] as number[], preview: [] as number[] };
  let state = 0;
  let text = 0;
  for (let i = 0; i < repetitions; i++) {
    times.create.push((await project.up({ check: true })).seconds);
    times.nothing.push((await project.up({ check: true })).seconds);
    times.preview.push((await project.preview({ check: true })).seconds);
    const { deployment } = await project.export();
    const things = deployment.resources.filter(({ type }) => type.endsWith(":NodeMaintenance"));
    state = bytes(things) / count;
    text =
      things.reduce((sum, { inputs, outputs }) => sum + bytes([inputs.__provider, outputs.__provider]), 0) /
      count;
    await project.destroy({ check: true });
  }
  return {
    way,
    resources: count,
    "up (create) s": median(times.create),
    "up (nothing to do) s": median(times.nothing),
    "preview s": median(times.preview),
    "state B/resource": Math.round(state),
    "of it __provider B": Math.round(text),
  };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 100) / 100;
}

const rows: Row[] = [];
for (const count of [1, 50]) {
  for (const way of Object.keys(ways)) rows.push(await measure(way, count));
}
console.table(rows);
