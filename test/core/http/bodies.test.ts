import assert from "node:assert/strict";
import { BodyError, StatusError } from "../../../provider/core/data/errors.ts";
import { failureOf, get, open } from "../client.ts";
import { serve } from "../server.ts";

const once = { patience: "once" } as const;

describe("the body of a good answer", () => {
  for (const [body, expect, read] of [
    ['{"a": 1}', "json", { a: 1 }],
    ['{"a": 1}', "any", { a: 1 }],
    ["active\n", "any", "active"],
    ["active\n", "text", "active"],
    ['"active"', "any", "active"],
    ['"active"', "text", '"active"'],
    ["", "any", undefined],
    ["  \n", "any", undefined],
    ["", "text", ""],
    ["null", "json", null],
    ['{"a": ', "any", '{"a":'],
    ["\ufeff{}", "text", "{}"],
  ] as const) {
    it(`${JSON.stringify(body)} is ${JSON.stringify(read)} where ${expect} is expected`, async () => {
      await using server = await serve(() => ({ body }));
      assert.deepEqual((await get(open(server.url), "/", { expect })).body, read);
    });
  }

  for (const [body, what] of [
    ["<!doctype html><h1>Sign in</h1>", "HTML"],
    ["", "an empty body"],
    ['{"nodes": [{"uid"', "no valid JSON"],
    ["busy", "no valid JSON"],
  ] as const) {
    it(`${JSON.stringify(body)} is no answer where JSON is documented`, async () => {
      await using server = await serve(() => ({ body }));
      const failure = await failureOf(get(open(server.url), "/v1", { expect: "json", ...once }));
      assert.ok(failure instanceof BodyError);
      assert.equal(
        failure.message,
        `GET ${server.url}/v1: answered 200 with ${what} where JSON is documented`,
      );
      assert.equal(failure.effect, "no");
      const post = await failureOf(get(open(server.url), "/v1", { expect: "json", method: "POST" }));
      assert.equal(post.effect, "maybe");
    });
  }

  for (const method of ["GET", "POST"] as const) {
    it(`of 50 MB to a ${method} is refused before it is all there, and not asked for again`, async () => {
      const chunk = Buffer.alloc(1024 * 1024, "x");
      let sent = 0;
      await using server = await serve((_request, _number, response) => {
        response.writeHead(200);
        const write = () => {
          while (sent < 50 && !response.destroyed) {
            sent++;
            if (!response.write(chunk)) return void response.once("drain", write);
          }
          response.end();
        };
        write();
        return undefined;
      });
      const failure = await failureOf(get(open(server.url), "/", { method }));
      assert.ok(failure instanceof BodyError);
      assert.match(failure.message, /the answer is larger than 8 MiB/);
      assert.equal(failure.effect, method === "GET" ? "no" : "maybe");
      assert.equal(server.requests.length, 1);
      assert.ok(sent < 50, `${sent} MB were sent`);
    });
  }

  it("has to be all there within requestTimeout, however steadily it trickles", async () => {
    await using server = await serve((_request, _number, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 20);
      response.once("close", () => clearInterval(timer));
      return undefined;
    });
    const failure = await failureOf(get(open(server.url, { requestTimeout: "200ms" }), "/", once));
    assert.match(failure.message, /no answer within 0.2s/);
  });

  it("that ends early is a failure", async () => {
    await using server = await serve((_request, _number, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"a": 1}');
      setTimeout(() => response.socket?.destroy(), 20);
      return undefined;
    });
    const failure = await failureOf(get(open(server.url), "/", once));
    assert.match(
      failure.message,
      /connection closed before the whole answer had come|connection reset|ended early/,
    );
  });

  it("is a value of the call with a status that the call names", async () => {
    await using server = await serve(() => ({ status: 418, body: "passive" }));
    const answer = await get(open(server.url), "/", { values: [418] });
    assert.deepEqual([answer.status, answer.body], [418, "passive"]);
  });
});

