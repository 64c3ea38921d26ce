import { type ConfigSource, configuredNames } from "../connection/configured.ts";
import { hostIn, hostOf, overlap } from "../connection/identity.ts";
import { Resolutions } from "../connection/resolutions.ts";
import type { Connection, ResolvedConnection, System } from "../connection/settings.ts";
import { misspelledKeys, warningsOf, warningsOfSettings } from "../connection/warnings.ts";
import { oneLine } from "../data/one-line.ts";
import { type Http, openHttp } from "../http/http.ts";
import { type Network, openNetwork } from "../http/network.ts";
import { redactor } from "../http/redact.ts";
import { Silences } from "../http/silences.ts";
import { transportOver } from "../http/transport.ts";
import { Declarations } from "./declarations.ts";
import { LateEffects } from "./late-effects.ts";
import { Locks } from "./lock.ts";
import { Pollers } from "./poller.ts";
import { OpenWay } from "./way.ts";

/** What systems keep of their own beside what the core does, e.g. which of their servers were silent. */
class Notes {
  readonly #notes = new Map<string, unknown>();

  /** The note under a key: made at first use. */
  note<T>(key: string, make: () => T): T {
    if (!this.#notes.has(key)) this.#notes.set(key, make());
    return this.#notes.get(key) as T;
  }

  /** Where both have a note, this one's counts. */
  protected takeNotesOf(other: Notes): void {
    for (const [key, note] of other.#notes) if (!this.#notes.has(key)) this.#notes.set(key, note);
  }
}

/**
 * One running instance of a system, as far as this process knows it: what all of its resources share, however each of them reaches it.
 */
export class Installation extends Notes {
  /** Of all connections that lead to it. */
  readonly addresses = new Set<string>();
  /** Hosts that it itself has named as its own. */
  readonly hosts = new Set<string>();
  readonly locks = new Locks();
  /** Requests whose answer was lost, and which may yet take effect. */
  readonly late = new LateEffects();
  /** What the resources of the program want of it. */
  readonly declarations = new Declarations();

  /** Another one has turned out to be this one: what was known of it is known here, whoever takes turns there comes first. */
  absorb(other: Installation): void {
    for (const address of other.addresses) this.addresses.add(address);
    for (const host of other.hosts) this.hosts.add(host);
    this.locks.absorb(other.locks);
    this.late.absorb(other.late);
    this.declarations.absorb(other.declarations);
    this.takeNotesOf(other);
  }

  /** @param hosts that the connection itself was told of as the installation's own */
  isReachedBy({ addresses }: Pick<ResolvedConnection, "addresses">, hosts: ReadonlySet<string>): boolean {
    const isNamed = (address: string) => this.hosts.has(hostIn(address));
    return (
      overlap(addresses, [...this.addresses]) ||
      addresses.some(isNamed) ||
      [...this.addresses].some((address) => hosts.has(hostIn(address)))
    );
  }
}

/** One connection's way to its installation. */
export interface Way extends Http {
  /** The same for ways with the same endpoints, credentials and settings: only these may share a look. */
  readonly id: string;
  readonly installation: Installation;
}

/** What depends on settings alone: somebody who opens many sessions on the same ones, such as a simulation, keeps it. */
export interface SharedWork {
  resolutions?: Resolutions;
  redactorOf?: typeof redactor;
}

/** All that lives as long as the process of a door: every way that was opened, and the installations that they lead to. */
export class Session extends Notes {
  readonly pollers = new Pollers();
  readonly #silences = new Silences();
  readonly #shared: Required<SharedWork>;
  readonly #waysOf = new WeakMap<ResolvedConnection, Way>();
  readonly #ways = new Map<string, Way>();
  readonly #ids = new Map<string, string>();
  readonly #installations = new Map<System, Installation[]>();
  /** Counts what may show that an installation is another one than was thought. */
  #news = 0;
  readonly #open: (connection: ResolvedConnection) => Network;

  /**
   * @param open how a connection's requests travel. Default: over the network
   * @param shared what was worked out for other sessions, and is the same for this one
   */
  constructor(
    open: (connection: ResolvedConnection) => Network = openNetwork,
    { resolutions = new Resolutions(), redactorOf = redactor }: SharedWork = {},
  ) {
    super();
    this.#open = open;
    this.#shared = { resolutions, redactorOf };
  }

  /** Blanks the credentials of every connection that was used so far out of a text. */
  redact(text: string): string {
    // What consists of words is a message.
    const kind = /\s/.test(text) ? "message" : "data";
    return [...this.#ways.values()].reduce((sum: string, way) => way.redact(sum, kind), text);
  }

  /** The connection that an input means, by what configuration says now. @throws InputError as `resolveConnection` */
  resolve(
    system: System,
    reference: string | Connection | undefined,
    config: ConfigSource,
    property?: string,
  ): ResolvedConnection {
    return this.#shared.resolutions.resolve(system, reference, config, property);
  }

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
    const resolved = this.resolve(system, reference, config, property);
    const way = this.#waysOf.get(resolved) ?? this.#wayTo(resolved, { reference, config, warn });
    this.#waysOf.set(resolved, way);
    return way;
  }

  #wayTo(
    resolved: ResolvedConnection,
    {
      reference,
      config,
      warn,
    }: { reference: string | Connection | undefined; config: ConfigSource; warn(message: string): void },
  ): Way {
    const { system } = resolved;
    // Names say nothing of how an installation is reached, and with whose credentials.
    const settings = JSON.stringify({ ...resolved, name: undefined });
    const key = `${resolved.name} ${settings}`;
    const known = this.#ways.get(key);
    if (known) return known;
    if (!resolved.tls.rejectUnauthorized)
      warn(
        `connection ${resolved.name}: insecureSkipVerify accepts any server certificate: anybody on the way can read the credentials`,
      );
    for (const warning of misspelledKeys(config)) this.note(`warned: ${warning}`, () => warn(warning));
    for (const warning of [...warningsOf(system, reference, config), ...warningsOfSettings(resolved)])
      warn(`connection ${resolved.name}: ${oneLine(warning)}`);
    /** Hosts that this connection was told of as the installation's own. This machine is not among them: it may be anybody's. */
    const named = new Set<string>();
    let found: { installation: Installation; at: number } | undefined;
    const find = () => {
      // Asked for all the time, and the same as long as nothing new is known of any.
      if (found?.at !== this.#news)
        found = { installation: this.#installationOf(resolved, named), at: this.#news };
      return found.installation;
    };
    const http = openHttp(resolved, {
      transport: transportOver(this.#open(resolved), resolved),
      silences: this.#silences,
      redactorOf: this.#shared.redactorOf,
      onHosts: (hosts) => {
        const before = named.size;
        for (const host of hosts.map(hostOf)) if (host !== "localhost") named.add(host);
        if (named.size > before) this.#news++;
        find();
      },
    });
    const id = this.#ids.get(settings) ?? `way ${this.#ids.size}`;
    this.#ids.set(settings, id);
    const way = new OpenWay(id, http, find);
    this.#ways.set(key, way);
    return way;
  }

  /** A configured connection that leads to one of these addresses. */
  findConnection(system: System, addresses: readonly string[], config: ConfigSource): string | undefined {
    return [system.name, ...configuredNames(config)].find((name) => {
      try {
        return overlap(this.resolve(system, name, config).addresses, addresses);
      } catch {
        return false;
      }
    });
  }

  /**
   * Lets an installation say which hosts are its own, where several connections of the session may lead to one without showing it. What
   * cannot be read just now is left open.
   */
  async identify({ connection, call }: Way, signal: AbortSignal): Promise<void> {
    const { ownHosts } = connection.system;
    const several = (this.#installations.get(connection.system)?.length ?? 0) > 1;
    if (!ownHosts || !several) return;
    await call(
      { method: "GET", path: ownHosts.path },
      { signal, patience: "once", onTrouble: () => {} },
    ).catch(() => {
      signal.throwIfAborted();
    });
  }

  #installationOf(connection: ResolvedConnection, named: ReadonlySet<string>): Installation {
    const all = this.#installations.get(connection.system) ?? [];
    const [found = new Installation(), ...same] = all.filter((installation) =>
      installation.isReachedBy(connection, named),
    );
    const known = found.addresses.size + found.hosts.size;
    for (const address of connection.addresses) found.addresses.add(address);
    for (const host of named) found.hosts.add(host);
    if (same.length > 0 || found.addresses.size + found.hosts.size > known) this.#news++;
    // What was taken for several has turned out to be one.
    for (const other of same) found.absorb(other);
    if (!all.includes(found) || same.length > 0)
      this.#installations.set(connection.system, [
        ...all.filter((one) => !same.includes(one) && one !== found),
        found,
      ]);
    return found;
  }
}
