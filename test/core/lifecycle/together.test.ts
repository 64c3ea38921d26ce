import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { recalling } from "../../../provider/core/http/http.ts";
import { lifecycleOf } from "../../../provider/core/lifecycle/lifecycle.ts";
import type { CommonInputs } from "../../../provider/core/lifecycle/resource.ts";
import { type StateResource, stateResource } from "../../../provider/core/lifecycle/state-resource.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { waitFor } from "../../../provider/core/work/wait.ts";
import { createAuthority } from "../../support/certificates.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";
import { type Seen, serve } from "../server.ts";

interface Inputs extends CommonInputs {
  nodeUid: number;
}

/** One process, in which several operations go on at the same time. */
function host(
  connections: Record<string, Connection>,
  parts: Partial<StateResource<Inputs, object, string>>,
) {
  const session = new Session();
  const lifecycle = lifecycleOf(
    stateResource<Inputs, object, string>({
      system: plain,
      type: "ReplicaNode",
      timeout: "20s",
      id: ({ nodeUid }) => String(nodeUid),
      subject: ({ nodeUid }) => `plain node ${nodeUid}`,
      observe: async () => "slave",
      converge: async () => "slave",
      outputs: () => ({}),
      ...parts,
    }),
  );
  const open = (preview = false) => ({ ...contextFor(connections, { preview }), session });
  return { lifecycle, open };
}

async function until(isSo: () => boolean): Promise<void> {
  const began = performance.now();
  while (!isSo()) {
    assert.ok(performance.now() - began < 10_000, `never so: ${isSo}`);
    await sleep(5);
  }
}

/** A server, some of whose answers are held back; it knows which of these were hung up on. */
async function holding(isHeld: (seen: Seen) => boolean, status = 200) {
  const hungUp: string[] = [];
  const releases: (() => void)[] = [];
  const server = await serve((seen, _number, response) => {
    if (!isHeld(seen)) return { status, body: "[]" };
    response.once("close", () => {
      if (!response.writableEnded) hungUp.push(seen.url);
    });
    releases.push(() => response.end("[]"));
    return undefined;
  });
  return { server, hungUp, release: () => releases.forEach((release) => void release()) };
}

describe("the requests of a preview", () => {
  const looking = {
    async plan({ http, signal }: Parameters<NonNullable<StateResource<Inputs, object, string>["plan"]>>[0]) {
      const way = recalling(http);
      await Promise.all(["/a", "/b", "/c"].map((path) => way.call({ method: "GET", path }, { signal })));
      return { plan: "nothing" };
    },
  };

  it("do not go on when it has answered", async () => {
    const { server, hungUp } = await holding(({ url }) => url !== "/a", 403);
    await using _ = server;
    const { lifecycle, open } = host({ plain: { endpoint: server.url } }, looking);
    const failures = await lifecycle.plan(open(true), undefined, { nodeUid: 1 });
    assert.match(failures[0]?.reason ?? "", /\/a: 403/);
    await until(() => hungUp.length === 2);
  });

  it("go on for another one that waits for the same, and is not cancelled", async () => {
    const { server, hungUp, release } = await holding(() => true);
    await using _ = server;
    const { lifecycle, open } = host({ plain: { endpoint: server.url } }, looking);
    const [one, other] = [open(true), open(true)];
    const plans = [one, other].map((context, nodeUid) => lifecycle.plan(context, undefined, { nodeUid }));
    await until(() => server.requests.length === 3);
    one.cancel();
    await plans[0];
    release();
    assert.deepEqual(await plans[1], []);
    assert.deepEqual([other.said.plans, other.said.warnings], [["nothing"], []]);
    assert.deepEqual([server.requests.length, hungUp], [3, []]);
  });
});

describe("waits of one process", () => {
  const converging = (look: (path: string) => string) => ({
    async converge(scope: Parameters<StateResource<Inputs, object, string>["converge"]>[0]) {
      const { http } = scope;
      return waitFor<string, string>(scope, {
        what: "node role",
        share: `${http.id} list`,
        look: async (how) =>
          String(
            (await http.call({ method: "GET", path: look("list") }, { ...how, patience: "patient" })).body,
          ),
        judge: (seen) => (seen === "done" ? { done: seen } : { pending: seen }),
      });
    },
  });

  it("with other credentials for the same endpoints go on when these are refused", async () => {
    let isRevoked = false;
    let isDone = false;
    await using server = await serve(({ headers }) => {
      if (isRevoked && headers.authorization === "Bearer planted-old") return { status: 401 };
      return { body: isDone ? "done" : "running" };
    });
    const connections = {
      old: { endpoint: server.url, token: "planted-old" },
      new: { endpoint: server.url, token: "planted-new" },
    };
    const { lifecycle, open } = host(
      connections,
      converging(() => "/list"),
    );
    const create = (nodeUid: number, connection: string) => lifecycle.create(open(), { nodeUid, connection });
    const creations = [create(1, "old"), create(2, "new"), create(3, "old"), create(4, "new")];
    const results = Promise.allSettled(creations);
    await until(() => new Set(server.requests.map(({ headers }) => headers.authorization)).size === 2);
    isRevoked = true;
    await Promise.allSettled([creations[0], creations[2]]);
    isDone = true;
    const ended = (await results).map((result) =>
      result.status === "fulfilled" ? result.value.outcome : String(result.reason),
    );
    for (const index of [0, 2]) assert.match(ended[index] ?? "", /401/);
    assert.deepEqual([ended[1], ended[3]], ["ready", "ready"]);
  });

  it("go on when the file of a certificate authority goes away meanwhile", async () => {
    const authority = await createAuthority();
    const path = join(tmpdir(), `authority-${process.pid}.pem`);
    writeFileSync(path, authority.ca);
    let looks = 0;
    await using server = await serve(
      () => ({ body: ++looks > 3 ? "done" : "running" }),
      await authority.issue(),
    );
    const { lifecycle, open } = host(
      { plain: { endpoint: server.url, caCert: path } },
      converging(() => "/list"),
    );
    const created = lifecycle.create(open(), { nodeUid: 1 });
    await until(() => looks > 1);
    rmSync(path);
    assert.equal((await created).outcome, "ready");
  });
});