describe("what a failing server says", () => {
  for (const [what, body, said] of [
    [
      "Redis Enterprise's",
      { error_code: "insufficient_resources", description: "no room" },
      "insufficient_resources: no room",
    ],
    ["its code alone", { error_code: "busy" }, "busy"],
    ["Aspire's", { message: "no such seed" }, "no such seed"],
    ["TCF's", { error: "state is unknown" }, "state is unknown"],
    ["FACT-Finder's", { error: "Forbidden", errorDescription: "no right" }, "Forbidden: no right"],
    ["an object inside", { error: { name: "NoRight", description: "no right" } }, "NoRight: no right"],
    ["an object inside, without a name", { error: { code: 7, message: "no right" } }, "no right"],
    [
      "an OAuth 2 server's",
      { error: "invalid_grant", error_description: "expired" },
      "invalid_grant: expired",
    ],
    ["plain text", "out of order\n", "out of order"],
    ["a proxy's page", "<html><h1>Bad gateway</h1></html>", "an HTML page"],
    ["a list", [1], ""],
    ["nothing", "", ""],
  ] as const) {
    it(`is told in ${what} words`, async () => {
      await using server = await serve(() => ({ status: 400, body: body as object }));
      const { message } = await failureOf(get(open(server.url), "/v1"));
      assert.equal(message, `GET ${server.url}/v1: 400${said && ` ${said}`}`);
    });
  }

  it("is cut where it is long", async () => {
    await using server = await serve(() => ({ status: 400, body: "x".repeat(10_000) }));
    const { message } = await failureOf(get(open(server.url)));
    assert.ok(message.length < 400, `${message.length} characters`);
  });

  for (const [status, words] of [
    [401, "(the credentials were not accepted; this call needs the role X)"],
    [403, "(the credentials lack a right; this call needs the role X)"],
  ] as const) {
    it(`comes with the right that a call needs on ${status}`, async () => {
      await using server = await serve(() => ({ status }));
      const failure = await failureOf(
        get(open(server.url, { token: "planted" }), "/", { needs: "the role X" }),
      );
      assert.equal(failure.message, `GET ${server.url}/: ${status} ${words}`);
    });
  }

  it("keeps whole numbers beyond 2^53 as the text that they were: rounded they would name something else", async () => {
    const body =
      '{"id": 1731234567890123457, "count": 3, "share": 0.5000000000000001, "text": "9007199254740993"}';
    await using server = await serve(() => ({ body }));
    const answer = await get(open(server.url), "/v1", { expect: "json" });
    assert.deepEqual(answer.body, {
      id: "1731234567890123457",
      count: 3,
      share: 0.5000000000000001,
      text: "9007199254740993",
    });
  });

  it("is kept as data", async () => {
    const body = { error_code: "busy", description: "later" };
    await using server = await serve(() => ({ status: 409, body }));
    const failure = await failureOf(get(open(server.url), "/v1", { method: "POST" }));
    assert.ok(failure instanceof StatusError);
    const { method, url, status, code, effect } = failure;
    assert.deepEqual([method, url, status, code, effect], ["POST", `${server.url}/v1`, 409, "busy", "no"]);
  });

  it("is told without the credentials that it repeats", async () => {
    await using server = await serve(({ headers }) => ({
      status: 400,
      body: { message: `what is ${headers.authorization}, ${headers["x-key"]}?` },
    }));
    const settings = { token: "planted-token", headers: { "x-key": 'planted-"header"' } };
    const { message } = await failureOf(get(open(server.url, settings)));
    assert.match(message, /what is Bearer \[redacted\], \[redacted\]\?/);
    assert.doesNotMatch(message, /planted/);
  });

  it("is one line, without anything that a terminal obeys", async () => {
    const description = "\u001b[2Jbusy\r\n::error::forged\u202e \u0000planted\u200b-token";
    await using server = await serve(() => ({ status: 409, body: { error_code: "a\nb", description } }));
    const failure = await failureOf(get(open(server.url, { token: "planted-token" })));
    assert.match(failure.message, /: 409 a b: busy ::error::forged \[redacted\]$/);
  });
});
