import { pathOf } from "../connection/configured.ts";
import { overlap } from "../connection/identity.ts";
import type { Period } from "./calendar.ts";
import type { Calendar, ConfiguredGuards } from "./configured.ts";
import type { Freeze, Guard, MaintenanceWindow } from "./settings.ts";

/** Where a resource's connection leads. */
export interface Guarded {
  /** Undefined: its settings stand in the program. */
  name: string | undefined;
  addresses: readonly string[];
}

/** What a guard asks of one connection, and where each part stands. */
export interface AppliedGuard {
  windows?: { at: string; all: readonly MaintenanceWindow[] };
  freezes: { at: string; freeze: Freeze }[];
  maxNodesAway?: { at: string; most: number };
  minutesBetweenSwitches?: { at: string; minutes: number };
}

/** Why something is not to be sent now. */
export interface Objection {
  /** Where the guard stands that says so, e.g. `clusterops:guards.redis.windows`. */
  property: string;
  reason: string;
}

/**
 * The guards of some connections. One that is given to a name guards the installation: another name, or settings in the program, with an
 * endpoint of it are no way round.
 *
 * @param addressesOf where a configured connection leads; none: not known
 */
export function appliedTo(
  { guards, at }: ConfiguredGuards,
  connections: readonly Guarded[],
  addressesOf: (name: string) => readonly string[],
): AppliedGuard[] {
  const names = Object.keys(guards).filter((name) => name !== "*");
  const applied = connections.flatMap((connection) => {
    const own = names.filter(
      (name) => name === connection.name || overlap(addressesOf(name), connection.addresses),
    );
    return own.length > 0 ? own : ["*"];
  });
  return [...new Set(applied)].flatMap((name) => {
    const parts = [...new Set([name, "*"])].flatMap((each) => {
      const guard = guards[each];
      return guard ? [[pathOf(each, at), guard] as const] : [];
    });
    return parts.length > 0 ? [partsOf(parts)] : [];
  });
}

/** What the first of them says counts in place of the others; freezes of all count. */
function partsOf(all: readonly (readonly [path: string, guard: Guard])[]): AppliedGuard {
  const first = <K extends keyof Guard>(key: K) => all.find(([, guard]) => guard[key] !== undefined);
  const [windows, away, minutes] = [first("windows"), first("maxNodesAway"), first("minutesBetweenSwitches")];
  return {
    freezes: all.flatMap(([path, { freezes = [] }]) =>
      freezes.map((freeze, index) => ({ at: `${path}.freezes[${index}]`, freeze })),
    ),
    ...(windows && { windows: { at: `${windows[0]}.windows`, all: windows[1].windows ?? [] } }),
    ...(away && { maxNodesAway: { at: `${away[0]}.maxNodesAway`, most: away[1].maxNodesAway ?? 0 } }),
    ...(minutes && {
      minutesBetweenSwitches: {
        at: `${minutes[0]}.minutesBetweenSwitches`,
        minutes: minutes[1].minutesBetweenSwitches ?? 0,
      },
    }),
  };
}

/** What is in the way at a moment, and until when at least. */
interface Block {
  property: string;
  what: string;
  zone: string;
  until: number;
  isFreeze?: true;
}

/** Why nothing may be sent at that moment, and when next: each guard that is in the way. None: it may be. */
export function objectionsAt(calendar: Calendar, guards: readonly AppliedGuard[], now: number): Objection[] {
  const blocks = blocksAt(calendar, guards, now);
  if (blocks.length === 0) return [];
  const next = guards.some(({ windows }) => windows) ? nextOpening(calendar, guards, now) : undefined;
  return blocks.map(({ property, what, zone, isFreeze }) => {
    const when = next
      ? `: the next window is ${calendar.describePeriod(next, zoneAt(calendar, guards, next.from) ?? zone)}`
      : isFreeze
        ? ""
        : ": none of them opens any more";
    return { property, reason: what + when };
  });
}

