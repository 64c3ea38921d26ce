import assert from "node:assert/strict";
import { judgeBlock } from "../../../doors/terraform/block.ts";
import { wordsFor } from "../../../doors/terraform/words.ts";
import { startTcf } from "../../../simulators/index.ts";
import { Calendar } from "../../guards/stage.ts";
import { failureOf } from "../../rules/resource-case.ts";
import { Stack } from "../../rules/stack.ts";
import { blockOf } from "./block.ts";
import { terraformDoor } from "./door.ts";

const connections = { redis: { endpoint: "https://cluster.example:9443" } };
const judge = (settings: object) => judgeBlock(blockOf({ connections, ...settings }), wordsFor("terraform"));

describe("guards in the provider's block of Terraform", () => {
  it("are refused by validate under a name that is misspelled, in Terraform's own spelling", async () => {
    const texts = async (settings: object) => (await judge(settings)).map(({ summary }) => summary).join();
    assert.match(
      await texts({ guards: { redis: { window: [] } } }),
      /guards\.redis\.window.* did you mean windows\?/,
    );
    assert.match(
      await texts({ guards: { redis: { minutes_betwen_switches: 60 } } }),
      /guards\.redis\.minutes_betwen_switches.* did you mean minutes_between_switches\?/,
    );
    assert.match(
      await texts({ guards: { redis: { windows: [{ day: ["sat"], time_zone: "Europe/Berlin" }] } } }),
      /guards\.redis\.windows\[0\]\.day.* did you mean days\?/,
    );
    assert.match(
      await texts({ connections: { redis: { endpont: "https://cluster.example:9443" } } }),
      /connections\.redis\.endpont.* did you mean endpoint\?/,
    );
    assert.match(
      await texts({
        connections: { redis: { endpoint: "https://cluster.example:9443", request_timout: "5s" } },
      }),
      /connections\.redis\.request_timout.* did you mean request_timeout\?/,
    );
    assert.equal(await texts({ guards: { redis: { minutesBetweenSwitches: 60 } } }), "");
  });

  it("are judged by validate, each at its attribute", async () => {
    const window = { days: ["sat"], from: "22:00", to: "04:00", timeZone: "Europe/Berln" };
    const [mistake, ...others] = await judge({ guards: { redis: { windows: [window] } } });
    assert.equal(others.length, 0);
    assert.match(
      mistake?.summary ?? "",
      /guards\.redis\.windows\[0\]\.time_zone: "Europe\/Berln" is no time zone/,
    );
    assert.deepEqual(mistake?.attribute?.steps.at(-1), { attributeName: "time_zone" });
    assert.match((await judge({ override: "yes" }))[0]?.summary ?? "", /^override: .* says no reason/);
    assert.match((await judge({ guards: { reddis: {} } }))[0]?.summary ?? "", /no connection "reddis"/);
    assert.deepEqual(await judge({ guards: { redis: { maxNodesAway: 1 } } }), []);
  });

  it("may be null, as connections may: an entry that is none", async () => {
    const block = (settings: Record<string, unknown>) => judgeBlock(blockOf(settings), wordsFor("terraform"));
    assert.deepEqual(await block({ connections: { redis: null }, guards: { "*": null } }), []);
    // A conditional guard of a connection that is there.
    assert.match(
      (await block({ connections: { redis: null }, guards: { redis: {} } }))[0]?.summary ?? "",
      /no connection "redis"/,
    );
    const [mistake] = await block({ guards: { "*": { windows: [null] } } });
    assert.match(mistake?.summary ?? "", /windows\[0\]: null is not an object/);
  });

  it("hold back a second switch, which only what is recorded tells of", async () => {
    using calendar = new Calendar();
    await using tcf = await startTcf();
    const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    await using session = await terraformDoor.open(
      "tcf:ActiveCluster",
      { east: east ?? {}, west: west ?? {} },
      { settings: { guards: { east: { minutesBetweenSwitches: 60 } } } },
    );
    const stack = new Stack(session);
    const active = (name: string) => ({
      active: name,
      clusters: { cluster1: "east", cluster2: "west" },
      stableFor: "0s",
    });
    await stack.up(active("cluster2"));
    tcf.resetCounts();
    const failure = await failureOf(stack.up(active("cluster1")));
    assert.match(failure.message, /guards\.east\.minutes_between_switches: the federation last switched at/);
    assert.equal(tcf.counts().mutating, 0);
    calendar.putForward(61 * 60_000);
    // Another plan than the one that was refused.
    await stack.up({ ...active("cluster1"), timeout: "4m" });
    assert.deepEqual(tcf.activeNames, ["cluster1"]);
  });
});
