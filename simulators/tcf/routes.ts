import { type Answer, type Exchange, empty, json, text } from "../core/exchange.ts";
import type { Route } from "../core/router.ts";
import { type ClusterState, type Federation, FederationError } from "./federation.ts";
import type { TcfOptions } from "./options.ts";

/** Keycloak roles since 0.9.0: `info` reads, `toggle` and `admin` also switch. */
const readers = ["info", "toggle", "admin"];
const switchers = ["toggle", "admin"];

/** The six calls of the TCF-worker page, as an instance of this cluster serves them. */
export function tcfRoutes(
  federation: Federation,
  cluster: ClusterState,
  options: TcfOptions,
  pause: (ms: number) => Promise<void>,
): Route[] {
  return [
    read("/tcf/status", () => text(200, cluster.status + ((options.trailingNewline ?? true) ? "\n" : ""))),
    // Only the two states have a documented code; a third one is neither 200 nor 418.
    read("/tcf/is_active", () => {
      if (cluster.status === "active") return empty(200);
      return cluster.status === "passive" ? empty(418) : refuse(500, `state is ${cluster.status}`);
    }),
    read("/tcf/clusters", () => {
      if (cluster.listUnavailable) return refuse(500, "state store is unavailable");
      return json(200, federation.listSeenBy(cluster));
    }),
    act("/tcf/promote", () => federation.promote(cluster)),
    act("/tcf/demote", () => federation.demote(cluster)),
    act("/tcf/toggle", () => federation.toggle(cluster)),
  ];

  function read(path: string, answer: () => Answer): Route {
    const handle = () => {
      federation.settle();
      return answer();
    };
    return { method: "GET", path, roles: readers, handle };
  }

  function act(path: string, change: () => boolean): Route {
    const handle = async (exchange: Exchange) => {
      try {
        if (change()) exchange.acted();
      } catch (error) {
        if (error instanceof FederationError) return refuse(500, error.message);
        throw error;
      }
      if (options.waitsForSwitch) await pause(options.switchMs ?? 0);
      return options.successBody === "text" ? text(200, "OK\n") : empty(200);
    };
    return { method: "POST", path, roles: switchers, handle };
  }
}

/** The page's only error shape. */
export function refuse(status: number, error: string): Answer {
  return json(status, { error });
}
