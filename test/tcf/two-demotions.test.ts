import assert from "node:assert/strict";
import { type FailoverProgress, noteSeen, type Pending } from "../../provider/tcf/active-cluster/progress.ts";
import type { Federation, Member } from "../../provider/tcf/federation.ts";

/* The effect of one of two calls shows once: the other one may land minutes later, and leave no cluster active. */

const member = (name: string, word: string): Member =>
  ({ name, side: { key: name }, own: word, listed: [word] }) as unknown as Member;

function federation(one: string, other: string): Federation {
  const members = [member("cluster1", one), member("cluster2", other)];
  return Object.assign(members, { lists: [] }) as unknown as Federation;
}

describe("two demotions of which the first got no answer", () => {
  let landed: string[];
  let progress: FailoverProgress;
  const pending = (name: string, isAnswered: boolean): Pending => ({
    call: "demote",
    isAnswered,
    landed: () => void landed.push(name),
  });

  beforeEach(() => {
    landed = [];
    progress = { taken: new Set(), sent: new Set(["demote"]), pending: [], tries: {} };
  });

  it("are told apart by what was answered, however often the effect is seen", () => {
    progress.pending = [pending("lost", false), pending("answered", true)];
    noteSeen(progress, federation("passive", "passive"), "cluster2");
    noteSeen(progress, federation("passive", "active"), "cluster2");
    assert.deepEqual(landed, ["answered"]);
  });

  it("may both be still to come where neither was answered", () => {
    progress.pending = [pending("lost", false), pending("lost as well", false)];
    noteSeen(progress, federation("passive", "passive"), "cluster2");
    noteSeen(progress, federation("passive", "active"), "cluster2");
    assert.deepEqual(landed, []);
  });

  it("are one where there was only one", () => {
    progress.pending = [pending("lost", false)];
    noteSeen(progress, federation("passive", "passive"), "cluster2");
    assert.deepEqual(landed, ["lost"]);
  });
});
