import type { Arrival, Network as ClientNetwork, Passage } from "../../provider/core/http/network.ts";
import type { Endpoint, EndpointOptions, PlainAnswer, PlainRequest } from "../../simulators/index.ts";
import type { EngineCall, Exchange, History } from "./history.ts";
import type { Nemesis } from "./nemesis.ts";
import type { Trouble } from "./story.ts";
import type { Random } from "./world/random.ts";
import type { Process, Scheduler } from "./world/scheduler.ts";

/** An endpoint of a simulated system. */
interface Host {
  system: string;
  options: EndpointOptions;
  isUp: boolean;
  /** Of each path, what was answered of late: a follower that lags says it again. */
  answered: Map<string, { answer: PlainAnswer; effects: number }[]>;
}

/** Who sends. */
export interface Client {
  process: Process;
  stack: string;
  /** The engine's call that is being carried out just now. */
  call(): EngineCall | undefined;
}

/** Where tokens are to be had: asking for one changes nothing. */
const tokens = /oauth\/token|users\/authorize/;

interface Cut {
  loses: "requests" | "answers" | "both";
  stack: string | undefined;
}

/** The only way from the provider to a system. Every request passes its boundaries, at each of which the nemesis is asked. */
export class SimulatedNetwork {
  nemesis: Nemesis | undefined;
  /** What a system is like, for the record. */
  truth: (system: string) => unknown = () => undefined;
  /** The credentials that a system knows. */
  echo: (system: string) => readonly string[] = () => [];
  /** Requests that may yet be carried out. */
  readonly underWay = new Set<Exchange>();
  readonly #hosts = new Map<string, Host>();
  readonly #cuts = new Map<string, Set<Cut>>();
  readonly #effects = new Map<string, number>();
  readonly #scheduler: Scheduler;
  readonly #history: History;
  readonly #random: Random;
  #count = 0;

  constructor(scheduler: Scheduler, history: History, random: Random) {
    this.#scheduler = scheduler;
    this.#history = history;
    this.#random = random;
  }

  /** How a simulator is reached: at a name of its own. */
  listen(system: string, addressOf: (endpoint: string) => string) {
    return (options: EndpointOptions): Endpoint => {
      const origin = `http://${addressOf(options.name)}`;
      const host: Host = { system, options, isUp: true, answered: new Map() };
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

  cut(exchange: Exchange, { ms, loses, from }: Extract<Trouble, { kind: "partition" }>): void {
    const key = `${exchange.system} ${exchange.endpoint}`;
    const cuts = this.#cuts.get(key) ?? new Set();
    const cut: Cut = { loses, stack: from === "one" ? exchange.stack : undefined };
    this.#cuts.set(key, cuts.add(cut));
    this.#scheduler.after(ms, undefined, () => cuts.delete(cut));
  }

  heal(): void {
    this.#cuts.clear();
  }

  endpoint(exchange: Exchange): Host | undefined {
    return [...this.#hosts.values()].find(
      ({ system, options }) => system === exchange.system && options.name === exchange.endpoint,
    );
  }

  connect(client: Client): ClientNetwork {
    return (passage) =>
      new Promise<Arrival>((resolve, reject) => this.#begin(client, passage, resolve, reject));
  }

  #begin(
    client: Client,
    passage: Passage,
    resolve: (arrival: Arrival) => void,
    fail: (error: unknown) => void,
  ): void {
    const { url, method, headers, body, signal, leave } = passage;
    const origin = /^https?:\/\/[^/]*/.exec(url)?.[0] ?? "";
    const host = this.#hosts.get(origin);
    const target = url.slice(origin.length) || "/";
    const exchange: Exchange = {
      id: ++this.#count,
      call: client.call(),
      process: client.process.name,
      stack: client.stack,
      system: host?.system ?? "nowhere",
      endpoint: host?.options.name ?? origin,
      method,
      target,
      mutating: method !== "GET" && !tokens.test(target),
      token: tokens.test(target),
      startedAt: this.#scheduler.now,
      handled: [],
      underWay: 0,
      faults: [],
    };
    exchange.call?.exchanges.push(exchange);
    this.#history.exchanges.push(exchange);
    let isOver = false;
    const end = (outcome: string): boolean => {
      if (isOver) return false;
      isOver = true;
      signal.removeEventListener("abort", onAbort);
      exchange.answeredAt = this.#scheduler.now;
      exchange.outcome = outcome;
      this.#history.note(`< #${exchange.id} ${outcome}`);
      return true;
    };
    const broken = (code: string, text: string) => {
      if (end(code)) fail(Object.assign(new Error(text), { code }));
    };
    const onAbort = () => {
      if (end("given up")) fail(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      return;
    }

    const troubles = this.#at("connect", exchange);
    const slow = troubles.find((it) => it.kind === "slow connection");
    const isRefused = !host?.isUp || troubles.some(({ kind }) => kind === "refuse");
    const { process } = client;
    this.#scheduler.after((slow?.ms ?? 0) + this.#latency(), process, () => {
      if (isOver) return;
      if (isRefused) return broken("ECONNREFUSED", "connect ECONNREFUSED");
      try {
        leave?.();
      } catch (error) {
        if (end("held back")) fail(error);
        return;
      }
      exchange.leftAt = this.#scheduler.now;
      if (exchange.mutating) exchange.truth = this.truth(exchange.system);
      const by = exchange.call ? ` for ${exchange.call.method} of ${nameOf(exchange.call.urn)}` : "";
      this.#history.note(
        `> #${exchange.id} ${client.stack} ${method} ${exchange.system} ${exchange.endpoint} ${target}${exchange.mutating ? ` ${body ?? ""}` : ""}${by}`,
      );
      const request: PlainRequest = {
        method,
        target,
        headers: { ...headers, host: origin },
        text: body ?? "",
      };
      const answer = (plain: PlainAnswer) => {
        if (end(String(plain.status)))
          resolve({
            statusCode: plain.status,
            headers: plain.headers,
            body: [Buffer.from(plain.body)],
          });
      };
      this.#travel(exchange, host as Host, request, process, answer, broken);
    });
  }

