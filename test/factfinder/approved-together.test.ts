import assert from "node:assert/strict";
import { readToken, tokenOf } from "../../provider/core/data/approval.ts";
import { type Connection, Session as Process } from "../../provider/index.ts";
import { startFactFinder } from "../../simulators/index.ts";
import { expecting, tokenIn } from "../rules/approval.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { failureOf } from "../rules/resource-case.ts";
import { Stack } from "../rules/stack.ts";

const prune: [type: string, inputs: Properties] = ["factfinder:DatabasePrune", { channel: "de" }];
const sync: [type: string, inputs: Properties] = [
  "factfinder:DatabaseSync",
  { channel: "de", director: "factfinder", nodes: ["worker1", "worker2"] },
];

describe("two prunes, approved together", () => {
  it("end where somebody else has pruned the second channel while the first one was pruned", async () => {
    await using ff = await startFactFinder({ channels: ["de", "fr"] });
    const connections = { factfinder: { endpoint: ff.director.url } };
    const process = new Process();
    const open = () => directDoor.open("factfinder:DatabasePrune", connections, { process });
    const approve = async (channel: string) => {
      await using session = await open();
      await expecting("report", () => new Stack(session).preview({ channel }));
      return tokenIn(session.said.plans);
    };
    const tokens = [await approve("de"), await approve("fr")];
    await using first = await open();
    await expecting(tokens[0] ?? "", () => new Stack(first).up({ channel: "de" }));
    ff.prune("fr");
    await using second = await open();
    const failure = await failureOf(
      expecting(tokens[1] ?? "", () => new Stack(second).up({ channel: "fr" })),
    );
    assert.match(failure.message, /databaseVersion of channel fr on factfinder: was 41, is 42/);
  });
});

describe("a prune and the sync that follows it, approved together", () => {
  for (const isOneProcess of [true, false]) {
    const end = isOneProcess
      ? "are both carried out, as the prune is this very run's"
      : "by different processes end after the prune: whose it was the second one cannot know";
    it(end, async () => {
      await using ff = await startFactFinder({ reloadMs: 20 });
      const nodes = [ff.director, ...ff.workers].map(({ name, url }) => [name, { endpoint: url }]);
      const connections = {
        ...(Object.fromEntries(nodes) as Record<string, Connection>),
        factfinder: { endpoint: ff.director.url },
      };
      const open = (type: string, process = new Process()) => directDoor.open(type, connections, { process });
      ff.worker(1).dropReloads();
      const tokens: string[] = [];
      for (const [type, inputs] of [prune, sync]) {
        await using session = await open(type);
        await expecting("report", () => new Stack(session).preview(inputs));
        tokens.push(tokenIn(session.said.plans));
      }
      const token = tokenOf({
        resources: Object.assign({}, ...tokens.map((one) => readToken(one)?.resources)),
      });

      const process = new Process();
      await using first = await open(prune[0], process);
      await expecting(token, () => new Stack(first).up(prune[1]));
      await using second = await open(sync[0], isOneProcess ? process : undefined);
      const up = () => expecting(token, () => new Stack(second).up(sync[1]));
      if (isOneProcess) await up();
      else
        assert.match(
          (await failureOf(up())).message,
          /databaseVersion of channel de on factfinder: was 41, is 42/,
        );
      assert.equal(ff.worker(1).isInSync("de"), isOneProcess);
    });
  }
});
