import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** One request as it arrived. */
export interface Seen {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Objects go out as JSON. */
  body?: string | object;
}

/** A real server on a free port of 127.0.0.1, for as long as a test uses it. */
export interface LocalServer extends AsyncDisposable {
  /** Base URL. */
  url: string;
  host: string;
  requests: Seen[];
  /** How many connections were opened. */
  connections: number;
}

/**
 * Answers with `answer`, given the request and its number from 0.
 *
 * @param answer undefined leaves the response to it: to be cut, or never to come
 */
export async function serve(
  answer: (request: Seen, number: number, response: ServerResponse) => Reply | undefined,
  tls?: ServerOptions,
): Promise<LocalServer> {
  const requests: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = tls ? createTlsServer(tls) : createServer();
  server.on("request", async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const seen = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    const reply = answer(seen, requests.push(seen) - 1, response);
    if (!reply) return;
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === "object" ? JSON.stringify(reply.body) : (reply.body ?? ""));
  });
  const local: LocalServer = {
    url: "",
    host: "",
    requests,
    connections: 0,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  server.on("connection", (socket: Socket) => {
    local.connections++;
    sockets.add(socket);
    // A client that refuses the certificate hangs up in the middle of the handshake.
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  local.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  local.url = `${tls ? "https" : "http"}://${local.host}`;
  return local;
}

/** The URL of a port on which nobody listens. */
export async function nobody(): Promise<string> {
  const server = await serve(() => ({}));
  await server[Symbol.asyncDispose]();
  return server.url;
}
