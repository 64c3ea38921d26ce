import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A body as something on the way leaves it, and the headers that it adds. */
export type Packed = [body: Buffer, headers?: Record<string, string>];

/** Stands in front of an endpoint and packs each of its answers, as proxies and old servers do. */
export interface PackingRelay extends AsyncDisposable {
  url: string;
}

/** @param target base URL of an endpoint */
export async function packing(target: string, pack: (body: Buffer) => Packed): Promise<PackingRelay> {
  const server = createServer(async (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request(new URL(url ?? "/", target), { method, headers, agent: false }, async (answer) => {
      const [body, added] = pack(Buffer.concat(await answer.toArray()));
      const { "content-length": _, "transfer-encoding": __, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, { ...rest, ...added }).end(body);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
