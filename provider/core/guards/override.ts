import type { ConfigSource } from "../connection/configured.ts";
import { settingOf } from "../connection/setting.ts";
import { advice } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import { oneLine } from "../data/one-line.ts";
import { withoutAnyUserinfo } from "../data/userinfo.ts";

const overrideKey = "clusterops:override";

/** Why guards are not to hold anything back. */
export interface Override {
  reason: string;
  /** Where it stands. */
  at: string;
}

/** A ticket's number is long enough; a word that only means "do it" is not. */
const [shortest, longest] = [8, 500];
const noReason =
  /^(true|false|yes|no|on|off|ok|okay|force|forced|override|overridden|please|because|reason|none|null|undefined|todo|n\/a|-)$/i;

/** The reason that somebody has given. @throws InputError where it says none */
export function overrideIn(config: ConfigSource): Override | undefined {
  const setting = settingOf("override", config, process.env, { isEmptyUnset: true });
  if (!setting) return undefined;
  const { at } = setting;
  const reason = withoutAnyUserinfo(oneLine(setting.text)).trim();
  const isReason =
    reason.length >= shortest &&
    !noReason.test(reason) &&
    new Set(reason.toLowerCase()).size > 3 &&
    /\p{L}/u.test(reason);
  if (isReason && reason.length <= longest) return { reason, at };
  const unset = at === overrideKey ? advice.unset(overrideKey) : `unset ${at}`;
  throw new InputError(
    at,
    reason.length > longest
      ? `is longer than ${longest} characters`
      : `overrides guards, and says no reason: write why, in at least ${shortest} characters, e.g. "INC-4711 primary DC down", or ${unset}`,
  );
}
