import { hash } from "node:crypto";

/** Identifiers that differ from each other, and are the same again in the next run with the same seed. */
export interface Ids {
  /** A uuid, as Redis Enterprise uses for task ids. */
  uuid(): string;
  /** An opaque word for access tokens. */
  token(): string;
}

/** @param seed Any number or word; two simulators with one seed hand out the same ids in the same order. */
export function seededIds(seed: number | string): Ids {
  let count = 0;
  const next = () => hash("sha256", `${seed}:${count++}`);
  return {
    uuid() {
      const hex = next();
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    token: () => next().slice(0, 40),
  };
}
