import assert from "node:assert/strict";
import { Program } from "./program.ts";

interface Case {
  it: string;
  ours: number;
  play(program: Program): Promise<void>;
}

const other = ["other"];

const cases: Case[] = [
  {
    it: "runs after an attempt that was refused, although somebody else has run the same since",
    ours: 1,
    async play(program) {
      await program.up("refused");
      program.somebodyElses();
      await program.up("done");
    },
  },
  {
    it: "runs after two attempts that could not even look, although somebody else has run the same since",
    ours: 1,
    async play(program) {
      await program.up("blind");
      await program.up("blind");
      program.somebodyElses();
      await program.up("done");
    },
  },
  {
    it: "counts what a killed attempt has done, though the next one could not even look",
    ours: 1,
    async play(program) {
      await program.up("killed");
      await program.up("blind");
      await program.up("done");
    },
  },
  {
    it: "counts what a killed attempt after a failed one has done, though the next one could not even look",
    ours: 2,
    async play(program) {
      await program.up("failed");
      await program.up("killed");
      await program.up("blind");
      await program.up("done");
    },
  },
  {
    it: "runs after an attempt that could not look beside an earlier run, although somebody else has run the same since",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      program.somebodyElses();
      await program.up("done", other);
    },
  },
  {
    it: "runs after two such attempts",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      await program.up("blind", other);
      program.somebodyElses();
      await program.up("done", other);
    },
  },
  {
    it: "runs after an attempt that waited in vain for the end of an earlier run, although somebody else has run the same since",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("out of time", other);
      program.somebodyElses();
      await program.up("done", other);
    },
  },
  {
    it: "counts what a killed attempt has done that began beside an earlier run",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      program.isRunning = false;
      await program.up("killed", other);
      await program.up("blind", other);
      await program.up("done", other);
    },
  },
  {
    it: "resumes the earlier run where its inputs come back after an attempt at another that could not look",
    ours: 1,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      program.isRunning = false;
      await program.up("done");
      assert.equal(program.run?.message, "task 1");
    },
  },
  {
    it: "counts its record again once its companion has looked anew",
    ours: 2,
    async play(program) {
      await program.up("out of time");
      await program.up("blind", other);
      program.somebodyElses();
      await program.up("blind", ["third"]);
      program.somebodyElses();
      await program.up("killed", other);
      await program.up("done", other);
    },
  },
  {
    it: "runs where its user forces it, and once more after that could not look",
    ours: 2,
    async play(program) {
      await program.up("done");
      await program.up("blind", [], { isForced: true });
      await program.up("done");
    },
  },
  {
    it: "says of an attempt after one that was refused that a kill would leave no record",
    ours: 2,
    async play(program) {
      await program.up("refused");
      assert.deepEqual(program.warnings, []);
      await program.up("killed");
      assert.match(program.warnings.join(), /used up.*may run once more/);
      await program.up("done");
    },
  },
];

describe("A run whose companion has recorded what was there before it", () => {
  for (const { it: what, ours, play } of cases)
    it(what, async () => {
      const program = new Program();
      await play(program);
      assert.equal(program.ours, ours);
    });
});
