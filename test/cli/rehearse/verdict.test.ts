import assert from "node:assert/strict";
import { faultsNamed } from "../../../cli/rehearse/faults.ts";
import type { Play, Played } from "../../../cli/rehearse/play.ts";
import type { Sent } from "../../../cli/rehearse/stage.ts";
import { differences, survivalOf, verdictOf } from "../../../cli/rehearse/verdict.ts";

const on: Sent = {
  to: "redis",
  method: "POST",
  path: "/v1/nodes/2/actions/maintenance_on",
  status: 200,
  effect: true,
};
const release: Sent = {
  to: "aspire manager1",
  method: "PUT",
  path: "/aspire/_api/manager/release/seed/a",
  status: 200,
  effect: true,
};
const up = (sent: Sent[], code: number | undefined = 0): Played => ({
  command: "up",
  seconds: 1,
  code,
  output: "",
  sent,
});
const playOf = (fault: string | undefined, ...played: Played[]): Play => ({
  fault,
  played,
  began: 0,
  state: "",
});
const plain = playOf(undefined, up([on, release]), up([]), up([]));

describe("the verdict of a rehearsal", () => {
  it("says what up would send, in that order, and is good where a second one has nothing to do", () => {
    const { isGood, lines } = verdictOf(plain);
    assert.ok(isGood);
    assert.deepEqual(lines.slice(1), [
      "  redis: POST /v1/nodes/2/actions/maintenance_on",
      "  aspire manager1: PUT /aspire/_api/manager/release/seed/a",
    ]);
  });

  const bad: [what: string, play: Play, why: RegExp][] = [
    ["up fails", playOf(undefined, up([on], 1), up([]), up([])), /up does not end well/],
    [
      "a second up sends something",
      playOf(undefined, up([on]), up([on]), up([])),
      /still has something to do/,
    ],
    ["destroy fails", playOf(undefined, up([on]), up([]), up([], 255)), /destroy does not end well/],
  ];
  for (const [what, play, why] of bad)
    it(`is bad where ${what}`, () => {
      const { isGood, lines } = verdictOf(play);
      assert.ok(!isGood);
      assert.match(lines.join("\n"), why);
    });

  const rows: [what: string, played: Played[], isGood: boolean, why: RegExp][] = [
    [
      "everything is done once",
      [up([on], undefined), up([release]), up([])],
      true,
      /survived: 2 ups, everything done once/,
    ],
    [
      "what is harmless is sent again",
      [up([on, release, release]), up([])],
      true,
      /survived: 1 up, .* again where that changes nothing more \(aspire/,
    ],
    [
      "a request without an effect is sent again",
      [up([{ ...on, effect: false }, on, release]), up([])],
      true,
      /everything done once/,
    ],
    [
      "a node action runs twice",
      [up([on, release]), up([on]), up([])],
      false,
      /not survived.*maintenance_on: 2 times, and 1 without the fault/s,
    ],
    ["something is not done", [up([on]), up([])], false, /release\/seed\/a: 0 times, and 1 without/],
    [
      "it does not end well",
      [up([on, release], 255), up([], 255)],
      false,
      /not survived: after 1 up it has not ended well/,
    ],
  ];
  for (const [what, played, isGood, why] of rows)
    it(`of a fault is ${isGood ? "good" : "bad"} where ${what}`, () => {
      const verdict = survivalOf(playOf("killed", ...played), plain);
      assert.equal(verdict.isGood, isGood, verdict.lines.join("\n"));
      assert.match(verdict.lines.join("\n"), why);
    });

  it("shows what the rehearsed preview says in another way", () => {
    const preview = (message: string) => ({
      steps: [],
      messages: [{ urn: "urn:pulumi:dev::ops::t::n", severity: "info", message }],
    });
    assert.deepEqual(differences(preview("a"), preview("a")), []);
    assert.deepEqual(differences(preview("a"), preview("b")), [
      "the real preview only: info n: a",
      "the rehearsal only: info n: b",
    ]);
  });
});

describe("the faults of a rehearsal", () => {
  it("are chosen by name, or all", () => {
    assert.deepEqual(faultsNamed("killed, slow"), ["killed", "slow"]);
    assert.deepEqual(faultsNamed(""), []);
    assert.ok(faultsNamed("all").length >= 5);
    assert.throws(() => faultsNamed("kiled"), /there is no fault "kiled": there are lost-answer, /);
  });
});
