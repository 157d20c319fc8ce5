/* The technician's day as /phone/api/day answers it. Every `_at` is ISO 8601 in UTC; lengths are whole seconds and metres. */
import type { LatLon, Promised, Skill, Status, TimeWindow } from "../shared/board";
import { dateWords, HOUR_MS, SiteClock } from "../shared/time";

export interface Stop {
  stop_id: number;
  job_id: number;
  number: string;
  position: number;
  of: number;
  title: string;
  customer: string;
  phone: string | null;
  address: string;
  location: LatLon;
  arrive_at: string;
  start_at: string;
  end_at: string;
  /** When work will begin, where that is later than planned; a day kept from before there was that has none. */
  expected_at?: string | null;
  windows: TimeWindow[];
  due_at: string | null;
  promise: Promised | null;
  status: Status;
  /** When the office sent it, as long as nobody has looked at it on this phone; else null. */
  new_since: string | null;
  parts: Part[];
  checks: Check[];
  notes: string;
  /** What was written down at this job, the oldest first. */
  written: Written[];
  photos: Photo[];
  assets: { name: string; words: string; installed_on: string | null; notes: string; work: string }[];
  customer_notes: string;
  /** The last visits to the same customer, the newest first. */
  before: { at: string; title: string; status: string; words: string }[];
  skills: Skill[];
  travel_s: number;
  travel_m: number;
}

/** `used` is null until somebody has said it: then as many as planned. */
export interface Part {
  name: string;
  count: number;
  used: number | null;
  on_van: number;
}

export interface Check {
  position: number;
  text: string;
  required: boolean;
  done: boolean;
}

/** `waits` for what is on this phone alone. */
export interface Written {
  at: string;
  who: string;
  text: string;
  waits?: boolean;
}

/** One that is on this phone alone has no id, and a small preview instead. */
export type Photo = { id: number; caption: string } | { id: null; caption: string; preview: string; waits?: boolean };

export interface Rest {
  start_at: string;
  end_at: string;
}

export interface Day {
  /** The newest event that it knows of. */
  seq: number;
  /** Whether it holds what the server has taken since it told it. */
  added?: boolean;
  on: string;
  zone: string;
  now_at: string;
  /** Until when this day is the technician's today: a shift over midnight ends after it. */
  over_at: string;
  technician: {
    id: number;
    name: string;
    shift: { start_at: string; end_at: string } | null;
    absence: { reason: string } | null;
  };
  stops: Stop[];
  breaks: Rest[];
  /** What this technician has told the office of the day, and is not mended yet. */
  told: { kind: string; at: string; words: string }[];
  leave_at: string | null;
  home_at: string | null;
  plan_version: number | null;
  /** Whom to call where this page cannot help; empty where none is set up. */
  office_phone: string;
  van: { name: string; count: number }[];
  /** Every part that there is, by name. */
  catalogue: string[];
}

/** That day until it is over, and then the one that the calendar at the site shows. */
export const dayGoingOn = (day: Pick<Day, "on" | "zone" | "over_at">, nowMs: number): string =>
  nowMs < Date.parse(day.over_at) ? day.on : new SiteClock(day.zone).day(nowMs);

export const isOver = (stop: Pick<Stop, "status">): boolean =>
  ["done", "to_be_continued", "no_access", "cancelled"].includes(stop.status);

export const isBegun = (stop: Stop): boolean => stop.status === "en_route" || stop.status === "on_site";

/** The stop that has begun, whatever its place in the day, else the first to go to; undefined when all are over. */
export const nextStop = (day: Day): Stop | undefined =>
  day.stops.find(isBegun) ?? day.stops.find((stop) => !isOver(stop));

export type Entry = { kind: "stop"; at: string; stop: Stop } | { kind: "break"; at: string; rest: Rest };

/** Stops and breaks in the order in which the day goes. */
export function entries(day: Day): Entry[] {
  const all: Entry[] = [
    ...day.stops.map((stop): Entry => ({ kind: "stop", at: stop.start_at, stop })),
    ...day.breaks.map((rest): Entry => ({ kind: "break", at: rest.start_at, rest })),
  ];
  return all.sort((a, b) => a.at.localeCompare(b.at));
}

/** Who leaves for a night shift, or to be there early, may do so before the date begins. */
const LEAVES_EARLY_MS = 2 * HOUR_MS;

/** Before its shift nothing is begun so long: the server refuses it. */
const LONGEST_BEFORE_MS = 12 * HOUR_MS;

type Begins = Pick<Day, "on" | "zone" | "leave_at" | "technician">;

/** From when on what happens on that day can be reported: the server refuses what is begun on a day that is still far off. */
export function reportableFrom({ on, zone, leave_at, technician: { shift } }: Begins): string {
  const dateMs = Date.parse(new SiteClock(zone).instant(on, "00:00"));
  const leaveMs = leave_at ? Date.parse(leave_at) - LEAVES_EARLY_MS : dateMs;
  const soonestMs = shift ? Date.parse(shift.start_at) - LONGEST_BEFORE_MS : dateMs;
  return new Date(Math.max(soonestMs, Math.min(dateMs, leaveMs))).toISOString();
}

/** The clock alone moves on when visits of today are expected, and no event tells. */
const EXPECTED_HOLDS_MS = 5 * 60_000;

/** Whether the day goes on and was read so long ago that what waits may be expected at another time by now. */
export function isStale(day: Begins & Pick<Day, "now_at" | "over_at" | "stops">, nowMs: number): boolean {
  const goesOn = nowMs >= Date.parse(reportableFrom(day)) && nowMs < Date.parse(day.over_at);
  return goesOn && nowMs - Date.parse(day.now_at) >= EXPECTED_HOLDS_MS && day.stops.some((stop) => !isOver(stop));
}

/** "Tue 24 Nov 2026 00:00": from when a visit that has not begun can be reported, where that is still to come; else null. */
export function notBefore(day: Begins, stop: Pick<Stop, "status">, nowMs: number): string | null {
  const from = reportableFrom(day);
  const isWaiting = stop.status === "planned" || stop.status === "dispatched";
  if (!isWaiting || nowMs >= Date.parse(from)) return null;
  const clock = new SiteClock(day.zone);
  return `${dateWords(clock.day(from))}, ${clock.time(from)}`;
}

export interface Move {
  to: Status;
  words: string;
}

/** What a technician may report next, the usual move first. */
export function moves(status: Status): Move[] {
  switch (status) {
    case "planned":
    case "dispatched":
      return [
        { to: "en_route", words: "Start driving" },
        { to: "on_site", words: "I am here" },
      ];
    case "en_route":
      return [
        { to: "on_site", words: "I have arrived" },
        { to: "no_access", words: "No access" },
        { to: "planned", words: "Take back" },
      ];
    case "on_site":
      return [
        { to: "done", words: "Work is done" },
        { to: "to_be_continued", words: "Come again" },
        { to: "no_access", words: "No access" },
      ];
    case "done":
    case "to_be_continued":
    case "no_access":
    case "cancelled":
      return [];
  }
}

/** The required steps that are still open, in their order. */
export const missingSteps = (stop: Stop): string[] =>
  stop.checks.filter((check) => check.required && !check.done).map((check) => check.text);
