import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { recalling } from "../../../provider/core/http/http.ts";
import { planInputs } from "../../../provider/core/lifecycle/plan.ts";
import type { CommonInputs } from "../../../provider/core/lifecycle/resource.ts";
import { stateResource } from "../../../provider/core/lifecycle/state-resource.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";
import { type Reply, type Seen, serve } from "../server.ts";

export interface Inputs extends CommonInputs {
  nodeUid: number;
}

/** Looks at two lists, which all resources share, and at one thing of its own. */
export const spec = stateResource<Inputs, object, string>({
  system: plain,
  type: "ReplicaNode",
  timeout: "1m",
  id: ({ nodeUid }) => String(nodeUid),
  subject: ({ nodeUid }) => `plain node ${nodeUid}`,
  observe: async () => "slave",
  converge: async () => "slave",
  outputs: () => ({}),
  async plan(scope, { nodeUid }) {
    const http = recalling(scope.http);
    await Promise.all(["/nodes", "/actions"].map((path) => http.call({ method: "GET", path }, scope)));
    await scope.http.call({ method: "GET", path: `/nodes/${nodeUid}` }, scope);
    return { plan: `node ${nodeUid} is a replica` };
  },
});

/** What the previews of some resources tell and cost, one after the other, as an engine asks for them. */
export async function preview(
  connections: Record<string, Connection>,
  resources: { connection?: string; nodeUid: number }[],
  session = new Session(),
) {
  const told: string[] = [];
  const times: number[] = [];
  for (const inputs of resources) {
    const context = contextFor(connections, { preview: true });
    const began = performance.now();
    assert.deepEqual(await planInputs(spec, { ...context, session }, undefined, { ...inputs }), []);
    times.push(performance.now() - began);
    told.push([...context.said.warnings, ...context.said.plans].join(" | "));
  }
  const [first = 0, ...others] = times;
  return { told, first, others: others.reduce((sum, time) => sum + time, 0) };
}

export const nodes = (count: number) => Array.from({ length: count }, (_, index) => ({ nodeUid: index + 1 }));
export const settings = { username: "ops@example.com", password: "planted-password" };

/** Takes a request, and says nothing at all. */
export const mute = () => serve(() => undefined);

/** Answers all but some paths. */
export const muteOn = (
  isMute: (path: string) => boolean,
  answer: (seen: Seen) => Reply = () => ({ body: "[]" }),
) => serve((seen) => (isMute(seen.url) ? undefined : answer(seen)));

/** A port on which no TLS handshake ever ends. */
export async function noHandshake(): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Headers, and never the end of a body. */
export const noEnd = () =>
  serve((_request, _number, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("[");
    return undefined;
  });

/** A gateway that waits for what stands behind it, and gives up sooner than we do. */
export const gatewayTimeOut = () =>
  serve((_request, _number, response) => {
    setTimeout(() => response.writeHead(504).end(), 3_000);
    return undefined;
  });

/** One resource tells it, for all. */
export function oneTells([first, ...others]: string[], what: RegExp): void {
  assert.match(first ?? "", what);
  assert.doesNotMatch(first ?? "", /aborted|ran out/);
  assert.deepEqual(
    others.filter((text) => text !== ""),
    [],
  );
}

export function allTell(told: string[], what: RegExp): void {
  for (const text of told) assert.match(text, what);
}
