import "../../runtime/require-node.ts";

import { commandLine } from "../shared/command-line.ts";
import { engineAddress, engineLog } from "../shared/engine-log.ts";
import { openMessages } from "../shared/messages.ts";
import { watchParent } from "../shared/parent.ts";
import { endAfter } from "../shared/serving.ts";
import { UnderWay } from "../shared/under-way.ts";
import { currentConfig } from "./current-config.ts";
import { type HostConfig, openHost } from "./host.ts";
import { printErrorsOnce } from "./host-quirks.ts";
import { bringUrnsUpToDate } from "./present-urns.ts";

/*
 * The door of Pulumi's dynamic provider host: the provider text in state loads this module inside the host, of which there is one for
 * each preview and each update.
 */

printErrorsOnce();
bringUrnsUpToDate(process.argv[1] ?? "");

const line = commandLine();
const address = engineAddress();
const log = address === undefined ? undefined : engineLog(address);
const messagesOf = log && openMessages(log, line);
const gone = new AbortController();
const underWay = new UnderWay(log && (() => log.delivered()));
const serving = openHost({ line, messagesOf, latestConfig: () => currentConfig(line), signal: gone.signal });

// Pulumi's host outlives a CLI that was killed, and would go on waiting, and sending, for nobody.
if (line?.pid !== undefined)
  watchParent(() => {
    gone.abort(new DOMException("the engine is gone", "AbortError"));
    endAfter(underWay);
  }, line.pid);

/** The host's provider object for one resource type. Frozen: state refers to it. */
export function serve(type: string, config: HostConfig | undefined) {
  const { check, diff, create, read, update, delete: remove } = serving(type, config);
  const counted =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    (...args: A) =>
      underWay.during(call(...args));
  return {
    check: counted(check),
    diff: counted(diff),
    create: counted(create),
    read: counted(read),
    update: counted(update),
    delete: counted(remove),
  };
}
