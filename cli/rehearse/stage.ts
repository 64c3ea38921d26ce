import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { decodedLoosely } from "../../provider/core/data/values.ts";
import type { Way } from "../../provider/core/work/installation.ts";
import type { RequestRecord } from "../../simulators/index.ts";
import type { Shape, Stand } from "./shapes/shape.ts";

/** One request that may change something, as a simulator got it. */
export interface Sent {
  /** Whom it was sent to, e.g. `factfinder worker1`. */
  to: string;
  method: string;
  path: string;
  status: number | undefined;
  /** Whether it changed anything. */
  effect: boolean;
}

/** All simulators of one run of the program, and where they stand for what. */
export class Stage implements AsyncDisposable {
  readonly stands: readonly Stand[];
  readonly routes: Record<string, string>;
  readonly #tokens: Server;
  readonly #sent: Sent[] = [];
  readonly #watchers = new Set<(sent: Sent) => void>();

  private constructor(stands: readonly Stand[], tokens: Server, ways: readonly Way[]) {
    this.stands = stands;
    this.#tokens = tokens;
    const { port } = tokens.address() as AddressInfo;
    const tokenUrls = ways.flatMap(({ connection }) => connection.oauth2?.tokenUrl ?? []);
    this.routes = {
      ...Object.fromEntries(tokenUrls.map((url) => [url, `http://127.0.0.1:${port}/token`])),
      ...Object.assign({}, ...stands.map(({ routes }) => routes)),
    };
    for (const stand of stands) stand.simulator.watch((record) => this.#note(stand, record));
  }

  static async open(shapes: readonly Shape[], ways: readonly Way[]): Promise<Stage> {
    const tokens = createServer((request, response) => {
      request.resume();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ access_token: "rehearsal", token_type: "Bearer", expires_in: 3_600 }));
    });
    await new Promise<void>((resolve) => tokens.listen(0, "127.0.0.1", resolve));
    return new Stage(await Promise.all(shapes.map((shape) => shape.start())), tokens, ways);
  }

  /** What was sent since it was last asked. */
  take(): Sent[] {
    return this.#sent.splice(0);
  }

  /** Calls `watcher` with each request that may change something. */
  watch(watcher: (sent: Sent) => void): void {
    this.#watchers.add(watcher);
  }

  #note({ system, named }: Stand, { endpoint, mutating, method, path, status, effect }: RequestRecord): void {
    if (!mutating) return;
    const to = endpoint === "cluster" ? system : `${system} ${named?.(endpoint) ?? endpoint}`;
    const sent = { to, method, path: decodedLoosely(path), status, effect };
    this.#sent.push(sent);
    for (const watcher of this.#watchers) watcher(sent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.stands.map(({ simulator }) => simulator.close()));
    this.#tokens.closeAllConnections();
    await new Promise((resolve) => this.#tokens.close(resolve));
  }
}
