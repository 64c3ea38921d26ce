import type { Arrival, Network as ClientNetwork, Passage } from "../../provider/core/http/network.ts";
import type { PlainAnswer, PlainRequest } from "../../simulators/index.ts";
import { type EngineCall, type Exchange, type History, nameOf } from "./history.ts";
import { type Host, Hosts } from "./hosts.ts";
import type { Nemesis } from "./nemesis.ts";
import { Partitions } from "./partitions.ts";
import { Effects } from "./snapshots.ts";
import type { Trouble } from "./story.ts";
import { substitute } from "./substitutes.ts";
import { epoch } from "./world/guard.ts";
import type { Random } from "./world/random.ts";
import type { Process, Scheduler } from "./world/scheduler.ts";

/** Who sends. */
export interface Client {
  process: Process;
  stack: string;
  /** The engine's call that is being carried out just now. */
  call(): EngineCall | undefined;
}

/** Where tokens are to be had: asking for one changes nothing. */
const tokens = /oauth\/token|users\/authorize/;

/** The only way from the provider to a system. Every request passes its boundaries, at each of which the nemesis is asked. */
export class SimulatedNetwork {
  nemesis: Nemesis | undefined;
  /** What a system is like, for the record. */
  truth: (system: string) => unknown = () => undefined;
  /** The credentials that a system knows. */
  echo: (system: string) => readonly string[] = () => [];
  /** Requests that may yet be carried out. */
  readonly underWay = new Set<Exchange>();
  readonly partitions: Partitions;
  readonly hosts: Hosts;
  readonly #effects = new Effects();
  readonly #scheduler: Scheduler;
  readonly #history: History;
  readonly #random: Random;
  #count = 0;

  constructor(scheduler: Scheduler, history: History, random: Random) {
    this.#scheduler = scheduler;
    this.#history = history;
    this.#random = random;
    this.partitions = new Partitions(scheduler);
    this.hosts = new Hosts(history, this.#effects);
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
    const host = this.hosts.at(origin);
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
            body: Buffer.from(plain.body),
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
    const carry = (ms: number, onAnswer?: (plain: PlainAnswer) => void) => {
      exchange.underWay++;
      this.underWay.add(exchange);
      this.#scheduler.after(ms, undefined, async () => {
        if (host.isUp) {
          const plain = await this.#handle(exchange, host, request);
          onAnswer?.(plain);
        } else if (onAnswer) back(this.#latency(), reset);
        if (--exchange.underWay === 0) this.underWay.delete(exchange);
      });
    };
    let delay = this.#latency();
    if (this.partitions.isCut(exchange, "requests")) {
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
      const instead = substitute(trouble, this.echo(exchange.system), epoch + this.#scheduler.now);
      if (!instead) continue;
      if (trouble.kind === "gateway" && trouble.lands !== undefined) carry(delay + trouble.lands);
      return void back(delay + this.#latency(), () => answer(instead));
    }
    carry(delay, (given) => {
      let plain = given;
      let late = this.#latency();
      if (this.partitions.isCut(exchange, "answers")) {
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
          plain = host.snapshots.older(exchange) ?? plain;
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
    const { status, effect, body } = plain;
    if (effect) this.#effects.count(system);
    exchange.handled.push({ at, status, effect, before, after, body });
    if (exchange.mutating)
      this.#history.note(`  #${exchange.id} is carried out: ${status}${effect ? "" : ", no effect"}`);
    if (!exchange.mutating && !exchange.token) host.snapshots.keep(exchange, plain);
    return plain;
  }

  #at(boundary: "connect" | "send" | "handle" | "answer", exchange: Exchange): Trouble[] {
    return this.nemesis?.at(boundary, exchange) ?? [];
  }

  /** Milliseconds, one way. */
  #latency(): number {
    return 0.5 + 4 * this.#random.next() ** 3;
  }
}
