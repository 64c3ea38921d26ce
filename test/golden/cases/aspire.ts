import { type AspireInstallation, managers, openAspire } from "../worlds/aspire.ts";
import type { Case } from "./case.ts";

const [seed = "", secondSeed = "", thirdSeed = ""] = managers.seeds;
const [worker = "", secondWorker = ""] = managers.workers;
const [batch = "", secondBatch = ""] = managers.scanBatches;
const open = () => openAspire(managers);
/** One of the ids is not known, which is the only way for a run to be left half done. */
const without = (...missing: string[]) => ({
  open: () => openAspire({ ...managers, missing }),
  outcome: "unfinished" as const,
});

const release = { type: "aspire:SeedRelease", open, program: { seedIds: [seed, secondSeed] } };
const workers = { type: "aspire:WorkerRelease", open, program: { workerIds: [worker] } };
const throttle = {
  type: "aspire:SeedThrottle",
  open,
  program: { seedId: seed, pauseUntil: "2030-01-31T06:00:00+01:00" },
};
const crawl = { type: "aspire:CrawlFailure", open, program: { seedId: thirdSeed } };
const acknowledge = {
  type: "aspire:BatchAcknowledgement",
  open,
  program: { batchIds: [batch], type: "scan" },
};

export const aspireCases: Case<AspireInstallation>[] = [
  { ...release, name: "finished" },
  {
    ...release,
    name: "finished, all ids in one request",
    program: {
      seedIds: managers.seeds,
      form: "ids",
      connection: "aspire",
      triggers: ["2026-11"],
      timeout: "1m",
    },
  },
  {
    ...release,
    name: "run again by triggers",
    earlier: release.program,
    program: { ...release.program, triggers: [2] },
  },
  { ...release, ...without(secondSeed), name: "unfinished: one seed is missing" },

  { ...workers, name: "finished" },
  {
    ...workers,
    name: "finished, with an inline connection",
    program: {
      workerIds: [worker, secondWorker],
      connection: { endpoints: ["http://aspire.example:50505"], headers: { "X-Request-Source": "pulumi" } },
    },
  },
  {
    ...workers,
    ...without(secondWorker),
    name: "unfinished: one worker is missing",
    program: { workerIds: [worker, secondWorker] },
  },

  { ...throttle, name: "finished" },
  {
    ...throttle,
    name: "finished, by milliseconds",
    program: { seedId: secondSeed, pauseUntil: Date.parse("2030-01-31T06:00:00Z"), triggers: ["2026-11"] },
  },

  { ...crawl, name: "finished" },
  { ...crawl, name: "finished, with triggers", program: { seedId: seed, triggers: ["2026-11", true] } },

  { ...acknowledge, name: "finished" },
  {
    ...acknowledge,
    name: "finished, with parameters",
    program: {
      batchIds: [batch, secondBatch],
      type: "scan",
      form: "ids",
      triggers: ["2026-11"],
      timeout: "90s",
    },
  },
  {
    ...acknowledge,
    ...without(secondBatch),
    name: "unfinished: one batch is missing",
    program: { batchIds: [batch, secondBatch], type: "scan" },
  },
];
