import assert from "node:assert/strict";
import nock from "nock";
import { BodyError } from "../../provider/core/data/errors.ts";
import { getStatus, isActive, listClusters } from "../../provider/tcf/client.ts";
import { ownWord } from "../../provider/tcf/look.ts";
import { answering, http, onlyWrittenAnswers, options, origin, page } from "./worker.ts";

describe("the TCF-worker's client", () => {
  onlyWrittenAnswers();

  describe("GET /tcf/status", () => {
    const words: [body: string, word: string][] = [
      ["active", "active"],
      ["passive\n", "passive"],
      ["  active \r\n", "active"],
      ['"passive"', "passive"],
      ['{"status":"active"}', "active"],
      ["ACTIVE", "active"],
      ['{"status":"Passive"}', "passive"],
      ["switching", "switching"],
      ["Switching", "Switching"],
      ["Переключается", "Переключается"],
    ];
    for (const [body, word] of words) {
      it(`reads ${JSON.stringify(body)} as ${word}`, async () => {
        answering("get", "status", 200, body);
        assert.equal(await getStatus(http, options), word);
      });
    }

    const unusable: [what: string, body: string, said: RegExp][] = [
      ["an empty body", "", /answered 200 with an empty body/],
      ["HTML", page, /answered 200 with HTML/],
      ["another JSON document", '{"state":"active"}', /answered 200 with something else/],
      ["null", "null", /something else/],
      ["text of several lines", "Bad gateway\nactive", /something else/],
      ["text longer than a word", "a".repeat(101), /something else/],
    ];
    for (const [what, body, said] of unusable) {
      it(`takes ${what} for no state`, async () => {
        answering("get", "status", 200, body);
        await assert.rejects(getStatus(http, options), (error: Error) => {
          assert.ok(error instanceof BodyError);
          assert.match(error.message, said);
          return true;
        });
      });
    }
  });

  describe("GET /tcf/is_active", () => {
    const values: [status: number, body: string | undefined, active: boolean][] = [
      [200, undefined, true],
      [200, "true\n", true],
      [418, undefined, false],
      [418, "I'm a teapot", false],
    ];
    for (const [status, body, active] of values) {
      it(`takes ${status} with ${JSON.stringify(body) ?? "no body"} for ${active ? "active" : "passive"}`, async () => {
        answering("get", "is_active", status, body);
        assert.equal(await isActive(http, options), active);
      });
    }
    for (const [status, body] of [
      [200, page],
      [204, ""],
    ] as const) {
      it(`takes ${status} ${body ? "with a proxy's page " : ""}for no answer`, async () => {
        answering("get", "is_active", status, body);
        await assert.rejects(isActive(http, options), BodyError);
      });
    }
  });

  describe("what a cluster says of itself", () => {
    for (const body of ["", "{}", "[]"])
      it(`is not told by whoever answers everything with ${body || "an empty 200"}`, async () => {
        answering("get", "status", 200, body);
        answering("get", "is_active", 200, body);
        await assert.rejects(ownWord(http, options), BodyError);
      });

    it("is told by is_active where another 200 comes in place of the state", async () => {
      answering("get", "status", 200, "{}");
      answering("get", "is_active", 200, "");
      assert.equal(await ownWord(http, options), "active");
    });
  });

  describe("GET /tcf/clusters", () => {
    it("reads the page's own example", async () => {
      const example =
        '[{"status":"active","name":"cluster1","id":"cluster_1"},{"status":"passive","name":"cluster2","id":"cluster_2"}]';
      answering("get", "clusters", 200, example);
      assert.deepEqual(await listClusters(http, options), [
        { id: "cluster_1", name: "cluster1", status: "active" },
        { id: "cluster_2", name: "cluster2", status: "passive" },
      ]);
    });

    it("keeps other words, completes what is missing, and passes over what is no cluster", async () => {
      const list = [
        { id: "a", status: " rebooting " },
        { name: "west", status: "active" },
        { id: 3, name: "c" },
        { status: "active" },
        "active",
        null,
      ];
      answering("get", "clusters", 200, JSON.stringify(list));
      assert.deepEqual(await listClusters(http, options), [
        { id: "a", name: "a", status: "rebooting" },
        { id: "west", name: "west", status: "active" },
        { id: "3", name: "c", status: "unknown" },
      ]);
    });

    it("takes an empty list for one", async () => {
      answering("get", "clusters", 200, "[]");
      assert.deepEqual(await listClusters(http, options), []);
    });

    for (const [what, body] of [
      ["HTML", page],
      ["an empty body", ""],
      ["an object", '{"clusters":[]}'],
      ["a truncated list", '[{"status":"active"'],
    ] as const) {
      it(`takes ${what} for no list`, async () => {
        answering("get", "clusters", 200, body);
        await assert.rejects(listClusters(http, options), BodyError);
      });
    }
  });

  for (const [path, read] of [
    ["status", getStatus],
    ["is_active", isActive],
    ["clusters", listClusters],
  ] as const) {
    it(`says what the server's error was: GET /tcf/${path}`, async () => {
      answering("get", path, 500, '{"error":"state store is unavailable"}');
      await assert.rejects(read(http, options), {
        name: "StatusError",
        status: 500,
        message: `GET ${origin}/tcf/${path}: 500 state store is unavailable`,
      });
    });

    it(`survives a 500 that passes: GET /tcf/${path}`, async () => {
      answering("get", path, 500, '{"error":"busy"}');
      answering("get", path, 200, path === "clusters" ? "[]" : "active");
      await read(http, { signal: options.signal });
      assert.ok(nock.isDone());
    });

    it(`names the role that reading needs: GET /tcf/${path}`, async () => {
      answering("get", path, 403, "");
      await assert.rejects(read(http, options), /403.*Keycloak role info, toggle or admin/);
    });
  }
});
