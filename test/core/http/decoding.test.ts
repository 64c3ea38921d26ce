import assert from "node:assert/strict";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { BodyError, hasStatus } from "../../../provider/core/data/errors.ts";
import { failureOf, get, open } from "../client.ts";
import { serve } from "../server.ts";

const once = { patience: "once" } as const;
const text = '{"status": "grün", "uid": 2}';
const read = { status: "grün", uid: 2 };
const utf8 = Buffer.from(text);
const utf16 = Buffer.from(text, "utf16le");
const bom = (bytes: readonly number[], body: Buffer) => Buffer.concat([Buffer.from(bytes), body]);

/** What is read of a body that comes with these headers. */
async function bodyOf(body: Buffer, headers: Record<string, string> = {}, status = 200) {
  const server = await serve((_request, _number, response) => {
    response.writeHead(status, headers).end(body);
    return undefined;
  });
  return { server, http: open(server.url) };
}

describe("a body that nobody asked to be packed", () => {
  const rows: [what: string, body: Buffer, encoding?: string][] = [
    ["gzip", gzipSync(utf8), "gzip"],
    ["x-gzip", gzipSync(utf8), "X-GZIP"],
    ["gzip of which no header tells", gzipSync(utf8)],
    ["deflate", deflateSync(utf8), "deflate"],
    ["deflate without the frame that the RFC asks for", deflateRawSync(utf8), "deflate"],
    ["brotli", brotliCompressSync(utf8), "br"],
    ["zstd", zstdCompressSync(utf8), "zstd"],
    ["packed twice", brotliCompressSync(gzipSync(utf8)), "gzip, br"],
    ["packed twice, of which the header tells once", gzipSync(gzipSync(utf8)), "gzip"],
    ["not packed at all, whatever the header says", utf8, "gzip"],
    ["not packed at all, with an encoding that nobody knows", utf8, "aws-chunked"],
    ["of no encoding", utf8, "identity"],
    ["gzip, whatever else the header says", gzipSync(utf8), "br"],
    ["gzip that is taken for deflate", gzipSync(utf8), "deflate"],
    ["zstd that is taken for gzip", zstdCompressSync(utf8), "gzip"],
    ["gzip, with a byte order mark", gzipSync(bom([0xef, 0xbb, 0xbf], utf8)), "gzip"],
  ];
  for (const [what, body, encoding] of rows) {
    it(`is read: ${what}`, async () => {
      const { server, http } = await bodyOf(body, encoding ? { "content-encoding": encoding } : {});
      await using _ = server;
      assert.deepEqual((await get(http, "/", { expect: "json", ...once })).body, read);
    });
  }

  it("is read when it is empty", async () => {
    const { server, http } = await bodyOf(Buffer.alloc(0), { "content-encoding": "gzip" });
    await using _ = server;
    assert.equal((await get(http)).body, undefined);
  });

  for (const [what, body, encoding, said] of [
    [
      "broken gzip",
      gzipSync(utf8).subarray(0, 30),
      "gzip",
      /answered 200 with a body in the encoding "gzip" that is broken$/,
    ],
    [
      "gzip cut off, of which no header tells",
      gzipSync(utf8).subarray(0, 30),
      "",
      /encoding "gzip" that is broken$/,
    ],
    [
      "an encoding that nobody knows",
      Buffer.from([0, 1, 2, 3]),
      "compress",
      /encoding "compress", which was not asked for$/,
    ],
  ] as const) {
    it(`is named where it cannot be read: ${what}`, async () => {
      const { server, http } = await bodyOf(body, encoding ? { "content-encoding": encoding } : {});
      await using _ = server;
      const failure = await failureOf(get(http, "/", { expect: "json", ...once }));
      assert.ok(failure instanceof BodyError);
      assert.match(failure.message, said);
      const post = await failureOf(get(http, "/", { method: "POST" }));
      assert.equal(post.effect, "maybe");
    });
  }

  it("leaves a failure its status, however broken", async () => {
    const { server, http } = await bodyOf(Buffer.from([0x1f, 0x8b, 0]), { "content-encoding": "gzip" }, 404);
    await using _ = server;
    assert.ok(hasStatus(await failureOf(get(http)), 404));
  });

  for (const [what, body, headers] of [
    ["large", Buffer.alloc(9 * 1024 * 1024, "x"), {}],
    ["large when it is unpacked", gzipSync(Buffer.alloc(9 * 1024 * 1024)), { "content-encoding": "gzip" }],
  ] as const) {
    it(`leaves a failure its status, however ${what}`, async () => {
      const { server, http } = await bodyOf(body, headers, 409);
      await using _ = server;
      const failure = await failureOf(get(http, "/", { method: "POST" }));
      assert.ok(hasStatus(failure, 409));
      assert.equal(failure.effect, "no");
    });
  }

  for (const [encoding, pack] of [
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["gzip", (bytes: Buffer) => gzipSync(gzipSync(bytes))],
  ] as const) {
    it(`is refused where a little ${encoding} would become too much`, async () => {
      const { server, http } = await bodyOf(pack(Buffer.alloc(64 * 1024 * 1024)), {
        "content-encoding": encoding,
      });
      await using _ = server;
      const failure = await failureOf(get(http, "/", { expect: "json" }));
      assert.match(failure.message, /the answer is larger than 8 MiB/);
      assert.equal(server.requests.length, 1);
    });
  }
});

describe("a text", () => {
  const rows: [what: string, body: Buffer, contentType?: string][] = [
    ["UTF-8 with a byte order mark", bom([0xef, 0xbb, 0xbf], utf8)],
    ["two of them", bom([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], utf8)],
    ["UTF-16LE with a byte order mark", bom([0xff, 0xfe], utf16)],
    ["UTF-16BE with a byte order mark", bom([0xfe, 0xff], Buffer.from(utf16).swap16())],
    ["UTF-16LE without one", utf16],
    ["UTF-16BE without one", Buffer.from(utf16).swap16()],
    ["the charset of its header", Buffer.from(text, "latin1"), "application/json;charset=ISO-8859-1"],
    ["UTF-8, whatever charset its header tells", utf8, 'application/json; charset="ISO-8859-1"'],
  ];
  for (const [what, body, contentType] of rows) {
    it(`is read in ${what}`, async () => {
      const { server, http } = await bodyOf(body, contentType ? { "content-type": contentType } : {});
      await using _ = server;
      assert.deepEqual((await get(http, "/", { expect: "json", ...once })).body, read);
    });
  }

  it("that is one word is read without its byte order mark", async () => {
    for (const expect of ["text", "any"] as const) {
      const { server, http } = await bodyOf(bom([0xef, 0xbb, 0xbf], Buffer.from("active\n")));
      await using _ = server;
      assert.equal((await get(http, "/", { expect })).body, "active");
    }
  });

  it("that is no text in any of these is what it was taken for before", async () => {
    const { server, http } = await bodyOf(Buffer.from([0x61, 0xff, 0x62]), {
      "content-type": "text/plain; charset=no-such",
    });
    await using _ = server;
    assert.equal((await get(http, "/", { expect: "text" })).body, "a\ufffdb");
  });
});
