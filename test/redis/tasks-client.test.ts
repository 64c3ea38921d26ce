import assert from "node:assert/strict";
import nock from "nock";
import { listTasks } from "../../provider/redis/client.ts";
import { answer, openApi, options, origin, withNock } from "./api.ts";

const path = "/v1/actions";

describe("the client of Redis Enterprise's tasks", () => {
  withNock();

  it("reads a live cluster's task, whose numbers are texts, and the cluster's clock", async () => {
    const task = {
      action_uid: "8fc3",
      creation_time: "1760400087",
      name: "maintenance_on",
      node_uid: "2",
      progress: "100",
      status: "completed",
      task_id: "8fc3",
    };
    const date = "Tue, 14 Oct 2025 00:01:30 GMT";
    nock(origin)
      .get(path)
      .reply(200, { actions: [task] }, { date });
    const found = await listTasks(openApi(), options);
    assert.equal(found?.now, Date.parse("2025-10-14T00:01:30Z"));
    const [read] = found?.tasks ?? [];
    assert.deepEqual(
      [read?.name, read?.nodeUid, read?.taskId, read?.status, read?.createdAt],
      ["maintenance_on", 2, "8fc3", "completed", 1_760_400_087_000],
    );
  });

  it("knows that a server may have no such list", async () => {
    answer("GET", path, 404, {});
    assert.equal(await listTasks(openApi(), options), undefined);
  });

  it("names the right that it needs", async () => {
    answer("GET", path, 403, {});
    await assert.rejects(listTasks(openApi(), options), /403.*a role with view_all_actions/);
  });
});
