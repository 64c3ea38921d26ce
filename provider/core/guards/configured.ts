import leven from "leven";
import { type ConfigSource, configuredNames, parsedSetting, pathOf } from "../connection/configured.ts";
import { fromEnvironment } from "../connection/environment.ts";
import { settingOf } from "../connection/setting.ts";
import { advice } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import { checkShape, suggestion } from "../data/inputs.ts";
import { anyOf, nearestOf } from "../data/near.ts";
import { isObject } from "../data/values.ts";
import type { Guards, GuardTime } from "./settings.ts";

/** What tells times of a calendar. */
export type Calendar = typeof import("./calendar.ts");

/** The guards of a stack. */
export interface ConfiguredGuards {
  guards: Guards;
  /** Where they stand: `clusterops:guards`, or the variable that counts in place of it. */
  at: string;
  calendar: Calendar;
}

export const guardsKey = "clusterops:guards";

/**
 * The guards that configuration and environment have. Undefined: none, and nothing was loaded for it.
 *
 * @throws InputError for whatever is wrong with them, under its path: a guard that is not understood would guard nothing
 */
export async function guardsIn(config: ConfigSource): Promise<ConfiguredGuards | undefined> {
  refuseFlat(config);
  const setting = settingOf("guards", config);
  if (!setting) return undefined;
  const { at, text } = setting;
  const guards = checked(text, at);
  if (Object.keys(guards).length === 0) return undefined;
  const calendar = await import("./calendar.ts");
  for (const [name, { windows = [], freezes = [] }] of Object.entries(guards)) {
    const path = pathOf(name, at);
    refuseUnknownConnection(config, name, path);
    for (const [list, times] of Object.entries({ windows, freezes }))
      for (const [index, time] of times.entries())
        refuseWrongTime(calendar, time, `${path}.${list}[${index}]`);
  }
  return { guards, at, calendar };
}

function checked(text: string, at: string): Guards {
  const value = parsedSetting(text);
  if (!isObject(value))
    throw new InputError(
      at,
      `is not an object with one entry per connection: ${at === guardsKey ? advice.configure('guards["*"].windows[0].timeZone', "Europe/Berlin") : 'write JSON, e.g. {"*": {"windows": [...]}}'}`,
    );
  const { value: guards, failures } = checkShape<Guards>("Guards", value, { coerce: true });
  const [first] = failures;
  if (first) {
    const { property, reason } = first;
    throw new InputError(
      /^\[|^$/.test(property) ? at + property : `${at}.${property}`,
      reason.replace("is not an input", "is no setting of a guard"),
    );
  }
  return guards;
}

function refuseUnknownConnection(config: ConfigSource, name: string, path: string): void {
  if (name === "*") return;
  const known = [config, config.stack].flatMap((each) => (each ? configuredNames(each) : []));
  if (known.includes(name) || Object.keys(fromEnvironment(name, process.env)).length > 0) return;
  throw new InputError(
    path,
    `guards nothing: no connection ${JSON.stringify(name)} is configured${suggestion(name, [...known, "*"])}`,
  );
}

function refuseWrongTime(calendar: Calendar, time: GuardTime, path: string): void {
  const problem = calendar.problemOf(time);
  if (!problem) return;
  const { field, reason } = problem;
  throw new InputError(
    field === "" ? path : `${path}.${field}`,
    reason + (field === "timeZone" ? nearestZone(time) : ""),
  );
}

/** `Europe/Berln`, `Berlin`: of four hundred names only a near one is of use. */
function nearestZone({ timeZone }: GuardTime): string {
  if (timeZone === undefined) return "";
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
  const distance = (name: string) =>
    plain(name).endsWith(plain(timeZone)) ? 0 : leven(plain(name), plain(timeZone));
  if (timeZone.length <= 2) return "";
  const near = nearestOf(Intl.supportedValuesOf("timeZone"), distance, (least) => least <= 2);
  return near.length === 0 ? "" : ` (did you mean ${anyOf(near)}?)`;
}

/** A key that holds a path in its name would leave everything unguarded, without a word. @throws InputError */
function refuseFlat(config: ConfigSource): void {
  const key = (config.keys?.() ?? []).find((each) => /^clusterops:guards[.[]/.test(each));
  if (key === undefined) return;
  throw new InputError(
    key,
    `${advice.flat}, so that it guards nothing: ${advice.unset(key)}, then set it with --path`,
  );
}
