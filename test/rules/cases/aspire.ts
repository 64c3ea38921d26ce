import { type AspireSimulator, startAspire } from "../../../simulators/index.ts";
import type { Properties } from "../door.ts";
import type { ResourceCase, Rig } from "../resource-case.ts";

interface AspireRig extends Rig {
  simulator: AspireSimulator;
}

/** None of these calls leaves anything that could be read back (provider/aspire/sending.ts). */
function run(inputs: Properties) {
  return {
    kind: "run",
    leavesMark: false,
    deleteCosts: 0,
    async start(options: Parameters<ResourceCase["start"]>[0]): Promise<AspireRig> {
      const simulator = await startAspire(options);
      const connections = { aspire: { endpoints: simulator.endpoints } };
      return { simulator, connections, inputs: (refer) => ({ ...inputs, connection: refer("aspire") }) };
    },
  } as const;
}

const [seed, another] = ["AAABcID5GBc=", "AAAB/+7eWUc="];
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

function badIds(property: string): ResourceCase["bad"] {
  return [
    [{ [property]: undefined }, property, /is required/],
    [{ [property]: [] }, property, /fewer than 1/],
    [{ [property]: [seed, ""] }, `${property}[1]`, /is empty/],
    [{ [property]: [seed, seed] }, `${property}[1]`, /given twice/],
    [{ form: "paths" }, "form", /not one of/],
  ];
}

const badSeed: ResourceCase["bad"] = [
  [{ seedId: undefined }, "seedId", /is required/],
  [{ seedId: another }, "seedId", /holds "\/".* no form with the id in the body/],
  [{ seedId: " " }, "seedId", /is empty/],
];

export const aspireCases: ResourceCase<AspireRig>[] = [
  {
    ...run({ seedIds: [seed, another] }),
    type: "aspire:SeedRelease",
    costs: 2,
    request: { method: "PUT", path: /\/release\/seed/ },
    change: { inputs: { triggers: ["again"] }, costs: 2 },
    bad: badIds("seedIds"),
    vanish: ({ simulator }) => simulator.deleteSeed(seed),
    impossible: {
      inputs: { form: "get" },
      property: "form",
      reason: /draft page only/,
    },
  },
  {
    ...run({ workerIds: ["AAABcQk+W/c="] }),
    type: "aspire:WorkerRelease",
    costs: 1,
    request: { method: "PUT", path: /\/release\/worker/ },
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    bad: badIds("workerIds"),
  },
  {
    ...run({ seedId: seed, pauseUntil: tomorrow }),
    type: "aspire:SeedThrottle",
    costs: 1,
    request: { method: "PUT", path: /\/throttle\// },
    change: { inputs: { pauseUntil: Date.parse(tomorrow) + 60_000 }, costs: 1 },
    bad: [
      ...badSeed,
      [{ pauseUntil: "tomorrow" }, "pauseUntil", /is not a date/],
      [{ pauseUntil: "2030-01-31T06:00" }, "pauseUntil", /no time zone/],
      [{ pauseUntil: 1_900_000_000 }, "pauseUntil", /looks like seconds/],
    ],
    vanish: ({ simulator }) => simulator.deleteSeed(seed),
    impossible: {
      inputs: { pauseUntil: "2020-01-31T06:00:00Z" },
      property: "pauseUntil",
      reason: /in the past/,
    },
  },
  {
    ...run({ seedId: seed }),
    type: "aspire:CrawlFailure",
    costs: 1,
    request: { method: "PUT", path: /\/crawlFailed\// },
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    bad: badSeed,
    vanish: ({ simulator }) => simulator.deleteSeed(seed),
  },
  {
    ...run({ batchIds: ["AAABcS0aBB0="], type: "scan" }),
    type: "aspire:BatchAcknowledgement",
    costs: 1,
    request: { method: "PUT", path: /\/batch\/ack\// },
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    bad: [
      ...badIds("batchIds"),
      [{ type: "both" }, "type", /not one of "scan", "process"/],
      [{ type: undefined }, "type", /is required/],
    ],
  },
];
