import type { Connection } from "../connection/settings.ts";

/** What the resources of a program declare of one installation, as far as this process was told. `by` tells them apart, e.g. a URN. */
export class Declarations {
  readonly #objects = new Map<string, Set<string>>();
  readonly #wishes = new Map<string, Wish>();

  /** A resource declares an object, e.g. that a node is in maintenance. */
  declare(object: string, by: string): void {
    const owners = this.#objects.get(object) ?? new Set();
    this.#objects.set(object, owners.add(by));
  }

  /** A resource that is deleted declares it no more. */
  release(object: string, by: string): void {
    this.#objects.get(object)?.delete(by);
    this.#wishes.delete(by);
  }

  /** Another resource that declares the object. */
  declaredByAnother(object: string, than: string): string | undefined {
    return [...(this.#objects.get(object) ?? [])].find((by) => by !== than);
  }

  /** A resource wants the whole installation to be so. */
  wish(wish: Wish): void {
    this.#wishes.set(wish.by, wish);
  }

  /** What another resource wants it to be, where that is something else. */
  wishAgainst({ state, by }: Wish): Wish | undefined {
    return [...this.#wishes.values()].find((other) => other.by !== by && other.state !== state);
  }

  /** The other installation has turned out to be this one. */
  absorb(other: Declarations): void {
    for (const [object, owners] of other.#objects) for (const by of owners) this.declare(object, by);
    for (const wish of other.#wishes.values()) this.wish(wish);
  }
}

/** What a resource wants an installation to be, e.g. the active cluster of its federation. */
export interface Wish {
  state: string;
  /** Whether the resource is about to see to it; else it was so when it was recorded. */
  isNew: boolean;
  by: string;
}

/** By input, what the installation that it names is to be. */
export type Wishes = [property: string, reference: string | Connection | undefined, state: string][];
