import assert from "node:assert/strict";
import { planInputs } from "../../../provider/core/lifecycle/plan.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { Tables } from "../../rules/tables.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";
import { nobody, serve } from "../server.ts";
import {
  allTell,
  gatewayTimeOut,
  mute,
  muteOn,
  nodes,
  noEnd,
  noHandshake,
  oneTells,
  preview,
  settings,
  spec,
} from "./silence.ts";

interface Row {
  it: string;
  run(): Promise<void>;
}

const kinds: [what: string, start: () => Promise<AsyncDisposable & { url: string }>, said: RegExp][] = [
  ["takes requests and never answers", mute, /http:\/\/127\.0\.0\.1:\d+\S*: no answer within 15s/],
  ["ends no handshake", noHandshake, /https:\/\/127\.0\.0\.1:\d+\S*: no connection within \d+s/],
  ["sends headers and no end of the body", noEnd, /http:\/\/127\.0\.0\.1:\d+\S*: no answer within 15s/],
  ["stands behind a gateway that gives up", gatewayTimeOut, /http:\/\/127\.0\.0\.1:\d+\S*: 504/],
];

const rows: Row[] = [
  ...kinds.map(([what, start, said]) => ({
    it: `an endpoint that ${what} costs its time once, and is named with it`,
    async run() {
      await using server = await start();
      const { told, first, others } = await preview(
        { plain: { endpoint: server.url, ...settings } },
        nodes(6),
      );
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      oneTells(told, said);
    },
  })),
  {
    it: "two hundred resources of one connection cost it once",
    async run() {
      await using server = await mute();
      const connection = { endpoint: server.url, ...settings };
      const { first, others, told } = await preview({ plain: connection }, nodes(200));
      assert.ok(others < first / 2, `${first} ms, then ${others} ms`);
      oneTells(told, /: no answer within 15s; other resources that need it do not repeat this$/);
      assert.equal(server.requests.length, 2);
    },
  },
  {
    it: "several connections to one dead host cost it once",
    async run() {
      await using server = await mute();
      const other = { username: "eve@example.com", password: "planted-other" };
      const connections = {
        one: { endpoint: server.url, ...settings },
        two: { endpoint: server.url, ...other },
        three: { endpoint: `${server.url}/base`, ...other },
      };
      const resources = ["one", "two", "three"].map((connection, nodeUid) => ({ connection, nodeUid }));
      const { first, others, told } = await preview(connections, resources);
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      oneTells(told, /: no answer within 15s/);
    },
  },
  {
    it: "a requestTimeout that strikes first tells as much",
    async run() {
      await using server = await mute();
      const connection = { endpoint: server.url, requestTimeout: "2s", ...settings };
      const { first, others, told } = await preview({ plain: connection }, nodes(6));
      assert.ok(others < first / 2, `${first} ms, then ${others} ms`);
      oneTells(told, /: no answer within 2s/);
    },
  },
  {
    it: "a deadline of the door's that strikes first tells as much",
    async run() {
      await using server = await mute();
      const session = new Session();
      const times: number[] = [];
      const told: string[] = [];
      for (const inputs of nodes(4)) {
        const context = contextFor({ plain: { endpoint: server.url } }, { preview: true, timeoutSeconds: 6 });
        const began = performance.now();
        await planInputs(spec, { ...context, session }, undefined, { ...inputs });
        times.push(performance.now() - began);
        told.push(context.said.warnings.join());
      }
      assert.match(told[0] ?? "", /http:\/\/127\.0\.0\.1:\d+\S*: no answer within 6s/);
      const [first = 0, ...others] = times;
      assert.ok(Math.max(...others) < first / 5, times.join());
    },
  },
  {
    it: "where one path alone is silent, the others are asked",
    async run() {
      await using server = await muteOn((path) => path === "/actions");
      const connection = { endpoint: server.url, ...settings };
      const { first, others, told } = await preview({ plain: connection }, nodes(6));
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      oneTells(told, /http:\/\/127\.0\.0\.1:\d+\/actions: no answer within 15s/);
      assert.ok(server.requests.some(({ url }) => url === "/nodes"));
      assert.equal(server.requests.filter(({ url }) => url === "/actions").length, 1);
    },
  },
  {
    it: "where one path of each resource is silent, a few stand for all",
    async run() {
      await using server = await muteOn((path) => path.startsWith("/nodes/"));
      const connection = { endpoint: server.url, requestTimeout: "2s", ...settings };
      const { first, others, told } = await preview({ plain: connection }, nodes(40));
      assert.ok(others < first * 4, `${first} ms, then ${others} ms`);
      oneTells(told, /http:\/\/127\.0\.0\.1:\d+\/nodes\/\d+: no answer within 2s/);
    },
  },
  {
    it: "where one of two endpoints is silent, the other one is asked, and first from then on",
    async run() {
      await using server = await mute();
      await using good = await serve(() => ({ body: "[]" }));
      const endpoints = [server.url, good.url];
      const session = new Session();
      const { first, others, told } = await preview({ plain: { endpoints } }, nodes(6), session);
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      allTell(told, /is a replica/);
      assert.equal(server.requests.length, 2);
      // With other credentials, too.
      const again = await preview({ plain: { endpoints, ...settings } }, nodes(2), session);
      assert.ok(again.first < first / 5, `${again.first} ms`);
      allTell(again.told, /is a replica/);
      assert.equal(server.requests.length, 2);
      // And by an operation, which would wait for it.
      const context = contextFor({ plain: { endpoints, token: "planted-token" } });
      const way = session.connect(plain, undefined, context.config, context);
      await way.call({ method: "GET", path: "/nodes" }, context);
      assert.equal(server.requests.length, 2);
    },
  },
  {
    it: "where both endpoints are silent, both are named, and cost their time once",
    async run() {
      await using one = await mute();
      await using two = await mute();
      const { first, others, told } = await preview({ plain: { endpoints: [one.url, two.url] } }, nodes(6));
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      for (const { url } of [one, two]) oneTells(told, new RegExp(`${url}\\S*: no answer within 7.5s`));
    },
  },
  {
    it: "where one endpoint is silent and the other one refuses, both are named",
    async run() {
      await using server = await mute();
      const down = await nobody();
      const { first, others, told } = await preview({ plain: { endpoints: [down, server.url] } }, nodes(4));
      assert.ok(others < first / 2, `${first} ms, then ${others} ms`);
      oneTells(
        told,
        /connection refused; .*: no answer within 7.5s|: no answer within 7.5s; .*connection refused/,
      );
    },
  },
  {
    it: "a token endpoint that is silent costs its time once, and is named",
    async run() {
      await using idp = await mute();
      await using server = await serve(() => ({ body: "[]" }));
      const oauth2 = { tokenUrl: `${idp.url}/token`, clientId: "ops", clientSecret: "planted-secret" };
      const connections = {
        plain: { endpoint: server.url, oauth2 },
        other: { endpoint: server.url, oauth2: { ...oauth2, clientId: "eve" } },
      };
      const resources = [...nodes(3), { connection: "other", nodeUid: 4 }];
      const { first, others, told } = await preview(connections, resources);
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      oneTells(told, new RegExp(`no access token: .*${idp.url}\\S*: no answer within 15s`));
      assert.deepEqual([server.requests.length, idp.requests.length], [0, 1]);
    },
  },
  {
    it: "an endpoint that answers again is asked as before as soon as anything has been answered",
    async run() {
      let isMute = true;
      await using server = await muteOn(() => isMute);
      const connection = { endpoint: server.url, requestTimeout: "1s" };
      const session = new Session();
      const before = await preview({ plain: connection }, nodes(1), session);
      oneTells(before.told, /no answer within 1s/);
      isMute = false;
      const context = contextFor({ plain: connection });
      const way = session.connect(plain, undefined, context.config, context);
      await way.call({ method: "GET", path: "/" }, context);
      const after = await preview({ plain: connection }, nodes(2), session);
      allTell(after.told, /is a replica/);
    },
  },
  {
    it: "an answer that takes a while is waited for",
    async run() {
      await using server = await serve((_request, _number, response) => {
        setTimeout(() => response.end("[]"), 4_000);
        return undefined;
      });
      const { told } = await preview({ plain: { endpoint: server.url } }, nodes(2));
      allTell(told, /is a replica/);
    },
  },
];

describe("a preview, where an endpoint is silent:", function () {
  this.timeout(120_000);
  new Tables(20).each(
    rows,
    ({ it }) => it,
    ({ run }) => run(),
  );
});
