import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { RawObject } from "./codec.ts";
import type { PrivateData, ReplacedData } from "./private-data.ts";
import { isInput, resourceAt } from "./schema.ts";
import type { Recorded } from "./surroundings.ts";

/*
 * What is deleted so that something else takes its place. Terraform plans both at once, as a creation, and hands to the delete what that
 * plan keeps where nobody sees it, in place of what was kept with the state: on which installation it stands, and what still runs of it,
 * would be forgotten. So the plan of a creation carries it along.
 */

interface Seen extends ReplacedData {
  typeName: string;
  inputs: RawObject;
}

/** What one process of the provider has read, and not planned yet: of what is tainted, a plan is told that there is nothing. */
export class Replaced {
  readonly #read = new Map<string, Seen>();

  noteRead(typeName: string, { state, data }: Recorded): void {
    const { resource, memory } = data;
    if (!state || resource === undefined) return;
    this.#read.set(resource, {
      typeName,
      inputs: inputsIn(typeName, state),
      state: digestOf(state),
      data: { resource, memory },
    });
  }

  /** It is planned as what it is. */
  notePlanned({ resource }: Partial<PrivateData>): void {
    if (resource !== undefined) this.#read.delete(resource);
  }

  /**
   * For the plan of what is to be made.
   *
   * @param kept what the plan of what it replaces has kept, if it is known to replace something
   */
  by(typeName: string, config: RawObject, kept: Partial<PrivateData>): Pick<PrivateData, "replaced"> {
    const { resource, memory } = kept;
    if (resource !== undefined) return { replaced: [{ data: { resource, memory } }] };
    const ofType = [...this.#read.values()].filter((one) => one.typeName === typeName);
    const inputs = inputsIn(typeName, config);
    const alike = ofType.filter((one) => isWritten(inputs, one.inputs));
    const replaced = (alike.length > 0 ? alike : ofType).map(({ state, data }) => ({ state, data }));
    return replaced.length > 0 ? { replaced } : {};
  }
}

/** What was kept with the state that is to be deleted. */
export function keptWith({ state, data }: Recorded): Partial<PrivateData> {
  const { replaced, ...own } = data;
  if (!replaced || !state) return own;
  const digest = digestOf(state);
  return replaced.find((one) => one.state === undefined || one.state === digest)?.data ?? own;
}

function inputsIn(typeName: string, object: RawObject): RawObject {
  const names = resourceAt(typeName)
    .attributes.filter(isInput)
    .map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, object[name] ?? null]));
}

/** Whether all that is written is what is recorded; what is not has its default there. */
function isWritten(written: RawObject, recorded: RawObject): boolean {
  return Object.entries(written).every(
    ([name, value]) => value === null || isDeepStrictEqual(value, recorded[name]),
  );
}

function digestOf(state: RawObject): string {
  const attributes = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify(attributes, (_, value) => (typeof value === "bigint" ? String(value) : value));
  return hash("sha256", text).slice(0, 16);
}
