import assert from "node:assert/strict";
import { types } from "../../provider/index.ts";
import { Tables } from "../rules/tables.ts";
import { expectedOf, expectedTitles, type TypedState, titleOf } from "./expected.ts";
import {
  isDeleted,
  isFoundEndedBadly,
  isJoined,
  isResumed,
  isResumedAfterRefresh,
  mayBeDeclaredAnew,
  replay,
  staysAsItIs,
  survivesRefresh,
  takesAnotherTimeout,
} from "./replay.ts";
import { readStates } from "./states.ts";
import { failed, later } from "./worlds/index.ts";

const release = "0.1.0";
const recorded = readStates(release);
const states: TypedState[] = recorded.flatMap(({ type, states }) =>
  states.map((state) => ({ ...state, type })),
);
const finished = states.filter(({ outcome }) => outcome === "finished");
const unfinished = states.filter(({ outcome }) => outcome !== "finished");
const running = unfinished.filter((state) => expectedOf(state).during !== undefined);

/** What a release has written into Pulumi state (record.ts) keeps working: nothing is replaced, nothing sent, unfinished work resumed. */
describe(`state of ${release}`, function () {
  this.timeout(60_000);
  const tables = new Tables(96);

  it("was recorded for every type that there was, and each is still there", () => {
    assert.equal(recorded.length, 18);
    for (const { type, token } of recorded) {
      assert.ok(types.includes(type), type);
      assert.equal(token, `pulumi-nodejs:dynamic/clusterops/${type}`);
    }
  });

  it("has its expectations where it is unfinished, and there are no others", () => {
    assert.deepEqual(unfinished.map(titleOf).sort(), [...expectedTitles].sort());
  });

  describe("is left as it is by preview and up, or resumed where it is unfinished, never replaced", () => {
    tables.each(states, titleOf, (state) => replay(state, staysAsItIs));
  });

  describe("survives a refresh without drift, and nothing is sent", () => {
    tables.each(states, titleOf, (state) => replay(state, survivesRefresh));
  });

  describe("would be accepted by a preview if its stack had lost it", () => {
    tables.each(finished, titleOf, (state) => replay(state, mayBeDeclaredAnew));
  });

  describe("takes another timeout in place, and nothing is sent", () => {
    tables.each(finished, titleOf, (state) => replay(state, takesAnotherTimeout));
  });

  describe("is resumed while its work runs", () => {
    tables.each(
      running,
      (state) => `${titleOf(state)} [${expectedOf(state).during} mutating]`,
      (state) => replay(state, isJoined),
    );
  });

  describe("is resumed after its work has ended", () => {
    const title = (state: TypedState) => `${titleOf(state)} [${expectedOf(state).later} mutating]`;
    tables.each(unfinished, title, (state) => replay(state, isResumed, later));
    tables.each(
      unfinished.filter((state) => !expectedOf(state).isGone),
      (state) => `${title(state)}, after a refresh`,
      (state) => replay(state, isResumedAfterRefresh, later),
    );
  });

  describe("is resumed after its work has ended badly", () => {
    tables.each(
      unfinished.filter((state) => expectedOf(state).badly),
      titleOf,
      (state) => replay(state, isFoundEndedBadly, failed),
    );
  });

  describe("is deleted", () => {
    tables.each(
      states,
      (state) => `${titleOf(state)} [${expectedOf(state).deleted} mutating]`,
      (state) => replay(state, isDeleted),
    );
  });
});
