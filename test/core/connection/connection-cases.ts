import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import { InputError } from "../../../provider/core/data/errors.ts";
import { plain } from "../client.ts";

export const none = () => undefined;
export const endpoint = "https://host.test:9443";

/** Stack config with these connections. */
export const configOf = (connections: object) => () => JSON.stringify(connections);

/** A connection that is given on the spot. */
export const inline = (connection: object, system = plain) => resolveConnection(system, connection, none);

/** What some work was refused for. */
export const refusalOf = (work: () => unknown): InputError => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error;
  }
  throw new Error("succeeded");
};
