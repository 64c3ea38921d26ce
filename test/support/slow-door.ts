import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server on which connections may hang before anything goes through: with TLS, before the handshake. */
export class SlowDoor implements AsyncDisposable {
  /** How long the next connections hang, in ms. */
  hang = 0;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((client) => this.#pass(client));
  }

  static async to(url: string): Promise<SlowDoor> {
    const door = new SlowDoor(new URL(url));
    door.#server.listen(0, "127.0.0.1");
    await once(door.#server, "listening");
    return door;
  }

  get url(): string {
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href.replace(/\/$/, "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket): void {
    this.#sockets.add(client);
    client.once("close", () => this.#sockets.delete(client));
    client.on("error", () => undefined);
    const open = () => {
      if (client.destroyed) return;
      const server = connect(Number(this.#target.port), this.#target.hostname);
      server.on("error", () => client.destroy());
      client.once("close", () => server.destroy());
      client.pipe(server).pipe(client);
    };
    if (this.hang > 0) setTimeout(open, this.hang);
    else open();
  }
}
