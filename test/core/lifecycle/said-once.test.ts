import assert from "node:assert/strict";
import { planInputs } from "../../../provider/core/lifecycle/plan.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { contextFor } from "../../support/context.ts";
import { nobody, serve } from "../server.ts";
import { spec } from "./silence.ts";

describe("a warning that an endpoint cannot be reached", () => {
  const warningsOf = async (session: Session, endpoint: string, resources: string[]) => {
    const warnings: string[][] = [];
    for (const resource of resources) {
      const context = contextFor({ plain: { endpoint } }, { preview: true });
      await planInputs(spec, { ...context, session, resource }, undefined, { nodeUid: 1 });
      warnings.push(context.said.warnings);
    }
    return warnings.map(({ length }) => length);
  };

  it("is given by one of the resources that need it, each time that this one is looked at", async () => {
    const down = await nobody();
    const session = new Session();
    assert.deepEqual(await warningsOf(session, down, ["a", "b", "c", "a"]), [1, 0, 0, 1]);
    assert.deepEqual(await warningsOf(session, await nobody(), ["b"]), [1]);
    assert.deepEqual(await warningsOf(new Session(), down, ["b"]), [1]);
  });

  it("is given by each where it is another one", async () => {
    const session = new Session();
    await using failing = await serve(() => ({ status: 500, body: "busy" }));
    assert.deepEqual(await warningsOf(session, failing.url, ["a", "b"]), [1, 1]);
  });
});
