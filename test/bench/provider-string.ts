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

interface Candidate {
  way: string;
  project: PulumiProject;
  create: number[];
  nothing: number[];
  preview: number[];
  state: number;
  text: number;
}

/** Both ways in turn, repetition by repetition, so that what else the machine does meets both alike. */
async function measure(count: number): Promise<Row[]> {
  await using cleanUp = new AsyncDisposableStack();
  const candidates: Candidate[] = [];
  for (const [way, text] of Object.entries(ways)) {
    const program = `import * as pulumi from "@pulumi/pulumi";\n${text(count)}`;
    const project = cleanUp.use(await PulumiProject.create({ program, files: { "provider.mjs": module } }));
    candidates.push({ way, project, create: [], nothing: [], preview: [], state: 0, text: 0 });
  }
  for (let i = 0; i < repetitions; i++) for (const candidate of candidates) await repeat(candidate, count);
  return candidates.map(({ way, create, nothing, preview, state, text }) => ({
    way,
    resources: count,
    "up (create) s": best(create),
    "up (nothing to do) s": best(nothing),
    "preview s": best(preview),
    "state B/resource": Math.round(state),
    "of it __provider B": Math.round(text),
  }));
}

async function repeat(candidate: Candidate, count: number): Promise<void> {
  const { project } = candidate;
  candidate.create.push((await project.up({ check: true })).seconds);
  candidate.nothing.push((await project.up({ check: true })).seconds);
  candidate.preview.push((await project.preview({ check: true })).seconds);
  const { deployment } = await project.export();
  const things = deployment.resources.filter(({ type }) => type.endsWith(":NodeMaintenance"));
  const texts = things.flatMap(({ inputs, outputs }) => [inputs.__provider, outputs.__provider]);
  candidate.state = bytes(things) / count;
  candidate.text = bytes(texts) / count;
  await project.destroy({ check: true });
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

// The best of all repetitions: what else the machine does can only make a run slower.
function best(seconds: number[]): number {
  return Math.round(Math.min(...seconds) * 100) / 100;
}

const rows: Row[] = [];
for (const count of [1, 50]) rows.push(...(await measure(count)));
console.table(rows);
