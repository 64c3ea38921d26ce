import assert from "node:assert/strict";
import nock from "nock";
import { resolveConnection } from "../../provider/core/connections.ts";
import { BodyError, StatusError, UnreachableError } from "../../provider/core/errors.ts";
import { openHttp } from "../../provider/core/http.ts";
import {
  demote,
  getStatus,
  isActive,
  listClusters,
  promote,
  TcfError,
  toggle,
} from "../../provider/tcf/client.ts";
import { tcf } from "../../provider/tcf/system.ts";

const origin = "http://tcf.test:8080";
const page = "<html><body>Service page</body></html>";
const options = { signal: new AbortController().signal, patience: "once" } as const;

describe("the TCF-worker's client", () => {
  const http = openHttp(
    resolveConnection(tcf, { endpoint: origin, token: "very-secret-token" }, () => undefined),
  );
  before(() => nock.disableNetConnect());
  after(() => {
    nock.enableNetConnect();
  });
  afterEach(() => nock.cleanAll());

  const answering = (method: "get" | "post", path: string, status: number, body?: string) =>
    nock(origin)[method](`/tcf/${path}`).reply(status, body);

  describe("GET /tcf/status", () => {
    const words: [body: string, word: string][] = [
      ["active", "active"],
      ["passive\n", "passive"],
      ["  active \r\n", "active"],
      ['"passive"', "passive"],
      ['{"status":"active"}', "active"],
      ["switching", "switching"],
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

  for (const [path, call] of [
    ["promote", promote],
    ["demote", demote],
    ["toggle", toggle],
  ] as const) {
    describe(`POST /tcf/${path}`, () => {
      for (const [status, body] of [
        [200, ""],
        [200, "OK\n"],
        [200, '{"result":true}'],
        [202, ""],
        [204, ""],
      ] as const) {
        it(`is accepted with ${status} and ${JSON.stringify(body)}`, async () => {
          answering("post", path, status, body);
          await call(http, options);
          assert.ok(nock.isDone());
        });
      }

      it("is sent without a body, with the credentials", async () => {
        let sent: string | undefined;
        nock(origin, { reqheaders: { authorization: "Bearer very-secret-token" } })
          .post(`/tcf/${path}`, (body) => {
            sent = body;
            return true;
          })
          .reply(200);
        await call(http, options);
        assert.equal(sent, "");
      });

      it("tells the worker's own error, whose effect is open", async () => {
        answering("post", path, 500, '{"error":"cluster cluster1 is active"}');
        await assert.rejects(call(http, options), (error: Error) => {
          assert.ok(error instanceof TcfError);
          assert.equal(error.message, `POST ${origin}/tcf/${path}: 500 cluster cluster1 is active`);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      const failures: [status: number, body: string, effect: string][] = [
        [500, "Internal Server Error", "maybe"],
        [500, page, "maybe"],
        [500, "", "maybe"],
        [500, '{"error":{"code":1}}', "maybe"],
        [502, page, "maybe"],
        [503, "", "maybe"],
        [504, "", "late"],
        [408, "", "late"],
        [401, "", "no"],
        [403, "", "no"],
        [404, "", "no"],
        [429, "", "no"],
      ];
      for (const [status, body, effect] of failures) {
        it(`is sent once and fails with ${status} ${JSON.stringify(body.slice(0, 12))}: effect ${effect}`, async () => {
          answering("post", path, status, body);
          await assert.rejects(call(http, { signal: options.signal }), (error: Error) => {
            assert.ok(error instanceof StatusError && !(error instanceof TcfError));
            assert.deepEqual([error.status, error.effect], [status, effect]);
            return true;
          });
        });
      }

      it("takes a proxy's page with status 200 for no answer of the worker", async () => {
        answering("post", path, 200, page);
        await assert.rejects(call(http, options), (error: Error) => {
          assert.ok(error instanceof BodyError);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      it("is sent once when the connection breaks", async () => {
        nock(origin)
          .post(`/tcf/${path}`)
          .replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
        await assert.rejects(call(http, { signal: options.signal }), (error: Error) => {
          assert.ok(error instanceof UnreachableError);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      it("names the role that switching needs", async () => {
        answering("post", path, 403, "");
        await assert.rejects(call(http, options), /403.*Keycloak role toggle or admin/);
      });

      it("blanks credentials out of what the server repeats", async () => {
        answering("post", path, 500, '{"error":"bad token very-secret-token"}');
        await assert.rejects(call(http, options), /500 bad token \[redacted\]$/);
      });
    });
  }
});
