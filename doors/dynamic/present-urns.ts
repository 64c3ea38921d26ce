import { createRequire } from "node:module";

/** A request of the engine, as the host reads it. */
interface Request {
  getUrn(): string;
  getProperties(): { toJavaScript(): object } | undefined;
}

/**
 * Has `__urn` be the resource's present URN in what the host hands over of recorded properties. The recorded one is stale after `pulumi stack
 * rename`, `pulumi state rename` and `pulumi state move`, and what is said under it shows on a row of its own, of a resource that is not there.
 * The engine's request has the present one; the host does not pass it on.
 *
 * @param script of the host, whose own classes of requests these are
 */
export function bringUrnsUpToDate(script: string): void {
  for (const { prototype } of recordedRequests(script)) {
    const { getProperties } = prototype;
    prototype.getProperties = function () {
      const struct = getProperties.call(this);
      const urn = this.getUrn();
      // Once: the request hands out one and the same.
      if (struct && urn !== "" && !Object.hasOwn(struct, "toJavaScript")) {
        const { toJavaScript } = struct;
        struct.toJavaScript = () => ({ ...toJavaScript.call(struct), __urn: urn });
      }
      return struct;
    };
  }
}

/** The requests that come with recorded properties; with all others the program says the URN. None where this is not the host. */
function recordedRequests(script: string): { prototype: Request }[] {
  try {
    const { ReadRequest, DeleteRequest } = createRequire(script)("../../proto/provider_pb.js");
    return [ReadRequest, DeleteRequest];
  } catch {
    return [];
  }
}
