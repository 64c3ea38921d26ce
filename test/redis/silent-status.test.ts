import { warningPatience } from "../../provider/redis/documented.ts";
import { behaviour, type Case } from "./cluster.ts";

/*
 * Who leads the cluster is read for a warning only, and when a task was asked for where it has to be told from another. A path that takes
 * requests and never answers held up what needs none of it for the whole of its timeout.
 */
warningPatience.milliseconds = 400;

const held = ["/v1/nodes/status", "/v1/actions"];

const cases = (inputs: object): Case[] =>
  held.map((path) => ({
    it: `is done although ${path} never answers`,
    mutating: 1,
    async run({ redis, session }) {
      const { inputs: checked } = await session.check(undefined, { ...inputs, timeout: "20s" }, false);
      redis.fault({ kind: "hang", match: { path }, times: Number.POSITIVE_INFINITY });
      await session.create(checked);
    },
  }));

describe("a path that one can do without, and that never answers", () => {
  describe("redis.NodeMaintenance", () => behaviour("redis:NodeMaintenance", cases({ nodeUid: 2 })));
  describe("redis.NodeRemoval", () => behaviour("redis:NodeRemoval", cases({ nodeUid: 2 })));
  describe("redis.NodeAction", () =>
    behaviour("redis:NodeAction", cases({ nodeUid: 2, action: "maintenance_on" })));
  describe("redis.MaintenanceStep", () =>
    behaviour("redis:MaintenanceStep", cases({ nodeUid: 2, phase: "enter" })));
});