/** The zone of the window that is open then. */
function zoneAt(calendar: Calendar, guards: readonly AppliedGuard[], time: number): string | undefined {
  const windows = guards.flatMap(({ windows }) => windows?.all ?? []);
  const open = windows.find((window) => calendar.periodAt(window, time));
  return open && calendar.zoneOf(open);
}

/** The first that is in the way comes first. */
function blocksAt(calendar: Calendar, guards: readonly AppliedGuard[], now: number): Block[] {
  return guards.flatMap(({ windows, freezes }) => {
    const frozen = freezes.flatMap(({ at, freeze }): Block[] => {
      const period = calendar.periodAt(freeze, now);
      if (!period) return [];
      const zone = calendar.zoneOf(freeze);
      const end = Number.isFinite(period.to)
        ? `until ${calendar.describeTime(period.to, zone)}`
        : "without an end";
      const why = freeze.reason === undefined ? "" : `, ${freeze.reason}`;
      return [{ property: at, what: `frozen ${end}${why}`, zone, until: period.to, isFreeze: true }];
    });
    if (!windows || windows.all.some((window) => calendar.periodAt(window, now))) return frozen;
    const starts = windows.all.map(
      (window) => calendar.periodAfter(window, now)?.from ?? Number.POSITIVE_INFINITY,
    );
    const until = Math.min(...starts);
    const zone = calendar.zoneOf(windows.all[Math.max(0, starts.indexOf(until))] ?? {});
    return [...frozen, { property: windows.at, what: "outside of the maintenance windows", zone, until }];
  });
}

/** How many turns of windows and freezes are looked through: some years of weekly ones. */
const mostTurns = 1_000;

/** When something may next be sent, until the first of windows and freezes ends that. */
function nextOpening(calendar: Calendar, guards: readonly AppliedGuard[], now: number): Period | undefined {
  let from = now;
  for (let turn = 0; turn < mostTurns; turn++) {
    const [block] = blocksAt(calendar, guards, from);
    if (!block) return { from, to: closingAfter(calendar, guards, from) };
    if (!Number.isFinite(block.until)) return undefined;
    from = block.until;
  }
  return undefined;
}

function closingAfter(calendar: Calendar, guards: readonly AppliedGuard[], from: number): number {
  const ends = guards.flatMap(({ windows, freezes }) => [
    ...freezes.map(({ freeze }) => calendar.periodAfter(freeze, from)?.from ?? Number.POSITIVE_INFINITY),
    ...(windows
      ? [Math.max(...windows.all.map((window) => calendar.periodAt(window, from)?.to ?? from))]
      : []),
  ]);
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}

const minute = 60_000;

/** Why a federation is not to be switched so soon after the last time. @param lastSwitch milliseconds since the epoch */
export function tooSoon(
  calendar: Calendar,
  guards: readonly AppliedGuard[],
  now: number,
  lastSwitch: number | undefined,
): Objection | undefined {
  const [longest] = guards
    .flatMap(({ minutesBetweenSwitches }) => minutesBetweenSwitches ?? [])
    .toSorted((a, b) => b.minutes - a.minutes);
  if (!longest || lastSwitch === undefined) return undefined;
  const { at, minutes } = longest;
  const end = lastSwitch + minutes * minute;
  // A clock that was ahead holds nothing back for longer than that.
  if (now >= end || lastSwitch > now + minutes * minute) return undefined;
  const zone = zoneIn(guards, calendar);
  return {
    property: at,
    reason: `the federation last switched at ${calendar.describeTime(lastSwitch, zone)}, and ${minutes} minutes have to pass: until ${calendar.describeTime(end, zone)}`,
  };
}

/** In which times are told that no window says. */
function zoneIn(guards: readonly AppliedGuard[], calendar: Calendar): string {
  const [window] = guards.flatMap(({ windows }) => windows?.all ?? []);
  return window ? calendar.zoneOf(window) : "UTC";
}
