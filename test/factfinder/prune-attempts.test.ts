import assert from "node:assert/strict";
import { startFactFinder } from "../../simulators/index.ts";
import { pruneProgram } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const de = { channel: "de" };

describe("A DatabasePrune whose request was refused", () => {
  for (const [status, body] of [
    [403, '{"error":"Forbidden"}'],
    [401, '{"error":"Unauthorized"}'],
    [400, '{"error":"Bad Request"}'],
  ] as const) {
    it(`with ${status} is announced again by a preview, and sent by up, whatever somebody else has done`, async () => {
      await using ff = await startFactFinder({ workers: 0 });
      const program = await pruneProgram(ff);
      ff.fault({ kind: "status", status, body, contentType: "application/json", match: prune });
      await assert.rejects(program.up(de), new RegExp(`${status}`));
      ff.prune("de");
      ff.resetCounts();
      const said = program.session.said.plans.length;
      await program.preview(de);
      assert.match(
        program.session.said.plans.slice(said).join(),
        /prune channel de: databaseVersion 42 -> 43, every worker will reload once/,
      );
      await program.up(de);
      assert.deepEqual([ff.counts().mutating, ff.counts().effects], [1, 1]);
      const { databaseVersionBefore, databaseVersion } = program.prune.state?.outputs ?? assert.fail();
      assert.deepEqual([databaseVersionBefore, databaseVersion], [42, 43]);
    });
  }
});

describe("A DatabasePrune that finds the version risen since its companion looked", () => {
  const counted =
    /counts as done.*databaseVersion rose from 41 to 42.*since .*change triggers to prune again/;

  it("says in preview and up which versions and time it counts, and that triggers prune again", async () => {
    await using ff = await startFactFinder({ workers: 0 });
    const program = await pruneProgram(ff);
    await program.companion.up(de);
    // As after a process that was killed: there is the companion's record, and nothing of the run.
    ff.prune("de");
    await program.preview(de);
    const preview = [...program.session.said.plans, ...program.session.said.warnings].join("\n");
    assert.match(preview, counted);
    assert.doesNotMatch(preview, /every worker will reload/);
    program.session.said.warnings.length = 0;
    ff.resetCounts();
    await program.up(de);
    assert.equal(ff.counts().mutating, 0);
    assert.match(program.session.said.warnings.join("\n"), counted);
    await program.up({ ...de, triggers: ["again"] });
    assert.equal(ff.counts().effects, 1);
  });

  it("says so of one that was deleted and is created again with its companion's old record", async () => {
    await using ff = await startFactFinder({ workers: 0 });
    const program = await pruneProgram(ff);
    await program.up(de);
    await program.prune.destroy();
    ff.resetCounts();
    await program.up(de);
    const { mutating } = ff.counts();
    // Forced by a person: it prunes. Where that cannot be told from a killed run, it says what it counts.
    if (mutating === 0) assert.match(program.session.said.warnings.join("\n"), counted);
    else assert.equal(mutating, 1);
  });
});

describe("Two DatabasePrunes of one channel in one program", () => {
  for (const triggers of [undefined, ["monday"]]) {
    it(`each prune, although both companions looked first${triggers ? ", with triggers of their own" : ""}`, async () => {
      await using ff = await startFactFinder({ workers: 0 });
      const one = await pruneProgram(ff);
      const other = await pruneProgram(ff, one);
      const [first, second] = [de, triggers ? { ...de, triggers } : de];
      await Promise.all([one.companion.up(first), other.companion.up(second)]);
      await one.up(first);
      await other.up(second);
      assert.equal(ff.counts().effects, 2);
      assert.equal(other.prune.state?.outputs.databaseVersion, 43);
    });
  }

  it("each prune where an older attempt of the second was killed after the director had pruned", async () => {
    await using ff = await startFactFinder({ workers: 0 });
    const one = await pruneProgram(ff);
    const other = await pruneProgram(ff, one);
    await other.companion.up(de);
    ff.prune("de"); // the killed attempt of the second
    await one.companion.up({ ...de, triggers: [1] });
    await one.up({ ...de, triggers: [1] });
    await other.up(de);
    assert.equal(ff.director.state("de").databaseVersion, 43, "the killed one, and the first");
    assert.equal(other.prune.state?.outputs.databaseVersionBefore, 41);
  });

  it("tells the second what it counts where another process ran the first", async () => {
    await using ff = await startFactFinder({ workers: 0 });
    const other = await pruneProgram(ff);
    await other.companion.up(de);
    ff.prune("de");
    await other.up(de);
    assert.match(other.session.said.warnings.join(), /counts as done.*change triggers to prune again/);
  });
});
