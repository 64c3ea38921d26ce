import { constants } from "node:fs";
import { appendFile } from "node:fs/promises";
import { proxiesOf } from "../connection/proxies.ts";
import { messageOf } from "../data/errors.ts";
import { openNetwork } from "../http/network.ts";
import { transportOver } from "../http/transport.ts";
import { Outbox } from "./outbox.ts";
import type { EventTarget } from "./settings.ts";

/** How long a receiver may take for one event, in milliseconds. */
const timeout = 5_000;

/**
 * To the end of the file. A named pipe that nobody reads would hold the call, and with it the end of the process, until somebody does: it is an
 * error at once (open(2), ENXIO). Where there is no such flag, there are no such pipes.
 */
const flag = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** The outbox of a target. */
export function outboxTo(target: EventTarget, env: NodeJS.ProcessEnv): Outbox {
  if ("url" in target) return new Outbox(new URL(target.url).origin, posting(target.url, env));
  const { file } = target;
  // One write to the end of the file: of several processes at once each line stays whole.
  return new Outbox(file, (line) => appendFile(file, `${line}\n`, { flag }));
}

/** Each event is a request of its own. What the receiver answers is its own affair: its status counts. */
function posting(url: string, env: NodeJS.ProcessEnv): (line: string) => Promise<void> {
  const { origin } = new URL(url);
  const settings = {
    proxies: proxiesOf(undefined, "", env),
    tls: { rejectUnauthorized: true },
    requestTimeout: timeout,
  };
  const transport = transportOver(openNetwork(settings), settings);
  const headers = { "content-type": "application/json", "user-agent": "pulumi-clusterops" };
  return async (body) => {
    const { signal } = new AbortController();
    const request = { method: "POST", url, headers, body, timeout, signal, mutates: false } as const;
    const { status } = await transport(request).catch((error: unknown) => {
      // The path of a chat's webhook is its credential.
      throw new Error(messageOf(error).replace(`POST ${url}: `, "").replaceAll(url, origin));
    });
    if (status < 200 || status >= 300) throw new Error(`it answers ${status}`);
  };
}
