import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * Below the ephemeral ports, and different in each process: no one else gets a port while its relay is cut. They come round again only after
 * all others: whoever still knows an address finds nobody there.
 */
const portsEach = 500;
const firstPort = 12_000 + (process.pid % 40) * portsEach;
const free = Array.from({ length: portsEach }, (_, index) => firstPort + index);

/** A second address of an endpoint, like a load balancer or another DNS name: a TCP relay that can be cut. */
export class Relay implements AsyncDisposable {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(target: URL) {
    this.#target = target;
  }

  static async to(url: string): Promise<Relay> {
    const relay = new Relay(new URL(url));
    for (;;) {
      const port = free.shift();
      if (port === undefined) throw new Error("no port is left for a relay");
      relay.#port = port;
      try {
        await relay.restore();
        return relay;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      }
    }
  }

  /** The endpoint's URL with the relay's port. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return url.href.replace(/\/$/, "");
  }

  /** `127.0.0.1:12000`. */
  get host(): string {
    return new URL(this.url).host;
  }

  /** Breaks every connection, and refuses new ones until `restore`. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async restore(): Promise<void> {
    if (this.#server) return;
    const server = createServer((client) => this.#pass(client));
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
    free.push(this.#port);
  }

  #pass(client: Socket): void {
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      // Whatever one side does, a reset included, is passed on to the other.
      socket.on("error", () => other.resetAndDestroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroySoon();
      });
      socket.pipe(other);
    }
  }
}
