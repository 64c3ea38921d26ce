import { decodedPart } from "../core/data/values.ts";

/** The inputs that an import id says: `2`, or `redis-east/2` with the connection's name. @throws Error */
export function nodeIn(id: string): { nodeUid: number; connection?: string } {
  const [, connection, uid] = /^(?:([^/]+)\/)?([1-9]\d*)$/.exec(id) ?? [];
  if (uid === undefined)
    throw new Error(`an id is a node's uid, or connection/uid: ${JSON.stringify(id)} is neither`);
  return {
    nodeUid: Number(uid),
    ...(connection !== undefined && { connection: decodedPart(connection) }),
  };
}
