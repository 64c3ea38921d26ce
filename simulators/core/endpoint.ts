import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer, type ServerOptions as TlsOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** One address that a simulator listens on. */
export class Endpoint {
  readonly name: string;
  private readonly tls: TlsOptions | undefined;
  private readonly listener: RequestListener;
  private readonly connected: () => void;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port: number;

  /** @param port 0: any free one, kept for every later `start`. */
  constructor(
    name: string,
    port: number,
    tls: TlsOptions | undefined,
    listener: RequestListener,
    connected: () => void,
  ) {
    this.name = name;
    this.port = port;
    this.tls = tls;
    this.listener = listener;
    this.connected = connected;
  }

  /** `http://127.0.0.1:<port>`, or https. */
  get url(): string {
    return `${this.tls ? "https" : "http"}://127.0.0.1:${this.port}`;
  }

  /** Listens; a second call does nothing. */
  async start(): Promise<void> {
    if (this.server) return;
    const server = this.tls ? createHttpsServer(this.tls, this.listener) : createHttpServer(this.listener);
    // Node closes idle connections after 5 s, which a client cannot tell from a fault; ours are closed by stop().
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.on("connection", (socket: Socket) => {
      this.connected();
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Cuts every connection and refuses new ones until `start`. */
  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
