import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** One more address of an endpoint: what comes in goes there, and may be kept waiting before it does. */
export class HoldingRelay implements AsyncDisposable {
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #delay = 0;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => void this.#pass(client));
  }

  static async to(url: string): Promise<HoldingRelay> {
    const relay = new HoldingRelay(new URL(url));
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href.replace(/\/$/, "");
  }

  /** The next connection is passed on only after so many milliseconds: over TLS nothing can be sent before. */
  hold(ms: number): void {
    this.#delay = ms;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #pass(client: Socket): Promise<void> {
    this.#sockets.add(client);
    client.on("error", () => client.destroy());
    client.on("close", () => this.#sockets.delete(client));
    const delay = this.#delay;
    this.#delay = 0;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (client.destroyed) return;
    const upstream = connect(Number(this.#target.port), this.#target.hostname);
    this.#sockets.add(upstream);
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => {
      this.#sockets.delete(upstream);
      client.destroySoon();
    });
    client.on("close", () => upstream.destroySoon());
    client.pipe(upstream);
    upstream.pipe(client);
  }
}
