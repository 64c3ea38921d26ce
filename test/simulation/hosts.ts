import type { Endpoint, EndpointOptions } from "../../simulators/index.ts";
import type { Exchange, History } from "./history.ts";
import { type Effects, Snapshots } from "./snapshots.ts";

/** An endpoint of a simulated system. */
export interface Host {
  system: string;
  options: EndpointOptions;
  isUp: boolean;
  snapshots: Snapshots;
}

/** The endpoints of all simulators, by their origins. */
export class Hosts {
  readonly #hosts = new Map<string, Host>();
  readonly #history: History;
  readonly #effects: Effects;

  constructor(history: History, effects: Effects) {
    this.#history = history;
    this.#effects = effects;
  }

  /** How a simulator is reached: at a name of its own. */
  listen(system: string, addressOf: (endpoint: string) => string) {
    return (options: EndpointOptions): Endpoint => {
      const origin = `http://${addressOf(options.name)}`;
      const host: Host = { system, options, isUp: true, snapshots: new Snapshots(this.#effects) };
      this.#hosts.set(origin, host);
      const set = (isUp: boolean) => async () => {
        if (host.isUp !== isUp)
          this.#history.note(`  ${options.name} of ${system} is ${isUp ? "up" : "down"}`);
        host.isUp = isUp;
      };
      return {
        url: origin + options.basePath,
        inFlight: 0,
        start: set(true),
        stop: set(false),
        close: set(false),
      };
    };
  }

  at(origin: string): Host | undefined {
    return this.#hosts.get(origin);
  }

  of(exchange: Exchange): Host | undefined {
    return [...this.#hosts.values()].find(
      ({ system, options }) => system === exchange.system && options.name === exchange.endpoint,
    );
  }
}
