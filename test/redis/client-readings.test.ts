import assert from "node:assert/strict";
import type { Http } from "../../provider/core/http/http.ts";
import {
  endedBadly,
  getActionList,
  getNodeAction,
  hasEnded,
  listAllNodeActions,
  listNodeActions,
} from "../../provider/redis/client.ts";
import { answer, openApi, options, withNock } from "./api.ts";

const path = "/v1/nodes/2/actions/maintenance_on";
const asked = { name: "maintenance_on", nodeUid: 2 };
const unsaid = { progress: undefined, taskId: undefined, errorCode: undefined, errorMessage: undefined };

/** One action as the cluster writes it, and as it is read. */
const readings: [what: string, written: object, read: object][] = [
  [
    "the documented sample",
    { status: "completed", task_id: "38c7405b" },
    { status: "completed", taskId: "38c7405b" },
  ],
  ["progress as float", { status: "running", progress: 10.5 }, { status: "running", progress: 10.5 }],
  ["progress as text", { status: "running", progress: "10.5" }, { status: "running", progress: 10.5 }],
  ["a progress that is none", { status: "running", progress: "half" }, { status: "running" }],
  ["action_uid for the task", { status: "queued", action_uid: "8fc3" }, { status: "queued", taskId: "8fc3" }],
  [
    "a failure",
    { status: "failed", error_code: "insufficient_resources", error_message: "no room" },
    { status: "failed", errorCode: "insufficient_resources", errorMessage: "no room" },
  ],
  ["a word in capitals", { status: " COMPLETED" }, { status: "completed" }],
  ["a word with one l", { status: "canceled" }, { status: "cancelled" }],
  ["a word with one l that is not the end", { status: "Canceling" }, { status: "cancelling" }],
  ["a word that is not documented", { status: "pausing" }, { status: "pausing" }],
  ["no status at all", { task_id: "1" }, { status: "unknown", taskId: "1" }],
  ["more than it knows", { status: "running", pending_ops: {}, heartbeat: 1 }, { status: "running" }],
];

describe("what Redis Enterprise says of an action", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openApi();
  });

  for (const [what, written, read] of readings) {
    it(`GET one action reads ${what}`, async () => {
      answer("GET", path, 200, written);
      assert.deepEqual(await getNodeAction(http, 2, "maintenance_on", options), {
        ...asked,
        ...unsaid,
        ...read,
      });
    });

    it(`a list reads ${what}`, async () => {
      answer("GET", "/v1/nodes/actions", 200, {
        actions: [{ name: "maintenance_on", node_uid: "2", ...written }],
      });
      assert.deepEqual(await listAllNodeActions(http, options), [{ ...asked, ...unsaid, ...read }]);
    });
  }

  const [own, other] = [
    { name: "maintenance_on", status: "completed", task_id: "38c7405b" },
    { name: "maintenance_off", status: "running", task_id: "1" },
  ];
  const done = { ...asked, ...unsaid, status: "completed", taskId: "38c7405b" };
  for (const [what, written, read] of [
    ["in a list, as the others do", { actions: [other, own] }, done],
    ["alone in a list, without its name", { actions: [{ ...own, name: undefined }] }, done],
    ["in an object of its own", { actions: own }, done],
    ["as none, where the list has others only", { actions: [other] }, undefined],
    ["as none, where the list is empty", { actions: [] }, undefined],
    ["as none, where nothing is said of it", {}, undefined],
  ] as const)
    it(`GET one action reads it ${what}`, async () => {
      answer("GET", path, 200, written);
      assert.deepEqual(await getNodeAction(http, 2, "maintenance_on", options), read);
    });

  describe("a list of actions", () => {
    const removal = { name: "remove_node", node_uid: "1", status: "running", progress: 10 };
    const read = { ...unsaid, name: "remove", nodeUid: 1, status: "running", progress: 10 };
    const shapes: [what: string, body: unknown, read: object[]][] = [
      ["in an object, as documented for one node", { actions: [removal] }, [read]],
      ["as a bare list", [removal], [read]],
      ["with uids as numbers", { actions: [{ ...removal, node_uid: 1 }] }, [read]],
      ["that is empty", { actions: [] }, []],
      ["that is not there", {}, []],
      ["with entries that name no action, or are none", { actions: [{ status: "running" }, 7, null] }, []],
    ];
    for (const [what, body, expected] of shapes) {
      it(`is read ${what}`, async () => {
        answer("GET", "/v1/nodes/actions", 200, body);
        assert.deepEqual(await listAllNodeActions(http, options), expected);
        answer("GET", "/v1/nodes/1/actions", 200, body);
        assert.deepEqual(await listNodeActions(http, 1, options), expected);
      });
    }

    const wholes: [what: string, status: number, body: unknown, isWhole: boolean][] = [
      ["all of it could be read", 200, { actions: [removal] }, true],
      ["there is nothing in it", 200, { actions: [] }, true],
      ["an entry could not be read", 200, { actions: [removal, { status: "running" }] }, false],
      ["there is no list", 404, undefined, false],
    ];
    for (const [what, status, body, isWhole] of wholes) {
      it(`${isWhole ? "proves" : "does not prove"} what is not there when ${what}`, async () => {
        answer("GET", "/v1/nodes/actions", status, body);
        assert.equal((await getActionList(http, options)).isWhole, isWhole);
      });
    }

    it("leaves out what names no node, unless it is one node's", async () => {
      const body = { actions: [{ ...removal, node_uid: undefined }] };
      answer("GET", "/v1/nodes/actions", 200, body);
      assert.deepEqual(await listAllNodeActions(http, options), []);
      answer("GET", "/v1/nodes/1/actions", 200, body);
      assert.deepEqual(await listNodeActions(http, 1, options), [read]);
    });
  });
});

describe("a status", () => {
  const statuses: [status: string, ended: boolean, badly: boolean][] = [
    ["queued", false, false],
    ["starting", false, false],
    ["running", false, false],
    ["cancelling", false, false],
    ["completed", true, false],
    ["failed", true, true],
    ["aborted", true, true],
    ["cancelled", true, true],
    ["pending", false, false],
    ["anything else", false, false],
  ];
  for (const [status, ended, badly] of statuses) {
    it(`${status} is ${ended ? "an end" : "none"}${badly ? ", a bad one" : ""}`, () => {
      const action = { ...asked, status };
      assert.deepEqual([hasEnded(action), endedBadly(action)], [ended, badly]);
    });
  }
});
