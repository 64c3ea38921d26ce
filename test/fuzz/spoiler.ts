import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { spoiled } from "./mutations.ts";

/** A proxy in front of a system in small that spoils what it answers, half of the time, until told otherwise. */
export interface Spoiler extends AsyncDisposable {
  url: string;
  /** How many answers it has spoilt. */
  readonly count: number;
}

/**
 * What cannot be told from the truth is no answer to be seen through: a type is swapped for another, but true never for false,
 * nor a word for another one: a task id that is made up looks like any.
 */
const strange: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(null, "", [], {}, [[]], [null], 1e308, {
  toString: 1,
});

/** @param target base URL of an endpoint */
export async function startSpoiler(target: string, seed: number): Promise<Spoiler> {
  const random = fc.sample(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { seed, numRuns: 2_000 }).values();
  const next = () => random.next().value ?? 0;
  let count = 0;
  const spoil = (text: string): string => {
    if (next() % 2 === 0) return text;
    try {
      const document: unknown = JSON.parse(text);
      const [other] = fc.sample(spoiled(document, { values: strange, keepsItems: true }), {
        seed: next(),
        numRuns: 1,
      });
      count++;
      return JSON.stringify(other) ?? "";
    } catch {
      return text;
    }
  };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method, url, headers } = incoming;
    const forwarded = request(new URL(url ?? "/", target), { method, headers, agent: false });
    forwarded.on("error", () => outgoing.destroy());
    forwarded.on("response", async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString("utf8");
      const { "content-length": _, "transfer-encoding": __, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 500, rest).end(text && spoil(text));
    });
    forwarded.end(Buffer.concat(chunks));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { pathname } = new URL(target);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname.replace(/\/$/, "")}`,
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
