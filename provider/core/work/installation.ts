import { hostOf, overlap } from "../connection/identity.ts";
import { type ConfigSource, configuredNames, resolveConnection } from "../connection/resolve.ts";
import type { Connection, ResolvedConnection, System } from "../connection/settings.ts";
import { type Http, openHttp } from "../http/http.ts";
import { LateEffects } from "./late-effects.ts";
import { Locks } from "./lock.ts";

/**
 * One running instance of a system, as far as this process knows it: what all of its resources share, however each of them reaches it.
 */
export class Installation {
  /** Of all connections that lead to it. */
  readonly addresses = new Set<string>();
  /** Hosts that it itself has named as its own. This machine is not among them: it may be anybody's. */
  readonly hosts = new Set<string>();
  readonly locks = new Locks();
  /** Requests whose answer was lost, and which may yet take effect. */
  readonly late = new LateEffects();
  readonly #wanted = new Map<string, Set<string>>();
  readonly #notes = new Map<string, unknown>();

  /** What a system keeps of its own here, e.g. which of its servers were silent: made at first use. */
  note<T>(key: string, make: () => T): T {
    if (!this.#notes.has(key)) this.#notes.set(key, make());
    return this.#notes.get(key) as T;
  }

  /** Some resource declares an object. @param by tells resources apart, e.g. a URN */
  want(object: string, by: string): void {
    const owners = this.#wanted.get(object) ?? new Set();
    this.#wanted.set(object, owners.add(by));
  }

  /** A resource that is deleted wants it no more. */
  release(object: string, by: string): void {
    this.#wanted.get(object)?.delete(by);
  }

  /** Another resource that declares the object, as far as this process was told. */
  wantedByAnother(object: string, than: string): string | undefined {
    return [...(this.#wanted.get(object) ?? [])].find((by) => by !== than);
  }

  isReachedBy({ addresses }: Pick<ResolvedConnection, "addresses">): boolean {
    return (
      overlap(addresses, [...this.addresses]) || addresses.some((address) => this.hosts.has(bare(address)))
    );
  }
}

/** One connection's way to its installation. */
export interface Way extends Http {
  /** Tells it from every other way of this process, those of other sessions among them: waits that share a look have to look the same way, with the same credentials. */
  readonly id: string;
  readonly installation: Installation;
}

/** All that lives as long as the process of a door: every way that was opened, and the installations that they lead to. */
export class Session {
  readonly #ways = new Map<string, Way>();
  readonly #installations = new Map<System, Installation[]>();

  /**
   * The connection's way: one for each set of settings, credentials included, so that a rotated one counts at once.
   *
   * @param warn is told what the user should know of a connection, once
   */
  connect(
    system: System,
    reference: string | Connection | undefined,
    config: ConfigSource,
    { property = "connection", warn }: { property?: string; warn(message: string): void },
  ): Way {
    const resolved = resolveConnection(system, reference, config, property);
    const key = JSON.stringify(resolved);
    const known = this.#ways.get(key);
    if (known) return known;
    if (!resolved.tls.rejectUnauthorized)
      warn(
        `connection ${resolved.name}: insecureSkipVerify accepts any server certificate: anybody on the way can read the credentials`,
      );
    const find = () => this.#installationOf(resolved);
    const http = openHttp(resolved, undefined, (hosts) => learn(find(), hosts));
    const id = `way ${nextNumber++}`;
    const way: Way = Object.defineProperty({ ...http, id } as unknown as Way, "installation", { get: find });
    this.#ways.set(key, way);
    return way;
  }

  /** A configured connection that leads to one of these addresses. */
  findConnection(system: System, addresses: readonly string[], config: ConfigSource): string | undefined {
    return [system.name, ...configuredNames(config)].find((name) => {
      try {
        return overlap(resolveConnection(system, name, config).addresses, addresses);
      } catch {
        return false;
      }
    });
  }

  /** Whether several ways of one system could lead to one installation without showing it. */
  hasSeveralWays(system: System): boolean {
    return (this.#installations.get(system)?.length ?? 0) > 1;
  }

  #installationOf(connection: ResolvedConnection): Installation {
    const all = this.#installations.get(connection.system) ?? [];
    const found = all.find((installation) => installation.isReachedBy(connection)) ?? new Installation();
    for (const address of connection.addresses) found.addresses.add(address);
    if (!all.includes(found)) this.#installations.set(connection.system, [...all, found]);
    return found;
  }
}

let nextNumber = 0;

function learn(installation: Installation, hosts: readonly string[]): void {
  for (const host of hosts.map(hostOf)) if (host !== "localhost") installation.hosts.add(host);
}

/** The host of an address. */
function bare(address: string): string {
  return address.replace(/\/.*$/, "").replace(/:\d+$/, "");
}
