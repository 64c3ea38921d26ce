import assert from "node:assert/strict";
import type { Connection, System } from "../../../provider/core/connection/settings.ts";
import { Session, type Way } from "../../../provider/core/work/installation.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";
import { serve } from "../server.ts";

const ways = (connections: Record<string, Connection>, system: System = plain, session = new Session()) =>
  Object.keys(connections).map((name) => {
    const { config, warn } = contextFor(connections);
    return session.connect(system, name, config, { warn });
  });

describe("an installation", () => {
  it("is one for connections that meet at an address, and another where they do not", () => {
    const [one, other, third] = ways({
      one: { endpoints: ["http://127.0.0.1:1", "http://b.test:1"] },
      other: { endpoints: ["http://localhost:1"] },
      third: { endpoints: ["http://c.test:1"] },
    });
    assert.equal(one?.installation, other?.installation);
    assert.notEqual(one?.installation, third?.installation);
  });

  it("is one for connections without a common address, once one of them has named the other's host as its own", async () => {
    await using server = await serve(() => ({ body: ["10.0.0.1", "10.0.0.2"] }));
    const system: System = { ...plain, ownHosts: { path: "/hosts", read: (body) => body as string[] } };
    const [one, other] = ways(
      { one: { endpoint: server.url }, other: { endpoint: "http://10.0.0.2:9443" } },
      system,
    );
    assert.notEqual(one?.installation, other?.installation);
    await one?.call({ method: "GET", path: "/hosts" }, { signal: new AbortController().signal });
    assert.equal(one?.installation, other?.installation);
  });

  it("keeps what was known of two that turn out to be one: who declares what, what may yet come, and whose turn it is", async () => {
    await using server = await serve(() => ({ body: ["10.0.0.1", "10.0.0.2"] }));
    const system: System = { ...plain, ownHosts: { path: "/hosts", read: (body) => body as string[] } };
    const [one, other] = ways(
      { one: { endpoint: server.url }, other: { endpoint: "http://10.0.0.2:9443" } },
      system,
    ) as [Way, Way];
    const { signal } = new AbortController();
    const seen: string[] = [];
    const { promise: turn, resolve: end } = Promise.withResolvers<void>();
    assert.notEqual(one.installation, other.installation);
    other.installation.declarations.declare("node 2", "urn:other");
    other.installation.late.add({ on: "node 2", does: "maintenance_on", until: Date.now() + 60_000 });
    const first = other.installation.locks.hold("node 2", signal, async () => {
      await turn;
      seen.push("other");
    });
    await one.call({ method: "GET", path: "/hosts" }, { signal });
    assert.equal(one.installation, other.installation);
    assert.equal(one.installation.declarations.declaredByAnother("node 2", "urn:one"), "urn:other");
    assert.ok(one.installation.late.pending("node 2") > 0);
    const second = one.installation.locks.hold("node 2", signal, async () => void seen.push("one"));
    end();
    await Promise.all([first, second]);
    assert.deepEqual(seen, ["other", "one"]);
  });

  it("is not one for connections to this machine, which may be anybody's", async () => {
    await using server = await serve(() => ({ body: ["127.0.0.1"] }));
    const system: System = { ...plain, ownHosts: { path: "/hosts", read: (body) => body as string[] } };
    const [one, other] = ways(
      { one: { endpoint: server.url }, other: { endpoint: "http://127.0.0.1:9" } },
      system,
    );
    await one?.call({ method: "GET", path: "/hosts" }, { signal: new AbortController().signal });
    assert.notEqual(one?.installation, other?.installation);
  });

  it("knows what other resources declare", () => {
    const [way] = ways({ one: { endpoint: "http://a.test" } });
    const { installation } = way as NonNullable<typeof way>;
    installation.declarations.declare("node 2", "urn:old");
    assert.equal(installation.declarations.declaredByAnother("node 2", "urn:old"), undefined);
    installation.declarations.declare("node 2", "urn:new");
    assert.equal(installation.declarations.declaredByAnother("node 2", "urn:old"), "urn:new");
    installation.declarations.release("node 2", "urn:new");
    assert.equal(installation.declarations.declaredByAnother("node 2", "urn:old"), undefined);
  });
});
