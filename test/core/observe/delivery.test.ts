import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { execa } from "execa";
import { observerOf } from "../../../provider/core/observe/observing.ts";
import { faster } from "../../support/faster.ts";
import { type LocalServer, type Reply, type Seen, serve } from "../server.ts";
import { eventFile, observedContext } from "./harness.ts";

const facts = { operation: "create", type: "redis:NodeMaintenance", subject: "redis node 2", isWork: true };
const secret = "T0planted/B0planted";

describe("events", () => {
  faster(3);

  /** Tells of so many operations, one after the other. @returns what was warned of, and how long each was held up */
  async function told(settings: Record<string, string>, operations: number) {
    const context = observedContext({}, settings);
    const observer = await observerOf(context, {});
    assert.ok(observer);
    const heldUp: number[] = [];
    for (let number = 0; number < operations; number++) {
      observer.begin({ ...facts, blank: (text) => text }).end();
      const began = performance.now();
      await observer.flush((message) => context.warn(message));
      heldUp.push(performance.now() - began);
    }
    return { warnings: context.said.warnings, heldUp };
  }

  const posted = (answer: (request: Seen, number: number) => Reply | undefined): Promise<LocalServer> =>
    serve(answer);

  it("go to a URL one by one, as JSON", async () => {
    await using server = await posted(() => ({ status: 200 }));
    const { warnings } = await told({ "clusterops:events": `${server.url}/services/${secret}` }, 2);
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      server.requests.map(({ method, url, body }) => [method, url, JSON.parse(body).event]),
      ["started", "finished", "started", "finished"].map((event) => ["POST", `/services/${secret}`, event]),
    );
  });

  it("are sent again to a URL that answers badly for a moment", async () => {
    await using server = await posted((_request, number) => ({ status: number === 0 ? 503 : 200 }));
    const { warnings } = await told({ "clusterops:events": server.url }, 1);
    assert.deepEqual(warnings, []);
    assert.equal(server.requests.length, 3);
  });

  it("hold up one operation for a second at most where a URL hangs, and warn once, without what is secret in it", async () => {
    await using server = await posted(() => undefined);
    const { warnings, heldUp } = await told({ "clusterops:events": `${server.url}/${secret}` }, 20);
    assert.deepEqual(warnings, [
      `events cannot be delivered to ${server.url}: no answer within 1s; the work goes on without them`,
    ]);
    const [first = 0, ...others] = heldUp;
    assert.ok(Math.max(...others) < first, `${first}, then ${others}`);
  });

  it("warn once of a URL where nobody listens, or that refuses them", async () => {
    const gone = await posted(() => ({ status: 200 }));
    await gone[Symbol.asyncDispose]();
    const { warnings } = await told({ "clusterops:events": `${gone.url}/${secret}` }, 3);
    assert.deepEqual(warnings, [
      `events cannot be delivered to ${gone.url}: connection refused; the work goes on without them`,
    ]);
    await using server = await posted(() => ({ status: 403 }));
    const refused = await told({ "clusterops:events": `${server.url}/${secret}` }, 3);
    assert.deepEqual(refused.warnings, [
      `events cannot be delivered to ${server.url}: it answers 403; the work goes on without them`,
    ]);
  });

  it("do not follow a redirect: the path of a chat's webhook is its credential", async () => {
    await using elsewhere = await posted(() => ({ status: 200 }));
    await using server = await posted(() => ({ status: 307, headers: { location: elsewhere.url } }));
    const { warnings } = await told({ "clusterops:events": server.url }, 1);
    assert.equal(elsewhere.requests.length, 0);
    assert.match(warnings.join(), /it answers 307/);
  });

  it("are whole lines of a file, whoever else writes into it", async () => {
    using events = eventFile();
    await Promise.all(Array.from({ length: 8 }, () => told({ "clusterops:events": events.file }, 25)));
    assert.equal(events.lines().length, 8 * 25 * 2);
  });

  it("warn once of a named pipe that nobody reads, and let the process end", async () => {
    using events = eventFile();
    execFileSync("mkfifo", [events.file]);
    const [observing, harness] = ["../../../provider/core/observe/observing.ts", "./harness.ts"].map((path) =>
      JSON.stringify(new URL(path, import.meta.url).href),
    );
    // Whatever waits for a reader waits in the way of the end of the whole process.
    const { stdout } = await execa({
      timeout: 20_000,
    })`${process.execPath} --input-type=module-typescript --eval ${`
      import { observerOf } from ${observing};
      import { observedContext } from ${harness};
      const context = observedContext({}, { "clusterops:events": ${JSON.stringify(events.file)} });
      const observer = await observerOf(context, {});
      observer.begin({ ...${JSON.stringify(facts)}, blank: (text) => text }).end();
      await observer.flush((message) => context.warn(message));
      console.log(context.said.warnings.join());
    `}`;
    assert.match(stdout, /^events cannot be delivered to .*: ENXIO/);
  });

  it("warn once of a file that cannot be written", async () => {
    const { warnings } = await told({ "clusterops:events": "/nowhere/at/all/events.jsonl" }, 3);
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), /^events cannot be delivered to \/nowhere\/at\/all\/events\.jsonl: ENOENT/);
  });
});
