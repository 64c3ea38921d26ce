import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

const seedIds = ["A=", "B", "C", "D"];
const client = { clientId: "ci", clientSecret: "planted-secret" };
const clients = [client];

describe("access tokens for Aspire that expire during a run", () => {
  const resource = lifecycle("aspire:SeedRelease");
  let aspire: AspireSimulator;
  afterEach(() => aspire.close());

  it("are renewed on the manager's 401, and each seed is released once", async () => {
    aspire = await startAspire({ seeds: seedIds, auth: { oauth2: { clients } } });
    const oauth2 = { tokenUrl: `${aspire.endpoints[0]}/oauth/token`, ...client };
    const context = contextFor({ aspire: { endpoints: aspire.endpoints, oauth2 } });
    let answered = 0;
    aspire.watch(({ token }) => {
      if (!token && ++answered === 2) aspire.expireTokens();
    });
    await resource.create(context, { seedIds });
    assert.deepEqual(
      aspire.seeds.map(({ releases }) => releases),
      [1, 1, 1, 1],
    );
    const { tokens, mutating, effects } = aspire.counts();
    assert.deepEqual({ tokens, mutating, effects }, { tokens: 2, mutating: 5, effects: 4 });
  });

  it("are had by HTTP Basic where the token endpoint takes nothing else, which is found out once", async () => {
    aspire = await startAspire({ seeds: seedIds, auth: { oauth2: { clients, clientAuth: "basic" } } });
    const oauth2 = { tokenUrl: `${aspire.endpoints[0]}/oauth/token`, ...client };
    const context = contextFor({ aspire: { endpoints: aspire.endpoints, oauth2 } });
    aspire.watch(({ token }) => {
      if (!token && aspire.counts().mutating === 1) aspire.expireTokens();
    });
    await resource.create(context, { seedIds });
    const { tokens, effects } = aspire.counts();
    assert.deepEqual({ tokens, effects }, { tokens: 3, effects: 4 });
  });

  it("that cannot be renewed end the run, with what is done kept, and never show", async () => {
    aspire = await startAspire({ seeds: seedIds, auth: { oauth2: { clients } } });
    const token = aspire.issueToken();
    aspire.watch(() => aspire.expireTokens());
    const context = contextFor({ aspire: { endpoints: aspire.endpoints, token } });
    await assert.rejects(resource.create(context, { seedIds }), (error: Error & { outputs?: object }) => {
      assert.match(
        error.message,
        /seed B: .*401.*credentials were not accepted.*ADMINISTRATOR or MANAGER role/,
      );
      assert.match(error.message, /; accepted by the manager: A=; not tried: C, D;/);
      assert.ok(!JSON.stringify([error, error.outputs, error.message]).includes(token));
      return true;
    });
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [2, 1]);
  });
});
