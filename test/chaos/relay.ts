import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Below the ports that systems hand out by themselves, and others in each process: nobody gets one while its relay is cut. */
let nextPort = 12_000 + (process.pid % 200) * 100;

/** One more address of an endpoint, as a load balancer or a second DNS name is: what comes in goes there, byte by byte. */
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
      relay.#port = nextPort++;
      try {
        await relay.mend();
        return relay;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      }
    }
  }

  /** As the endpoint's, with a port of its own. */
  get url(): string {
    const url = new URL(this.#target);
    url.port = String(this.#port);
    return url.href.replace(/\/$/, "");
  }

  /** `127.0.0.1:12000`. */
  get host(): string {
    return new URL(this.url).host;
  }

  /** Every connection breaks, and new ones are refused until `mend`. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async mend(): Promise<void> {
    if (this.#server) return;
    const server = createServer((client) => this.#pass(client));
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
  }

  #pass(client: Socket): void {
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      // What the one side does, a reset as well, the other side sees.
      socket.on("error", () => other.resetAndDestroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroySoon();
      });
      socket.pipe(other);
    }
  }
}
