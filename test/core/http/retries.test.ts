import assert from "node:assert/strict";
import { longTry, type MutatingCall } from "../../../provider/core/http/http.ts";
import { failureOf, get, open } from "../client.ts";
import { serve } from "../server.ts";

const soon = { "retry-after": "0" };

describe("what is asked again", () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 524, 529, 530, 599]) {
    it(`a GET that is answered ${status}`, async () => {
      await using server = await serve((_, number) =>
        number === 0 ? { status, headers: soon } : { body: "fine" },
      );
      const troubles: Error[] = [];
      const answer = await get(open(server.url), "/", { onTrouble: (error) => troubles.push(error) });
      assert.equal(answer.body, "fine");
      assert.equal(server.requests.length, 2);
      assert.deepEqual(
        troubles.map(({ message }) => message),
        [`GET ${server.url}/: ${status}`],
      );
    });
  }

  for (const status of [400, 401, 403, 404, 405, 406, 409, 410, 418, 422, 501, 505, 508, 511]) {
    it(`not a GET that is answered ${status}`, async () => {
      await using server = await serve(() => ({ status }));
      await failureOf(get(open(server.url)));
      assert.equal(server.requests.length, 1);
    });
  }

  it("a GET whose connection is cut, before or in the body", async () => {
    await using server = await serve((_, number, response) => {
      if (number === 0) return void response.socket?.destroy();
      if (number === 1) {
        response.writeHead(200, { "content-length": "10" });
        response.write("half");
        return void setTimeout(() => response.socket?.destroy(), 20);
      }
      return { body: "fine" };
    });
    assert.equal((await get(open(server.url))).body, "fine");
    assert.equal(server.requests.length, 3);
  });

  it("a GET that is not answered within requestTimeout", async () => {
    await using server = await serve((_, number) => (number === 0 ? undefined : { body: "fine" }));
    assert.equal((await get(open(server.url, { requestTimeout: "100ms" }))).body, "fine");
  });

  it("a GET that meets silence once more only, as each try takes long, unless it is to be patient", async () => {
    const usual = longTry.milliseconds;
    longTry.milliseconds = 90;
    try {
      await using server = await serve((_, number) => (number < 4 ? undefined : { body: "fine" }));
      const http = open(server.url, { requestTimeout: "100ms" });
      assert.match((await failureOf(get(http))).message, /no answer within 0\.1s \(2 tries in /);
      assert.equal(server.requests.length, 2);
      assert.equal((await get(http, "/", { patience: "patient" })).body, "fine");
    } finally {
      longTry.milliseconds = usual;
    }
  });

  it("a GET that promised JSON and brought an HTML page", async () => {
    await using server = await serve((_, number) => ({ body: number === 0 ? "<html>busy</html>" : "{}" }));
    assert.deepEqual((await get(open(server.url), "/", { expect: "json" })).body, {});
  });

  it("four times, then the last failure is told, with the tries and the time they took", async () => {
    await using server = await serve((_, number) => ({ status: 503, headers: soon, body: `no ${number}` }));
    const failure = await failureOf(get(open(server.url)));
    assert.match(failure.message, /^GET http:\S+\/: 503 no 4 \(5 tries in \d+(\.\d)?s\)$/);
    assert.equal(server.requests.length, 5);
  }).timeout(30_000);

  it("not a GET of a preview where the server asks for a longer wait than its reader has", async () => {
    await using server = await serve(() => ({ status: 503, headers: { "retry-after": "3600" } }));
    const failure = await failureOf(
      open(server.url).call(
        { method: "GET", path: "/" },
        { signal: new AbortController().signal, isAhead: true },
      ),
    );
    assert.match(failure.message, /: 503$/);
    assert.equal(server.requests.length, 1);
  });

  it("once only when told so", async () => {
    await using server = await serve(() => ({ status: 503 }));
    await failureOf(get(open(server.url), "/", { patience: "once" }));
    assert.equal(server.requests.length, 1);
  });

  it("until the signal ends it when patient, and then the signal's own reason is told at once", async () => {
    await using server = await serve(() => ({ status: 503, headers: { "retry-after": "60" } }));
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 100);
    await assert.rejects(
      get(open(server.url), "/", { patience: "patient", signal: controller.signal }),
      reason,
    );
  });

  it("a request that hangs ends with the signal, with the signal's own reason", async () => {
    await using server = await serve(() => undefined);
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(get(open(server.url), "/", { signal: controller.signal }), reason);
  });

  const changing: [string, Partial<Omit<MutatingCall, "mutates"> & { mutates: boolean }>][] = [
    ["POST", { method: "POST", body: {} }],
    ["PUT", { method: "PUT" }],
    ["DELETE", { method: "DELETE" }],
    ["GET that changes something", { mutates: true }],
  ];
  for (const [what, call] of changing) {
    for (const [how, effect, answer] of [
      ["429", "no", () => ({ status: 429, headers: soon })],
      ["500", "maybe", () => ({ status: 500, headers: soon })],
      ["503", "maybe", () => ({ status: 503, headers: soon })],
      ["504: the gateway may still hand it on", "late", () => ({ status: 504, headers: soon })],
      ["408", "late", () => ({ status: 408, headers: soon })],
      ["524, a gateway's time-out", "late", () => ({ status: 524, headers: soon })],
      ["598, a proxy's", "late", () => ({ status: 598, headers: soon })],
      ["nothing in time", "late", () => undefined],
      [
        "302, as a page does that shows what a form has done",
        "maybe",
        () => ({ status: 302, headers: { location: "/" } }),
      ],
      ["303", "maybe", () => ({ status: 303, headers: { location: "/" } })],
    ] as const) {
      it(`not a ${what} that is answered ${how}: its effect is told as "${effect}"`, async () => {
        await using server = await serve(answer);
        const http = open([server.url, server.url.replace("127.0.0.1", "localhost")], {
          requestTimeout: "100ms",
        });
        const failure = await failureOf(get(http, "/", call));
        assert.equal(failure.effect, effect);
        assert.equal(server.requests.length, 1);
      });
    }

    it(`not a ${what} whose connection is cut: its effect is told as "maybe"`, async () => {
      await using server = await serve((_request, _number, response) => void response.socket?.destroy());
      const failure = await failureOf(get(open(server.url), "/", call));
      assert.equal(failure.effect, "maybe");
      assert.match(failure.message, /: connection (reset|closed)/);
      assert.equal(server.requests.length, 1);
    });
  }
});

describe("Retry-After", () => {
  const toldFor = async (header: string) => {
    await using server = await serve(() => ({ status: 429, headers: { "retry-after": header } }));
    return (await failureOf(get(open(server.url), "/", { method: "POST" }))).retryAfter;
  };

  for (const [header, milliseconds] of [
    ["7", 7_000],
    ["0", 0],
    [new Date(Date.now() - 60_000).toUTCString(), 0],
    ["soon", undefined],
  ] as const) {
    it(`${header} is told as ${milliseconds} ms with the failure`, async () => {
      assert.equal(await toldFor(header), milliseconds);
    });
  }

  it("may be a date", async () => {
    const told = (await toldFor(new Date(Date.now() + 3_600_000).toUTCString())) ?? 0;
    assert.ok(told > 3_000_000 && told <= 3_600_000, `${told} ms`);
  });

  it("is waited for before a GET is sent again", async () => {
    const times: number[] = [];
    await using server = await serve((_, number) => {
      times.push(performance.now());
      return number === 0 ? { status: 503, headers: { "retry-after": "1" } } : {};
    });
    await get(open(server.url));
    const [first = 0, second = 0] = times;
    assert.ok(second - first >= 990, `${second - first} ms`);
  });
});
