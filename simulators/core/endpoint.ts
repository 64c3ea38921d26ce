import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, type ServerOptions as TlsOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { PlainAnswer, PlainRequest } from "./exchange.ts";

/** One address under which a simulator is reached. */
export interface Endpoint {
  /** With the base path. */
  readonly url: string;
  /** Requests that are neither answered nor given up by who sent them. */
  readonly inFlight: number;
  /** Takes requests; a second call does nothing. */
  start(): Promise<void>;
  /** Cuts every connection and refuses new ones until `start`. */
  stop(): Promise<void>;
  /** Stops for good: whoever would start it again later comes too late. */
  close(): Promise<void>;
}

/** How a simulator gets to be reached. */
export type Network = (options: EndpointOptions) => Endpoint;

/** Over HTTP, or HTTPS, on 127.0.0.1. */
export const overHttp: Network = (options) => new HttpEndpoint(options);

export interface EndpointOptions {
  name: string;
  /** 0: any free one, kept for every later `start`. */
  port: number;
  /** Belongs to the URL of the endpoint: FACT-Finder's context path. */
  basePath: string;
  tls: TlsOptions | undefined;
  listener: RequestListener;
  /** Answers one request that comes some other way than by HTTP. Faults are then the business of who brings it. */
  handle(request: PlainRequest): Promise<PlainAnswer>;
  /** Called for each TCP connection. */
  connected(): void;
}

class HttpEndpoint implements Endpoint {
  private readonly options: EndpointOptions;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port: number;
  private pending = 0;
  private isClosed = false;

  constructor(options: EndpointOptions) {
    this.options = options;
    this.port = options.port;
  }

  /** `http://127.0.0.1:<port>`, or https, and the base path. */
  get url(): string {
    const { tls, basePath } = this.options;
    return `${tls ? "https" : "http"}://127.0.0.1:${this.port}${basePath}`;
  }

  get inFlight(): number {
    return this.pending;
  }

  async start(): Promise<void> {
    if (this.server || this.isClosed) return;
    const { tls, listener } = this.options;
    const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
    this.server = server;
    // Node closes idle connections after 5 s, which a client cannot tell from a fault; ours are closed by stop().
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.on("request", (_request, response: ServerResponse) => {
      this.pending++;
      response.once("close", () => this.pending--);
    });
    server.on("connection", (socket: Socket) => {
      this.options.connected();
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    }).catch((error) => {
      this.server = undefined;
      throw error;
    });
    this.port = (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.stop();
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
