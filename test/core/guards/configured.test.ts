import assert from "node:assert/strict";
import { InputError } from "../../../provider/core/data/errors.ts";
import { guardsIn } from "../../../provider/core/guards/configured.ts";
import { overrideIn } from "../../../provider/core/guards/override.ts";

const connections = JSON.stringify({
  redis: { endpoint: "https://h" },
  "tcf-east": { endpoint: "https://e" },
});
const window = { days: ["sat"], from: "22:00", to: "04:00", timeZone: "UTC" };

function configOf(values: Record<string, unknown>) {
  const texts: Record<string, string> = { "clusterops:connections": connections };
  for (const [key, value] of Object.entries(values))
    texts[key] = typeof value === "string" ? value : JSON.stringify(value);
  return Object.assign((key: string) => texts[key], { keys: () => Object.keys(texts) });
}

const guards = (value: unknown) => configOf({ "clusterops:guards": value });

async function refusalOf(work: () => unknown): Promise<InputError> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error;
  }
  throw new Error("not refused");
}

describe("guards in stack config", () => {
  it("are none where nothing is said", async () => {
    assert.equal(await guardsIn(configOf({})), undefined);
    assert.equal(await guardsIn(guards({})), undefined);
  });

  it("take numbers as the CLI writes them, and as text", async () => {
    const found = await guardsIn(guards({ "*": { maxNodesAway: "1", minutesBetweenSwitches: 90 } }));
    assert.deepEqual(found?.guards["*"], { maxNodesAway: 1, minutesBetweenSwitches: 90 });
  });

  const rows: [what: string, value: unknown, property: string, reason: RegExp][] = [
    [
      "text that is no object",
      "weekends",
      "clusterops:guards",
      /is not an object with one entry per connection/,
    ],
    ["a list", [window], "clusterops:guards", /is not an object/],
    [
      "a setting that there is none of",
      { redis: { window: [] } },
      "clusterops:guards.redis.window",
      /no setting of a guard: did you mean windows/,
    ],
    [
      "a field that there is none of",
      { redis: { windows: [{ ...window, timezone: "UTC" }] } },
      "clusterops:guards.redis.windows[0].timezone",
      /did you mean timeZone/,
    ],
    [
      "a day that there is none of",
      { redis: { windows: [{ ...window, days: ["Saturday"] }] } },
      "clusterops:guards.redis.windows[0].days[0]",
      /not one of "mon"/,
    ],
    ["no windows at all", { redis: { windows: [] } }, "clusterops:guards.redis.windows", /fewer than 1/],
    [
      "a window that never opens",
      { redis: { windows: [{ ...window, to: "22:00" }] } },
      "clusterops:guards.redis.windows[0].to",
      /never opens/,
    ],
    [
      "an unknown time zone, with a near one",
      { redis: { windows: [{ ...window, timeZone: "Berlin" }] } },
      "clusterops:guards.redis.windows[0].timeZone",
      /did you mean Europe\/Berlin\?/,
    ],
    [
      "a freeze that is wrong",
      { "*": { freezes: [{ from: "tomorrow" }] } },
      'clusterops:guards["*"].freezes[0].from',
      /is no date/,
    ],
    ["no room for a node", { redis: { maxNodesAway: 0 } }, "clusterops:guards.redis.maxNodesAway", />= 1/],
    [
      "a pause of no time",
      { "tcf-east": { minutesBetweenSwitches: 0 } },
      "clusterops:guards.tcf-east.minutesBetweenSwitches",
      /> 0/,
    ],
    [
      "a connection that is not configured",
      { reddis: { windows: [window] } },
      "clusterops:guards.reddis",
      /guards nothing: no connection "reddis" is configured: did you mean redis\?/,
    ],
  ];
  for (const [what, value, property, reason] of rows)
    it(`are refused for ${what}`, async () => {
      const error = await refusalOf(() => guardsIn(guards(value)));
      assert.equal(error.property, property);
      assert.match(error.message, reason);
    });

  const keys: [key: string, reason: RegExp][] = [
    ["clusterops:guard", /did you mean clusterops:guards\?/],
    ["clusterops:guards.redis.maxNodesAway", /guards nothing/],
  ];
  for (const [key, reason] of keys)
    it(`are refused under the key ${key}, which nobody reads`, async () => {
      const error = await refusalOf(() => guardsIn(configOf({ [key]: "1" })));
      assert.equal(error.property, key);
      assert.match(error.message, reason);
    });

  it("give way to those of the environment, whose paths begin with the variable", async () => {
    process.env.CLUSTEROPS_GUARDS = JSON.stringify({
      "*": { windows: [{ ...window, timeZone: "Nowhere/At_All" }] },
    });
    try {
      const error = await refusalOf(() => guardsIn(guards({ redis: { windows: [window] } })));
      assert.equal(error.property, 'CLUSTEROPS_GUARDS["*"].windows[0].timeZone');
    } finally {
      delete process.env.CLUSTEROPS_GUARDS;
    }
  });
});

describe("an override", () => {
  const override = (text: string) => overrideIn(configOf({ "clusterops:override": text }));

  it("is its reason, on one line, without the password of a URL", () => {
    assert.equal(override(" INC-4711 primary\nDC down ")?.reason, "INC-4711 primary DC down");
    assert.equal(override("see https://ops:hush@wiki/INC-1")?.reason, "see [redacted]@wiki/INC-1");
    assert.equal(overrideIn(configOf({})), undefined);
  });

  it("that is empty is refused in configuration, and is none in the environment, as pipelines leave it", async () => {
    assert.match((await refusalOf(() => override(""))).message, /is empty: leave it out/);
    process.env.CLUSTEROPS_OVERRIDE = "";
    try {
      assert.equal(overrideIn(configOf({})), undefined);
    } finally {
      delete process.env.CLUSTEROPS_OVERRIDE;
    }
  });

  for (const text of ["true", "yes", "override", "xxxxxxxxxxxx", "12345678", "because", "INC-1"])
    it(`is refused that says ${JSON.stringify(text)}`, async () => {
      const error = await refusalOf(() => override(text));
      assert.equal(error.property, "clusterops:override");
      assert.match(error.message, /says no reason: write why, in at least 8 characters/);
    });

  it("is refused under a key that is nearly the right one", async () => {
    const error = await refusalOf(() =>
      overrideIn(configOf({ "clusterops:overide": "INC-4711 primary DC down" })),
    );
    assert.match(error.message, /did you mean clusterops:override\?/);
  });

  it("is refused that says too much", async () => {
    assert.match((await refusalOf(() => override("why ".repeat(200)))).message, /longer than 500/);
  });
});