  /** From when the request has left to when its answer has come, or never does. */
  #travel(
    exchange: Exchange,
    host: Host,
    request: PlainRequest,
    process: Process,
    answer: (plain: PlainAnswer) => void,
    broken: (code: string, text: string) => void,
  ): void {
    const reset = () => broken("ECONNRESET", "read ECONNRESET");
    const back = (ms: number, work: () => void) => this.#scheduler.after(ms, process, work);
    const carry = (ms: number, onAnswer?: (plain: PlainAnswer, isStale: boolean) => void) => {
      exchange.underWay++;
      this.underWay.add(exchange);
      this.#scheduler.after(ms, undefined, async () => {
        if (host.isUp) {
          const plain = await this.#handle(exchange, host, request);
          onAnswer?.(plain, false);
        } else if (onAnswer) back(this.#latency(), reset);
        if (--exchange.underWay === 0) this.underWay.delete(exchange);
      });
    };
    let delay = this.#latency();
    if (this.#isCut(exchange, "requests")) {
      exchange.faults.push("partition");
      return;
    }
    for (const trouble of this.#at("send", exchange)) {
      if (trouble.kind === "lose request") return;
      if (trouble.kind === "delay request") delay += trouble.ms;
      if (trouble.kind === "duplicate") carry(delay + trouble.ms);
      if (trouble.kind === "reset before") return void back(delay, reset);
      if (trouble.kind === "reset, lands later") {
        carry(delay + trouble.ms);
        return void back(delay, reset);
      }
      if (trouble.kind === "gateway") {
        if (trouble.lands !== undefined) carry(delay + trouble.lands);
        const headers: Record<string, string> =
          trouble.retryAfter === undefined ? {} : { "retry-after": trouble.retryAfter };
        const plain = {
          status: trouble.status,
          headers,
          body: `a gateway says ${trouble.status}`,
          effect: false,
        };
        return void back(delay + this.#latency(), () => answer(plain));
      }
      if (trouble.kind === "echo") {
        const body = JSON.stringify({ error: this.echo(exchange.system).join(" ") });
        const plain = { status: trouble.status, headers: {}, body, effect: false };
        return void back(delay + this.#latency(), () => answer(plain));
      }
      if (trouble.kind === "hollow 200") {
        const headers = { "content-type": "application/json" };
        const plain = { status: 200, headers, body: trouble.body, effect: false };
        return void back(delay + this.#latency(), () => answer(plain));
      }
    }
    carry(delay, (given) => {
      let plain = given;
      let late = this.#latency();
      if (this.#isCut(exchange, "answers")) {
        exchange.faults.push("partition");
        return;
      }
      for (const trouble of this.#at("answer", exchange)) {
        if (trouble.kind === "lose answer") return;
        if (trouble.kind === "delay answer") late += trouble.ms;
        if (trouble.kind === "reset answer") return void back(late, reset);
        if (trouble.kind === "truncate")
          return void back(late, () => broken("UND_ERR_SOCKET", "other side closed"));
        if (trouble.kind === "older snapshot" && !exchange.mutating)
          plain = this.#older(exchange, host) ?? plain;
      }
      back(late, () => answer(plain));
    });
  }

  async #handle(exchange: Exchange, host: Host, request: PlainRequest): Promise<PlainAnswer> {
    this.#at("handle", exchange);
    const { system } = exchange;
    const before = exchange.mutating ? this.truth(system) : undefined;
    const at = this.#scheduler.now;
    const handling = host.options.handle(request);
    const after = exchange.mutating ? this.truth(system) : undefined;
    const plain = await handling;
    if (plain.effect) this.#effects.set(system, (this.#effects.get(system) ?? 0) + 1);
    exchange.handled.push({
      at,
      status: plain.status,
      effect: plain.effect,
      before,
      after,
      body: plain.body,
    });
    if (exchange.mutating)
      this.#history.note(
        `  #${exchange.id} is carried out: ${plain.status}${plain.effect ? "" : ", no effect"}`,
      );
    if (request.method === "GET" && !exchange.mutating) {
      const kept = host.answered.get(request.target) ?? [];
      host.answered.set(request.target, [
        ...kept.slice(-6),
        { answer: plain, effects: this.#effects.get(system) ?? 0 },
      ]);
    }
    return plain;
  }

  /** What this endpoint said before the last effect on the system. */
  #older(exchange: Exchange, host: Host): PlainAnswer | undefined {
    const now = this.#effects.get(exchange.system) ?? 0;
    return host.answered.get(exchange.target)?.findLast(({ effects }) => effects < now)?.answer;
  }

  #at(boundary: "connect" | "send" | "handle" | "answer", exchange: Exchange): Trouble[] {
    return this.nemesis?.at(boundary, exchange) ?? [];
  }

  #isCut({ system, endpoint, stack }: Exchange, what: "requests" | "answers"): boolean {
    const cuts = [...(this.#cuts.get(`${system} ${endpoint}`) ?? [])];
    return cuts.some((cut) => (cut.stack ?? stack) === stack && (cut.loses === what || cut.loses === "both"));
  }

  /** Milliseconds, one way. */
  #latency(): number {
    return 0.5 + 4 * this.#random.next() ** 3;
  }
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
