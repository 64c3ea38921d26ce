import type { Http } from "../http/call.ts";

/**
 * A connection's way to an installation, whoever finds out which one that is. A class, since V8 gives each object with a getter of its own
 * a shape of its own, too: nothing that reads it can be compiled well, and all that the getter reaches is kept until the next full
 * collection of garbage. Its functions need no `this`.
 */
export class OpenWay<Installation> implements Http {
  readonly id: string;
  readonly connection: Http["connection"];
  readonly call: Http["call"];
  readonly send: Http["send"];
  readonly recall: Http["recall"];
  readonly redact: Http["redact"];
  readonly #find: () => Installation;

  constructor(id: string, { connection, call, send, recall, redact }: Http, find: () => Installation) {
    this.id = id;
    this.connection = connection;
    this.call = call;
    this.send = send;
    this.recall = recall;
    this.redact = redact;
    this.#find = find;
  }

  get installation(): Installation {
    return this.#find();
  }
}

/** The way, asked in another manner. */
export function inOtherHands<Installation>(
  way: Http & { readonly id: string; readonly installation: Installation },
  asked: Http,
): OpenWay<Installation> {
  return new OpenWay(way.id, asked, () => way.installation);
}
