import type { Failure } from "../core/data/inputs.ts";
import { pathFailure, textFailure } from "../core/http/path.ts";

/** What is wrong with a channel's name: it stands in the path of every call, which has no other form. */
export function channelFailures(property: string, channel: string): Failure[] {
  const reason = textFailure(channel) ?? pathFailure(channel);
  const shown = JSON.stringify(channel.length > 100 ? `${channel.slice(0, 97)}...` : channel);
  return reason ? [{ property, reason: `${shown} ${reason}: it is no channel's name` }] : [];
}

/** The same of a list, in which one twice is a slip. */
export function channelsFailures(property: string, channels: readonly string[]): Failure[] {
  return channels.flatMap((channel, index) => {
    const at = `${property}[${index}]`;
    const first = channels.indexOf(channel);
    if (first === index) return channelFailures(at, channel);
    return [
      { property: at, reason: `${JSON.stringify(channel)} is given twice: it is ${property}[${first}] too` },
    ];
  });
}
