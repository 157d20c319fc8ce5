/* Shows instants in the site's time zone, never the browser's, and lengths of time in hours and minutes. */

export const HOUR_MS = 3_600_000;

/** Formats instants (ISO 8601, UTC) as a person at the site reads them on the wall. */
export class SiteClock {
  readonly zone: string;
  private readonly hourMinute: Intl.DateTimeFormat;
  private readonly dayMonth: Intl.DateTimeFormat;
  private readonly isoDay: Intl.DateTimeFormat;

  constructor(zone: string) {
    this.zone = zone;
    this.hourMinute = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
    this.dayMonth = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" });
    this.isoDay = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  }

  /** "13:05" */
  time(at: string | number): string {
    return this.hourMinute.format(new Date(at));
  }

  /** "13:05–14:10" */
  span(from: string | number, to: string | number): string {
    return `${this.time(from)}–${this.time(to)}`;
  }

  /** The instant at which a clock on the wall there shows this time on this day; at a change of the clock, the first. */
  instant(on: string, time: string): string {
    const asUtc = Date.parse(`${on}T${time}:00Z`);
    const guesses = [-14, -12, 0, 12, 14].map((hours) => asUtc + hours * HOUR_MS);
    const offsets = guesses.map((at) => this.wallClock(at) - at);
    const found = [...new Set(offsets)].map((offset) => asUtc - offset).filter((at) => this.wallClock(at) === asUtc);
    return new Date(Math.min(...(found.length > 0 ? found : [asUtc - Math.min(...offsets)]))).toISOString();
  }

  /** As `instant`, but on the next day where only that lies in the span: night shifts go on past midnight. */
  instantWithin(on: string, time: string, span: { from: string; until: string }): string {
    const [at, dayLater] = [this.instant(on, time), this.instant(addDays(on, 1), time)];
    const isIn = (one: string): boolean => Date.parse(one) >= Date.parse(span.from) && Date.parse(one) <= Date.parse(span.until);
    return Date.parse(at) < Date.parse(span.from) && isIn(dayLater) ? dayLater : at;
  }

  /** What the wall shows at an instant, written down as if it were UTC. */
  private wallClock(at: number): number {
    const whole = Math.floor(at / 60_000) * 60_000;
    return Date.parse(`${this.day(whole)}T${this.time(whole)}:00Z`);
  }

  /** "2026-11-24": what a calendar at the site shows. */
  day(at: string | number): string {
    return this.isoDay.format(new Date(at));
  }

  /** "13:05" on the day `on`, "24 Nov 13:05" on any other. */
  timeOrDay(at: string, on: string): string {
    const instant = new Date(at);
    const time = this.hourMinute.format(instant);
    return this.day(at) === on ? time : `${this.dayMonth.format(instant)} ${time}`;
  }

  /** "13:05–14:10" on the day `on`; what lies on another is named with its day: "24 Nov 13:05–14:10". */
  spanOrDay(from: string, to: string, on: string): string {
    const start = this.timeOrDay(from, on);
    return `${start}–${this.day(from) === this.day(to) ? this.time(to) : this.timeOrDay(to, on)}`;
  }
}

/** "Mon 23 Nov 2026" for "2026-11-23": a calendar date has no zone, so it is read and written as UTC. */
export function dateWords(on: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return parts.format(new Date(`${on}T00:00:00Z`)).replace(",", "");
}

/** The calendar date `days` after `on`. */
export function addDays(on: string, days: number): string {
  const date = new Date(`${on}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** "1 h 05", "45 min", "0 min". */
export function lengthWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** "12.4 km", "850 m". */
export function distanceWords(metres: number): string {
  if (metres < 1000) return `${Math.round(metres)} m`;
  return `${(metres / 1000).toFixed(metres < 100_000 ? 1 : 0)} km`;
}
