/**
 * Writes docs/one-run.md: the report, the events, the trace and the timeline of one `up` on the real CLI, against simulators. Run it by hand, after
 * `npm run build`: `node scripts/docs/one-run.ts`. Times differ from run to run.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fingerprintOf } from "../../cli/plan-report/fingerprint.ts";
import { readPlan } from "../../cli/plan-report/read.ts";
import { reportOf } from "../../cli/plan-report/report.ts";
import { timelineOf } from "../../cli/timeline/command.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { PulumiProject } from "../pulumi-project.ts";
import { blocks } from "./markdown.ts";

interface Span {
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

const program = `import { redis, tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: "cluster2",
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
  stableFor: "1s",
});
new redis.NodeMaintenance("node-2", { nodeUid: 2 }, { dependsOn: [orders] });
`;

/** A collector for as long as a run takes. */
async function collecting<T>(work: (url: string, spans: Span[]) => Promise<T>): Promise<T> {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans);
  } finally {
    server.close();
  }
}

/** Each operation that may change something, and what it consists of; of several reads in a row the first. */
function tree(spans: readonly Span[]): string {
  const began = (span: Span) => BigInt(span.startTimeUnixNano);
  const inOrder = (all: readonly Span[]) => all.toSorted((a, b) => (began(a) < began(b) ? -1 : 1));
  const lines = (span: Span, depth: number): string[] => {
    const took = Number((BigInt(span.endTimeUnixNano) - began(span)) / 1_000_000n);
    const indent = "  ".repeat(depth + 1);
    const shown: string[] = [];
    let reads = 0;
    const more = () => {
      if (reads > 1) shown.push(`${indent}… ${reads - 1} more`);
      reads = 0;
    };
    for (const child of inOrder(spans.filter(({ parentSpanId }) => parentSpanId === span.spanId))) {
      if (child.name.startsWith("GET ") && reads++ > 0) continue;
      if (!child.name.startsWith("GET ")) more();
      shown.push(...lines(child, depth + 1));
    }
    more();
    return [`${"  ".repeat(depth) + span.name}`.padEnd(58) + `${took} ms`.padStart(8), ...shown];
  };
  const roots = spans.filter(({ name }) => /^(create|update|delete) /.test(name));
  return inOrder(roots)
    .flatMap((span) => lines(span, 0))
    .join("\n");
}

const redis = await startRedis({ actionMs: 2_000 });
const tcf = await startTcf({ switchMs: 700 });
const project = await PulumiProject.create({
  program,
  config: configurationValues(connectionsTo({ redis, tcf })),
});
try {
  const page = await collecting(async (url, spans) => {
    const events = join(project.root, "events.jsonl");
    const preview = await project.run(["preview", "--json"], {
      check: true,
      env: { CLUSTEROPS_EXPECT: "report" },
    });
    const plan = readPlan(preview.stdout);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      CLUSTEROPS_EVENTS: events,
    };
    await project.up({ check: true, env });
    const told = readFileSync(events, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { time: string; event: string; text: string });
    const exported = await project.run(["stack", "export"], { check: true });
    const fenced = (text: string) => `\`\`\`console run\n${text.trimEnd()}\n\`\`\``;
    const ports: string[] = [];
    const withoutPorts = (text: string) =>
      text.replace(/(127\.0\.0\.1|localhost):(\d+)/g, (_, host: string, port: string) => {
        if (!ports.includes(port)) ports.push(port);
        return `${host}:${18_000 + ports.indexOf(port)}`;
      });
    return blocks(
      "# One run",
      "What is said of one `pulumi up` that moves a federation to its other cluster and then takes a node into maintenance, on simulators: before it, while it runs, and after it. `node scripts/docs/one-run.ts` has written this page.",
      `\`\`\`ts\n${program}\`\`\``,
      "## Before: the report",
      "For whoever approves it ([approval](approval.md)), up to its fingerprint.",
      fenced(withoutPorts(reportOf(plan, fingerprintOf(plan)).split("\n### Fingerprint")[0] ?? "")),
      "## Meanwhile: events",
      "The field `text` of each line ([events](traces-and-events.md#events)).",
      fenced(
        told.map(({ time, event, text }) => `${time.slice(11, 23)}  ${event.padEnd(8)}  ${text}`).join("\n"),
      ),
      "## Meanwhile: the trace",
      "The spans ([traces](traces-and-events.md#traces)); of several reads in a row the first.",
      fenced(tree(spans)),
      "## Afterwards: the timeline",
      "What the state has recorded ([timeline](timeline.md)).",
      fenced(timelineOf(exported.stdout).lines.join("\n")),
    );
  });
  writeFileSync(join(import.meta.dirname, "..", "..", "docs", "one-run.md"), page);
} finally {
  await project.remove();
  for (const system of [redis, tcf]) await system.close();
}
