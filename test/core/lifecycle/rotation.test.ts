import assert from "node:assert/strict";
import { words } from "../../../doors/shared/words.ts";
import { StatusError, TokenError } from "../../../provider/core/data/errors.ts";
import type { Scope } from "../../../provider/core/work/scope.ts";
import { contextFor, type TestContext } from "../../support/context.ts";
import { endpoint, fake, freshContext } from "../fake.ts";

const facts = { method: "GET", url: endpoint, effect: "no" } as const;
const unauthorized = () => new StatusError(`GET ${endpoint}: 401`, { ...facts, status: 401 });

/** What configuration says by now. */
const latest = (connections: object) => async () => contextFor(connections as never).config;

describe("after a rotation", () => {
  let context: TestContext;
  let seen: (string | undefined)[];
  beforeEach(() => {
    context = Object.assign(freshContext(), { words });
    seen = [];
  });

  /** Takes the new token only. */
  const resource = (failure: () => Error = unauthorized) => {
    const look = async ({ http }: Scope) => {
      seen.push(http.connection.token);
      if (http.connection.token !== "new-token") throw failure();
      return "slave";
    };
    return fake({
      observe: look,
      async remove(scope) {
        await look(scope);
      },
    });
  };
  const recorded = { nodeUid: 2, role: "slave" };
  const operations = {
    read: async (failure?: () => Error) => void (await resource(failure).read(context, recorded)),
    delete: (failure?: () => Error) => resource(failure).delete(context, recorded),
  };

  for (const [name, run] of Object.entries(operations)) {
    it(`a ${name} goes on with what configuration says now, once the server has refused what was handed over`, async () => {
      context.latestConfig = latest({ plain: { endpoint, token: "new-token" } });
      await run();
      assert.deepEqual(seen, ["planted-token", "new-token"]);
    });

    it(`a ${name} goes on where it was the token that could not be had`, async () => {
      context.latestConfig = latest({ plain: { endpoint, token: "new-token" } });
      const refused = new StatusError("400 invalid_grant", { ...facts, status: 400 });
      await run(() => new TokenError("no access token", facts, { cause: refused }));
      assert.equal(seen.length, 2);
    });

    it(`a ${name} says what works where that cannot be had`, async () => {
      context.latestConfig = async () => undefined;
      await assert.rejects(run(), ({ message }: Error) => {
        assert.match(
          message,
          /401; Pulumi has handed over .* run pulumi up first, or add --run-program, or .* in CLUSTEROPS_PLAIN_\*$/,
        );
        assert.doesNotMatch(message, /token/);
        return true;
      });
      assert.equal(seen.length, 1);
    });

    it(`a ${name} says nothing of a rotation where there was none`, async () => {
      context.latestConfig = latest({ plain: { endpoint, token: "planted-token" } });
      await assert.rejects(run(), /401$/);
      assert.equal(seen.length, 1);
    });

    it(`a ${name} that fails for another reason does not ask`, async () => {
      context.latestConfig = async () => assert.fail("asked");
      await assert.rejects(
        run(() => new StatusError("403", { ...facts, status: 403 })),
        /403$/,
      );
    });

    it(`a ${name} that fails with the new ones, too, says so`, async () => {
      context.latestConfig = latest({ plain: { endpoint, token: "wrong-token" } });
      await assert.rejects(run(), /401$/);
      assert.deepEqual(seen, ["planted-token", "wrong-token"]);
    });
  }

  it("credentials that are inputs take an up first: no configuration has them", async () => {
    context.latestConfig = latest({ plain: { endpoint, token: "new-token" } });
    const inline = { ...recorded, connection: { endpoint, token: "old" } };
    await assert.rejects(
      async () => void (await resource().read(context, inline)),
      /run pulumi up first \(without --refresh\)$/,
    );
  });
});
