import assert from "node:assert/strict";
import { type TypedState, titleOf } from "../../golden/expected.ts";
import { isResumed, replay, staysAsItIs } from "../../golden/replay.ts";
import { readStates } from "../../golden/states.ts";
import { later, type World } from "../../golden/worlds/index.ts";
import { Tables } from "../../rules/tables.ts";
import { nativeDoor } from "./door.ts";

const release = "0.1.0";
const states: TypedState[] = readStates(release).flatMap(({ type, states }) =>
  states.map((state) => ({ ...state, type })),
);
const isFinished = ({ outcome }: TypedState) => outcome === "finished";

/** A stack goes from the dynamic provider to the plugin: what a release has recorded there is what this one finds. */
describe(`state of ${release}, behind the native plugin`, function () {
  this.timeout(60_000);
  const tables = new Tables(48);
  const asRecorded = (recorded: World) => recorded;

  describe("is left as it is by preview and up, without a request where it is finished", () => {
    tables.each(states, titleOf, (state) =>
      replay(
        state,
        async (replayed) => {
          await staysAsItIs(replayed);
          if (isFinished(state)) assert.deepEqual(replayed.installation.simulator.requests, []);
        },
        asRecorded,
        nativeDoor,
      ),
    );
  });

  describe("is resumed after its work has ended", () => {
    tables.each(
      states.filter((state) => !isFinished(state)),
      titleOf,
      (state) => replay(state, isResumed, later, nativeDoor),
    );
  });
});
