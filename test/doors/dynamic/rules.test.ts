import assert from "node:assert/strict";
import type { Door } from "../../rules/door.ts";
import { cases, rules } from "../../rules/rules.ts";
import { Tables } from "../../rules/tables.ts";
import { built } from "../../support/built.ts";
import { HostDoor } from "./door.ts";

/** One of each system: what differs behind this door is the door, and all resources share it. */
const sample = [
  "redis:NodeMaintenance",
  "tcf:ActiveCluster",
  "factfinder:DatabasePrune",
  "aspire:SeedRelease",
];

describe("behind the door of Pulumi's dynamic host, a resource", () => {
  let opened: HostDoor;
  const door: Door = {
    isUnwatched: true,
    open: (...asked) => opened.open(...asked),
  };

  before(async function () {
    await built.call(this);
    opened = new HostDoor();
  });
  after(() => opened[Symbol.asyncDispose]());

  rules({
    door,
    cases: cases.filter(({ type }) => sample.includes(type)),
    tables: new Tables(48),
  });

  it("leaves nothing on the console of the host", async () => {
    assert.equal(await opened.printed(), "");
  });
});
