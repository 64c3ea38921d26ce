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
