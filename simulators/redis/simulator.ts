import type { Endpoint } from "../core/endpoint.ts";
import { type Exchange, empty, json, parseObject } from "../core/exchange.ts";
import type { Route } from "../core/router.ts";
import { Simulator, start } from "../core/simulator.ts";
import { Actions } from "./actions.ts";
import { Cluster } from "./cluster.ts";
import { RedisNode } from "./node.ts";
import type { ActionPlan, RedisOptions } from "./options.ts";
import { redisRoutes, refuse } from "./routes.ts";

/** Starts a simulated Redis Enterprise cluster; `close()` it when done. */
export function startRedis(options: RedisOptions = {}): Promise<RedisSimulator> {
  return start(new RedisSimulator(options));
}

/** Redis Enterprise Software's REST API for nodes and their actions. */
export class RedisSimulator extends Simulator {
  private readonly cluster: Cluster;
  private readonly actions: Actions;
  private readonly perNode = new Map<number, Endpoint>();

  constructor(options: RedisOptions) {
    super(options, {
      // The refresh_jwt page says `Authorization: JWT <token>`, not Bearer.
      tokenSchemes: ["JWT", "Bearer"],
      refuse: (status, message) => refuse(status, codes[status], message),
    });
    this.cluster = new Cluster(options);
    this.actions = new Actions(this.cluster, this.clock.now.bind(this.clock), this.ids);
  }

  async open(): Promise<void> {
    const routes = [
      ...redisRoutes(this.cluster, this.actions, () => this.clock.now()),
      ...this.adminRoutes(),
    ];
    if (!this.cluster.options.endpointPerNode) {
      await this.listen("cluster", () => routes);
      return;
    }
    const redirects = routes.map((route) => this.redirected(route));
    for (const uid of this.cluster.nodes.keys()) {
      const endpoint = await this.listen(`node${uid}`, () =>
        this.cluster.leader === uid ? routes : redirects,
      );
      this.perNode.set(uid, endpoint);
    }
  }

  /** A node, existing or not. */
  node(uid: number): RedisNode {
    return new RedisNode(uid, this.cluster, this.actions, this.perNode.get(uid), () => this.clock.now());
  }

  /** Uids of the nodes that there are now. */
  get nodeUids(): number[] {
    this.actions.settle();
    return [...this.cluster.nodes.keys()];
  }

  get leader(): number {
    return this.cluster.leader;
  }

  /** How many shards `enslave_node` has failed over so far. */
  get failovers(): number {
    this.actions.settle();
    return this.cluster.failovers;
  }

  /** Leadership moves to this node. */
  changeLeader(nodeUid: number): void {
    this.cluster.elect(nodeUid);
  }

  /** Plans the course of the next action that matches. */
  plan(plan: ActionPlan): void {
    this.actions.plan(plan);
  }

  /** What was planned, and has not come about, is as usual again. */
  forgetPlans(): void {
    this.actions.forgetPlans();
  }

  /** From now on there is room for all shards (`undefined`), or only for half of them. */
  set insufficientResources(outcome: "failed" | "completed" | undefined) {
    this.cluster.insufficientResources = outcome;
  }

  /** No action is known any more, and running ones stop where they are. */
  protected override loseHistory(): void {
    this.actions.settle();
    this.actions.forgetAll();
  }

  /** A follower redirects every request to the leader, as long as `handle_redirects` is off (its default). */
  private redirected(route: Route): Route {
    const handle = (exchange: Exchange) =>
      empty(307, { location: `${this.perNode.get(this.cluster.leader)?.url}${exchange.target}` });
    return { ...route, roles: undefined, handle };
  }

  private adminRoutes(): Route[] {
    return [
      {
        method: "POST",
        path: "/v1/users/authorize",
        token: true,
        handle: (exchange) => {
          const body = parseObject(exchange.text) ?? {};
          const caller = this.gate.findUser(body.username, body.password);
          if (!caller) return refuse(401, "unauthorized", "wrong username or password");
          const seconds = typeof body.ttl === "number" ? body.ttl : 300;
          return json(200, { access_token: this.gate.issue(caller, seconds * 1000) });
        },
      },
      {
        method: "POST",
        path: "/v1/cluster/actions/change_master",
        roles: ["admin"],
        handle: (exchange) => {
          const uid = Number(parseObject(exchange.text)?.node_uid);
          if (!this.cluster.nodes.has(uid))
            return refuse(404, "node_not_found", `node ${uid} does not exist`);
          exchange.acted();
          this.changeLeader(uid);
          return empty(200);
        },
      },
    ];
  }
}

const codes = { 401: "unauthorized", 403: "insufficient_permissions", 404: "not_found" } as const;
