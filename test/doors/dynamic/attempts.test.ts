import assert from "node:assert/strict";
import { Attempts } from "../../../doors/dynamic/attempts.ts";
import { skipsCheckpoints } from "../../../doors/shared/update.ts";

const type = "redis:NodeAction";
const urn = (name = "run", place = "dev::shop") =>
  `urn:pulumi:${place}::pulumi-nodejs:dynamic/clusterops/${type}::${name}`;
const companion = (name = "run") =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clusterops/${type}Intent::${name}-intent`;

describe("what a host knows of an attempt at a run", () => {
  const attempts = (env: NodeJS.ProcessEnv = {}) => new Attempts((of) => of === type, env);
  const record = (intent: string) => ({ before: { intent, seen: {} } });

  it("is nothing much, where its companion has been checked before it", () => {
    const host = attempts();
    host.checked(companion());
    assert.deepEqual(host.of(type, urn()), { forced: false });
  });

  it("is that it is forced, once its predecessor has been deleted", () => {
    const host = attempts();
    host.checked(companion());
    host.deleted(urn());
    assert.deepEqual(host.of(type, urn()), { forced: true });
    assert.equal(host.of(type, urn("other")).forced, false);
  });

  it("is that it is forced, also where what is recorded of the stack's name is stale", () => {
    const host = attempts();
    host.deleted(urn("run", "old::shop"));
    assert.equal(host.of(type, urn()).forced, true);
  });

  it("is that its companion's record is of this very attempt, where that has looked since", () => {
    for (const recorded of [undefined, record("old")]) {
      const host = attempts();
      host.deleted(urn());
      host.applied(companion(), recorded, record("new"));
      assert.equal(host.of(type, urn()).forced, false);
    }
  });

  it("is not so where the companion was updated and had no reason to look again", () => {
    const host = attempts();
    host.deleted(urn());
    host.applied(companion(), record("old"), record("old"));
    assert.equal(host.of(type, urn()).forced, true);
  });

  it("is that its companion is left out of the update, which is then said", () => {
    const host = attempts();
    host.checked(companion("other"));
    assert.match(
      host.of(type, urn()).unrecorded ?? "",
      /^the record of what was there before this run \(run-intent\) is not part of this update/,
    );
  });

  it("is that the state is written at the end only, which is then said", () => {
    for (const [value, isSaid] of [
      ["true", true],
      ["1", true],
      ["TRUE", true],
      ["false", false],
      ["yes", false],
    ] as const) {
      const host = attempts({ PULUMI_SKIP_CHECKPOINTS: value });
      host.checked(companion());
      assert.equal(host.of(type, urn()).unrecorded, isSaid ? skipsCheckpoints : undefined, value);
    }
  });

  it("is nothing where runs have no companion, or it is not told whose it is", () => {
    const host = attempts({ PULUMI_SKIP_CHECKPOINTS: "true" });
    assert.deepEqual(host.of("redis:NodeRemoval", urn()), { forced: false });
    assert.deepEqual(host.of(type, ""), { forced: false });
  });
});
