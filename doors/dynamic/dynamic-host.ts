import "../../runtime/require-node.ts";

import { commandLine } from "../shared/command-line.ts";
import { engineAddress, engineLog } from "../shared/engine-log.ts";
import { openMessages } from "../shared/messages.ts";
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
const messagesOf = address === undefined ? undefined : openMessages(engineLog(address), line);
const serving = openHost({ line, messagesOf, latestConfig: () => currentConfig(line) });

/** The host's provider object for one resource type. Frozen: state refers to it. */
export function serve(type: string, config: HostConfig | undefined) {
  return serving(type, config);
}
