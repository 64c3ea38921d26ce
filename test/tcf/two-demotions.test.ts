import assert from "node:assert/strict";
import type { Scope } from "../../provider/core/work/scope.ts";
import type { Target } from "../../provider/core/work/target.ts";
import { type FailoverProgress, noteSeen, type Pending } from "../../provider/tcf/active-cluster/progress.ts";
import type { Federation, Member } from "../../provider/tcf/federation.ts";
import { effectSeen } from "../../provider/tcf/late.ts";

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

  it("leave the first one to come where the next operation sees what the second one did", () => {
    const [on, does, sentAt] = ["active cluster", "cluster2 active", Date.UTC(2027, 0, 15)];
    const target = { ways: [], on, does } as unknown as Target;
    const forgets = (late: { since?: number; until: number }) => {
      const scope = { late: [{ on, does, ...late }] } as unknown as Scope;
      effectSeen(scope, target, new Date(sentAt).toISOString());
      return scope.late.length === 0;
    };
    const first = { since: sentAt - 1_200, until: sentAt + 8_800 };
    assert.equal(forgets(first), false, "noted 1.2 s before the second one was sent");
    const given = { ...first, until: first.until + 30_000 };
    assert.equal(forgets(given), false, "the same, where a gateway's 504 lets it land much later");
    assert.equal(forgets({ until: sentAt + 10_030 }), false, "nobody knows since when");
    assert.equal(
      forgets({ since: sentAt + 30, until: sentAt + 10_030 }),
      true,
      "noted for the second one itself",
    );
  });
});
