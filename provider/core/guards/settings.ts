/** Days of the week on which a time begins. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/**
 * A time that comes every week (`days`, and times of day), or once (dates). Both ends may be left out: a weekly time then lasts the whole
 * day, and of dates it is open on that side.
 */
export interface GuardTime {
  /** Weekly: the days on which it begins. Default: every day. @minItems 1 */
  days?: Weekday[];
  /**
   * When it begins. Weekly: a time of day, `"22:00"`; default: `"00:00"`. Once: an ISO 8601 date with its offset,
   * `"2026-12-01T22:00:00+01:00"`, or without one and with `timeZone`.
   */
  from?: string;
  /**
   * When it ends, as `from`. A time of day that is not after `from` is one of the next day, so that a window may cross midnight. Weekly
   * default: `"24:00"`.
   */
  to?: string;
  /**
   * Time zone of times without an offset, by its IANA name, e.g. `Europe/Berlin`, or `UTC`. Required for them: the machine that runs an
   * update may be anywhere. Its summer time counts: an hour that a clock skips is the one after, of one that it repeats the first counts.
   */
  timeZone?: string;
}

/** When something may be sent. */
export interface MaintenanceWindow extends GuardTime {}

/** When nothing may be sent, whatever the windows say. */
export interface Freeze extends GuardTime {
  /** Of a freeze only: why, for the message. */
  reason?: string;
}

/** What holds back what is sent on one connection, e.g. `redis`, or on all (`"*"`). */
export interface Guard {
  /** Something is sent inside one of these only. Default: at any time. @minItems 1 */
  windows?: MaintenanceWindow[];
  /** Nothing is sent inside of these. Those of `"*"` count for each connection. */
  freezes?: Freeze[];
  /**
   * Redis Enterprise: how many nodes of the installation may be away at once: in maintenance, being removed, handing their shards over, or
   * down. It only forbids: a second one needs `allowOtherNodesUnavailable` all the same. @minimum 1 @asType integer
   */
  maxNodesAway?: number;
  /** Tarantool Clusters Federation: so many minutes pass from one switch of the federation to the next at least. @exclusiveMinimum 0 */
  minutesBetweenSwitches?: number;
}

/**
 * By the name of the connection, as resources have it, or `"*"` for all. What a connection's own entry says counts in place of the same of
 * `"*"`; freezes of both count.
 */
export interface Guards {
  [connection: string]: Guard;
}
