import assert from "node:assert/strict";
import nock from "nock";
import { BodyError, type StatusError } from "../../provider/core/data/errors.ts";
import type { Http } from "../../provider/core/http/http.ts";
import {
  cancelNodeAction,
  getNodeAction,
  listAllNodeActions,
  listNodeActions,
  listTasks,
  startNodeAction,
} from "../../provider/redis/client.ts";
import { freely } from "../support/permit.ts";
import { type Ask, answer, openApi, options, origin, withNock } from "./api.ts";

const path = "/v1/nodes/2/actions/maintenance_on";
const asked = { name: "maintenance_on", nodeUid: 2 };
const unsaid = { progress: undefined, taskId: undefined, errorCode: undefined, errorMessage: undefined };

/** Page "Node actions requests", call by call. */
const listAll: Ask = (http) => listAllNodeActions(http, options);
const list: Ask = (http) => listNodeActions(http, 2, options);
const get: Ask = (http) => getNodeAction(http, 2, "maintenance_on", options);
const start: Ask = (http) => startNodeAction(http, 2, "maintenance_on", {}, freely, options);
const cancel: Ask = (http) => cancelNodeAction(http, 2, "maintenance_on", freely, options);

const calls: [call: string, ask: Ask, method: string, path: string, needs: RegExp][] = [
  ["GET all actions", listAll, "GET", "/v1/nodes/actions", /view_status_of_all_node_actions/],
  ["GET one node's actions", list, "GET", "/v1/nodes/2/actions", /view_status_of_node_action/],
  ["GET one action", get, "GET", path, /view_status_of_node_action/],
  ["POST", start, "POST", path, /the admin role \(start_node_action\)/],
  ["DELETE", cancel, "DELETE", path, /the admin role \(cancel_node_action\)/],
];
const reads = calls.slice(0, 3);

/** Bodies of a good answer to POST: it "may provide additional action details". */
const startAnswers: [what: string, body: unknown, read: object][] = [
  ["the documented body", { status: "queued", task_id: "38c7" }, { status: "queued", taskId: "38c7" }],
  ["an empty body", undefined, { status: "queued" }],
  ["an empty object", {}, { status: "queued" }],
  ["null", "null", { status: "queued" }],
  ["some text", "OK", { status: "queued" }],
  ["another type", "[1]", { status: "queued" }],
];

/** Spellings of an error body, and what is made of them. */
const errorBodies: [what: string, body: unknown, said: string][] = [
  ["description", { error_code: "node_down", description: "no answer" }, "503 node_down: no answer"],
  ["message", { error_code: "node_down", message: "no answer" }, "503 node_down: no answer"],
  ["a code alone", { error_code: "node_down" }, "503 node_down"],
  ["text", "The node is not responding", "503 The node is not responding"],
  ["HTML", "<html>planted</html>", "503 an HTML page"],
  ["nothing", undefined, "503"],
];

/** Good answers that are none. */
const broken: [what: string, body: string, why: RegExp][] = [
  ["HTML", "<html>login</html>", /answered 200 with HTML where JSON is documented/],
  ["an empty body", "", /answered 200 with an empty body where JSON is documented/],
  ["truncated JSON", '{"status": "comp', /answered 200 with no valid JSON where JSON is documented/],
  ["a text in JSON", '"fine"', /answered 200 with a string where .* is documented/],
  ["null", "null", /answered 200 with null where .* is documented/],
];

