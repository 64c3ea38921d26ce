import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { corrupted } from "./mutations.ts";

/** A proxy in front of a simulator that corrupts half of its answers. */
export interface CorruptingProxy extends AsyncDisposable {
  url: string;
  /** From now on it hands on every answer as it is. */
  heal(): void;
  /** How many answers it has corrupted. */
  readonly count: number;
}

/**
 * Only values that a client can recognise as wrong: another type, but never false for true nor one word for another. An invented
 * task id, say, looks like any other.
 */
const strange: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(null, "", [], {}, [[]], [null], 1e308, {
  toString: 1,
});

/** @param target base URL of an endpoint */
export async function startCorruptingProxy(target: string, seed: number): Promise<CorruptingProxy> {
  const random = fc.sample(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { seed, numRuns: 2_000 }).values();
  const next = () => random.next().value ?? 0;
  let count = 0;
  let isHealed = false;
  const corrupt = (text: string): string => {
    if (isHealed || next() % 2 === 0) return text;
    try {
      const document: unknown = JSON.parse(text);
      const [other] = fc.sample(corrupted(document, { values: strange, keepsItems: true }), {
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
      outgoing.writeHead(answer.statusCode ?? 500, rest).end(text && corrupt(text));
    });
    forwarded.end(Buffer.concat(chunks));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { pathname } = new URL(target);
  return {
    heal() {
      isHealed = true;
    },
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
