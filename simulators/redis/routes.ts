import { type Answer, type Exchange, empty, json, parseObject, Refusal } from "../core/exchange.ts";
import type { Route } from "../core/router.ts";
import type { ActionRun } from "./action-run.ts";
import type { Actions } from "./actions.ts";
import type { Cluster, NodeState } from "./cluster.ts";
import {
  clusterAction,
  hasHealth,
  healthDocument,
  listedAction,
  nodeDocument,
  singleAction,
  snapshotDocument,
  statusDocument,
} from "./documents.ts";

/** Built-in roles that may read; only `admin` may start and cancel (references/rest-api/permissions). */
const readers = ["admin", "cluster_member", "cluster_viewer", "db_member", "db_viewer", "user_manager"];
const admin = ["admin"];

/** The calls of requests/nodes and requests/nodes/actions, and the few others that show a node's state. */
export function redisRoutes(cluster: Cluster, actions: Actions, now: () => number): Route[] {
  const { options } = cluster;
  const action = "/v1/nodes/:uid/actions/:action";
  const all = () => [...cluster.nodes.values()];
  const list = (runs: ActionRun[]) => runs.map((run) => listedAction(run, options));

  const routes: Route[] = [
    read("/v1/cluster", () => json(200, { name: "cluster.simulated", created_time: "2026-01-01T00:00:00Z" })),
    read("/v1/nodes", () =>
      json(
        200,
        all().map((node) => nodeDocument(cluster, node)),
      ),
    ),
    read("/v1/nodes/status", () =>
      json(200, Object.fromEntries(all().map((it) => [it.uid, statusDocument(cluster, it)]))),
    ),
    read("/v1/nodes/actions", () => {
      const listed = list(actions.list());
      return json(200, options.allActionsShape === "array" ? listed : { actions: listed });
    }),
    read("/v1/actions", () =>
      json(200, { actions: actions.list().map(clusterAction), "state-machines": [] }),
    ),
    read("/v1/nodes/:uid", (exchange) => json(200, nodeDocument(cluster, nodeOf(exchange)))),
    read("/v1/nodes/:uid/status", (exchange) => json(200, statusDocument(cluster, nodeOf(exchange)))),
    read("/v1/nodes/:uid/snapshots", (exchange) => {
      const node = nodeOf(exchange);
      const listed = node.snapshots.filter(
        (it) => !it.maintenance || (options.listsMaintenanceSnapshots ?? true),
      );
      return json(
        200,
        listed.map((it) => snapshotDocument(node, it)),
      );
    }),
    read("/v1/nodes/:uid/actions", (exchange) =>
      json(200, { actions: list(actions.list(nodeOf(exchange).uid)) }),
    ),
    read(action, (exchange) => {
      const run = runOf(exchange);
      return run
        ? json(200, singleAction(run, options))
        : refuse(404, "action_not_found", "Action does not exist");
    }),
    { method: "POST", path: action, roles: admin, handle: (exchange) => post(exchange) },
    { method: "DELETE", path: action, roles: admin, handle: (exchange) => cancel(exchange) },
    { method: "PUT", path: "/v1/nodes/:uid", roles: admin, handle: (exchange) => tune(exchange) },
  ];
  if (hasHealth(cluster)) routes.push(read("/v4/cluster/health", () => health()));
  return routes;

  function read(path: string, answer: (exchange: Exchange) => Answer): Route {
    const handle = (exchange: Exchange) => {
      actions.settle();
      return answer(exchange);
    };
    return { method: "GET", path, roles: readers, handle };
  }

  function health(): Answer {
    const { healthStatus: status } = options;
    if (status === undefined) return json(200, healthDocument(cluster, now()));
    return refuse(status, "health_unavailable", "the cluster's health cannot be told");
  }

  function nodeOf(exchange: Exchange): NodeState {
    const node = cluster.nodes.get(Number(exchange.params.uid));
    if (!node) throw new Refusal(refuse(404, "node_not_found", `node ${exchange.params.uid} does not exist`));
    return node;
  }

  function runOf(exchange: Exchange): ActionRun | undefined {
    return actions.find(nodeOf(exchange).uid, exchange.params.action ?? "");
  }

  function post(exchange: Exchange): Answer {
    actions.settle();
    const node = nodeOf(exchange);
    const name = exchange.params.action ?? "";
    // "must include json data, and Content-Type: application/json" (since 5.4.2)
    const parameters = /^application\/json\b/i.test(exchange.headers["content-type"] ?? "")
      ? parseObject(exchange.text)
      : undefined;
    if (!parameters)
      return refuse(400, "bad_request", "a JSON body with Content-Type: application/json is required");
    const refused = options.refusedParameters?.find((key) => key in parameters);
    if (refused) return refuse(400, "bad_request", `unexpected parameter: ${refused}`);
    if (node.status === "down") return refuse(503, "node_down", "The node is not responding");
    if (
      name === "maintenance_on" &&
      options.quorumRefusal === "error" &&
      !cluster.keepsQuorumWithout(node.uid)
    ) {
      return refuse(400, "quorum", "not enough active nodes to keep the quorum");
    }
    if (actions.running(node.uid, name)) {
      return refuse(
        409,
        "action_already_running",
        "Only a single instance of any action type can be invoked at the same time",
      );
    }
    const run = actions.start(node, name, parameters);
    if (!run) return refuse(options.unknownActionStatus ?? 404, "unknown_action", `unknown action ${name}`);
    exchange.acted();
    return options.postAnswer === "empty"
      ? empty(200)
      : json(200, { status: run.status, task_id: run.taskId });
  }

  function cancel(exchange: Exchange): Answer {
    actions.settle();
    const run = runOf(exchange);
    if (!run) return refuse(404, "action_not_found", "Action unknown or not currently running");
    exchange.acted();
    if (run.ended) actions.forget(run);
    else run.cancel(now());
    return empty(200);
  }

  /** The REST form of `rladmin tune node`, the way out of a maintenance whose snapshot is lost. */
  function tune(exchange: Exchange): Answer {
    actions.settle();
    const node = nodeOf(exchange);
    const { accept_servers: accepts, max_listeners: listeners } = parseObject(exchange.text) ?? {};
    if (accepts === false && cluster.shardsOn(node.uid).length > 0) {
      return refuse(409, "node_already_populated", "cannot disable accept_servers while the node has shards");
    }
    if (typeof accepts === "boolean") node.acceptServers = accepts;
    if (typeof listeners === "number") node.maxListeners = listeners;
    if (accepts === true) node.maintenanceDepth = 0;
    exchange.acted();
    return json(200, nodeDocument(cluster, node));
  }
}

/** The availability pages' and the OpenAPI document's spelling of an error. */
export function refuse(status: number, code: string, description: string): Answer {
  return json(status, { error_code: code, description, status_code: status });
}
