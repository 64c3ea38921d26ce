/** Clock times in one time zone. */
export class Zone {
  readonly #name: string;
  readonly #format: Intl.DateTimeFormat;

  /**
   * @param name of the IANA data base, e.g. `Europe/Berlin`; `local` is this machine's
   * @throws Error when there is no such zone
   */
  constructor(name = "UTC") {
    const options = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    } as const;
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        ...options,
        ...(name !== "local" && { timeZone: name }),
      });
    } catch {
      throw new Error(
        `--time-zone ${name}: there is no such time zone: write UTC, local, or a name such as Europe/Berlin`,
      );
    }
    const { timeZone } = this.#format.resolvedOptions();
    // As it was asked for: what Node.js calls it may be its name of old (Asia/Calcutta).
    this.#name = /^(Etc\/)?(UTC|GMT)$/.test(timeZone) ? "UTC" : name === "local" ? timeZone : name;
  }

  /** `2026-11-26` */
  date(time: number): string {
    return this.#shifted(time).slice(0, 10);
  }

  /** `10:00:03`, or `10:00:03.4` */
  clock(time: number, tenths = false): string {
    return this.#shifted(time).slice(11, tenths ? 21 : 19);
  }

  /** `UTC`, or `Europe/Berlin (UTC+01:00)`: with both offsets where the clocks were put forward or back between the two. */
  label(from: number, to: number): string {
    if (this.#name === "UTC") return "UTC";
    const offsets = new Set([from, to].map((time) => `UTC${signed(this.offset(time))}`));
    return `${this.#name} (${[...offsets].join(", then ")})`;
  }

  /** Milliseconds that its clocks are ahead of UTC. */
  offset(time: number): number {
    const parts = Object.fromEntries(
      this.#format.formatToParts(time).map(({ type, value }) => [type, value]),
    );
    const { year, month, day, hour, minute, second } = parts;
    const shown = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return shown - Math.floor(time / 1_000) * 1_000;
  }

  /** When its clocks show this; the earlier time where they show it twice. @param text e.g. `2026-11-26T10:00` */
  timeOf(text: string): number {
    const shown = Date.parse(`${text}Z`);
    const candidates = [-86_400_000, 86_400_000].map((away) => shown - this.offset(shown + away));
    return candidates.find((time) => time + this.offset(time) === shown) ?? (candidates[0] as number);
  }

  #shifted(time: number): string {
    return new Date(time + this.offset(time)).toISOString();
  }
}

function signed(offset: number): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${offset < 0 ? "-" : "+"}${hour}:${minute}`;
}
