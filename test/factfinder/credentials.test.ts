import assert from "node:assert/strict";
import { type DeltaUpdate, fingerprint, startFactFinder } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";
import { onStage, syncOf, update } from "./stage.ts";

const user = { username: "ops", password: "planted-password" };

describe("FACT-Finder's ways of authentication", () => {
  it("take a user name and password", () =>
    onStage(
      "DatabaseSync",
      { auth: { users: [user] } },
      async ({ stack }) => void (await stack.up(syncOf(2))),
      user,
    ));

  it("take an API key in its header", () =>
    onStage(
      "DatabaseSync",
      { auth: { apiKeys: [{ key: "planted-key" }] } },
      async ({ ff, stack }) => {
        await stack.up(syncOf(2));
        assert.equal(ff.requests[0]?.headers["x-ff-api-key"], fingerprint("planted-key"));
      },
      { headers: { "X-FF-API-Key": "planted-key" } },
    ));

  it("take a token by the password grant, fetched once a connection and renewed when it has expired", async () => {
    await using ff = await startFactFinder({
      workers: 1,
      reloadMs: 20,
      auth: { users: [user], basic: false, oauth2: {} },
    });
    const connect = (url: string) => ({
      endpoint: url,
      oauth2: { tokenUrl: `${url}/oauth/token`, grantType: "password" as const, scope: "import", ...user },
    });
    const context = contextFor({ director: connect(ff.director.url), worker1: connect(ff.worker(1).url) });
    const { create } = lifecycle("factfinder:DatabaseSync");
    ff.prune("de");
    let seen = 0;
    ff.watch(({ endpoint, token }) => {
      // In the middle of the run, once.
      if (endpoint === "worker1" && !token && ++seen === 1) ff.expireTokens();
    });
    await create(context, syncOf(1));
    assert.ok(ff.worker(1).isInSync("de"));
    const { tokens, effects } = ff.counts();
    assert.deepEqual({ tokens, effects }, { tokens: 4, effects: 1 });
  });

  it("never show in what is recorded of nodes", () =>
    onStage(
      "DatabaseSync",
      { auth: { users: [user] } },
      async ({ ff, stack, outputs }) => {
        const nodes = ff.workers.map(({ url }) => ({ endpoint: url, ...user }));
        await stack.up(syncOf(2, { nodes }));
        const { nodes: _, ...others } = outputs();
        assert.ok(!JSON.stringify(others).includes("planted-password"));
        assert.ok(!String(stack.state?.id).includes("planted-password"));
      },
      user,
    ));
});

describe("the credentials of a connection that a FACT-Finder node repeats", () => {
  for (const [what, password, description] of [
    [
      "with its blanks run together",
      "geheim  und noch geheimer",
      "login as geheim  und noch geheimer refused",
    ],
    ["with a tab", "geheim\tgeheimer", "login geheim\tgeheimer"],
    ["where the message is cut", "abcdefghijklmnop", `${"x".repeat(288)}abcdefghijklmnop`],
  ] as const) {
    for (const [where, part] of [
      ["a warning", { ...update, warnings: [{ name: "W", description }] }],
      ["a rejection", { ...update, rejection: description }],
    ] satisfies [string, DeltaUpdate][]) {
      it(`are not shown from ${where}, nor recorded: ${what}`, () =>
        onStage(
          "DatabaseSync",
          { workers: 1 },
          async ({ ff, stack, session }) => {
            ff.addDeltas("de", [part]);
            const message = await stack.up(syncOf(1)).then(
              () => "",
              (error: Error) => error.message,
            );
            const said = [message, ...session.said.warnings, JSON.stringify(stack.state?.outputs)].join();
            assert.match(said, /W: |FieldConstraintException/);
            assert.doesNotMatch(said, /geheim|abcdef/);
          },
          { username: "ops", password },
        ));
    }
  }
});