describe("the client of Redis Enterprise's node actions", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openApi();
  });

  for (const [call, ask, method, path, needs] of calls) {
    describe(call, () => {
      for (const status of [401, 403]) {
        it(`names the right that it needs when it is answered ${status}`, async () => {
          answer(method, path, status, { error_code: "unauthorized", message: "no" });
          await assert.rejects(ask(http), (error: StatusError) => {
            assert.match(error.message, needs);
            assert.deepEqual([error.status, error.code, error.effect], [status, "unauthorized", "no"]);
            assert.doesNotMatch(error.message, /planted/);
            return true;
          });
        });
      }

      for (const [what, body, said] of errorBodies) {
        it(`says what an error says as ${what}`, async () => {
          answer(method, path, 503, body);
          await assert.rejects(ask(http), {
            name: "StatusError",
            message: `${method} ${origin}${path}: ${said}`,
          });
        });
      }

      it("sends its credentials", async () => {
        const authorization = `Basic ${Buffer.from("ops@example.com:planted-password").toString("base64")}`;
        nock(origin, { reqheaders: { authorization, accept: "application/json" } })
          .intercept(path, method)
          .reply(200, "{}");
        await ask(http);
      });
    });
  }

  for (const [call, ask, method, path] of reads) {
    for (const [what, body, why] of broken) {
      it(`${call} does not take ${what} for an answer`, async () => {
        answer(method, path, 200, body);
        await assert.rejects(ask(http), (error) => error instanceof BodyError && why.test(error.message));
      });
    }
  }

  describe("404", () => {
    const absent: [call: string, ask: Ask, method: string, path: string, value: unknown][] = [
      ["GET all actions", listAll, "GET", "/v1/nodes/actions", []],
      ["GET one node's actions", list, "GET", "/v1/nodes/2/actions", []],
      ["GET one action", get, "GET", path, undefined],
      ["DELETE", cancel, "DELETE", path, false],
    ];
    for (const [call, ask, method, path, value] of absent) {
      it(`is a value of ${call}`, async () => {
        answer(method, path, 404, { error_code: "action_not_found", description: "Action does not exist" });
        assert.deepEqual(await ask(http), value);
      });
    }

    it("is an error of POST: no such node, or no such action", async () => {
      answer("POST", path, 404);
      await assert.rejects(start(http), { name: "StatusError", status: 404, effect: "no" });
    });
  });

  describe("GET the tasks of the cluster", () => {
    it("reads when each was asked for, and the cluster's time", async () => {
      const task = {
        name: "remove_node",
        node_uid: "2",
        status: "completed",
        progress: "100",
        task_id: "38c7",
      };
      nock(origin)
        .get("/v1/actions")
        .reply(
          200,
          { actions: [{ ...task, creation_time: "1760400087" }, task], "state-machines": [] },
          { date: "Tue, 14 Oct 2025 00:01:30 GMT" },
        );
      const listed = await listTasks(http, options);
      assert.deepEqual(
        listed?.tasks.map(({ name, createdAt }) => [name, createdAt]),
        [
          ["remove", 1_760_400_087_000],
          ["remove", undefined],
        ],
      );
      assert.equal(listed?.now, Date.UTC(2025, 9, 14, 0, 1, 30));
    });

    it("takes 404 for a server that has no such list", async () => {
      answer("GET", "/v1/actions", 404);
      assert.equal(await listTasks(http, options), undefined);
    });
  });

  describe("POST", () => {
    it("sends the parameters as JSON, and an empty object where there are none", async () => {
      const json = { "content-type": "application/json" };
      for (const parameters of [{}, { wait_for_persistence: true, evict_dbs: ["1", "3"] }]) {
        nock(origin, { reqheaders: json }).post(path, parameters).reply(200, "{}");
        await startNodeAction(http, 2, "maintenance_on", parameters, freely, options);
      }
    });

    for (const [what, body, read] of startAnswers) {
      it(`takes ${what} for started`, async () => {
        answer("POST", path, 200, body);
        assert.deepEqual(await start(http), { ...asked, ...unsaid, ...read });
      });
    }

    it("does not take a page of a gateway for started, nor for certainly not", async () => {
      answer("POST", path, 200, "<html>login</html>");
      await assert.rejects(start(http), {
        name: "BodyError",
        effect: "maybe",
        message: /answered with HTML/,
      });
    });

    const effects: [status: number, effect: string][] = [
      [400, "no"],
      [409, "no"],
      [500, "maybe"],
      [503, "maybe"],
      [504, "late"],
    ];
    for (const [status, effect] of effects) {
      it(`says of ${status} that it ${effect === "no" ? "had no" : `had ${effect} an`} effect`, async () => {
        answer("POST", path, status);
        await assert.rejects(start(http), { status, effect });
      });
    }

    it("is never repeated by the client", async () => {
      answer("POST", path, 503);
      const patient = { signal: options.signal, patience: "patient" } as const;
      await assert.rejects(startNodeAction(http, 2, "maintenance_on", {}, freely, patient), { status: 503 });
    });
  });

  it("DELETE is true when it will be cancelled when possible", async () => {
    answer("DELETE", path, 200);
    assert.equal(await cancel(http), true);
  });

  it("encodes what an action is called", async () => {
    answer("GET", "/v1/nodes/2/actions/a%2F..%2Fb%3F", 404);
    assert.equal(await getNodeAction(http, 2, "a/../b?", options), undefined);
    await assert.rejects(getNodeAction(http, 2, "..", options), /cannot be part of a request path/);
  });
});
