/* The day's board as /console/api/board answers it. Every `_at` is ISO 8601 in UTC; lengths are whole seconds and metres. */

import type { Ghost, Line } from "./draft";

export type LatLon = readonly [number, number];
export type Status =
  | "planned" | "dispatched" | "en_route" | "on_site" | "done" | "to_be_continued" | "no_access" | "cancelled";
export type Skill = { name: string; level: number };
export type TimeWindow = readonly [string, string];

/** The window that the customer was told, in which work starts; a firm one is a wall for every plan. */
export interface Promised {
  from_at: string;
  until_at: string;
  is_firm: boolean;
}

export interface Travel {
  type: "travel";
  start_at: string;
  end_at: string;
  travel_s: number;
  travel_m: number;
}

export interface Rest {
  type: "break";
  start_at: string;
  end_at: string;
}

export interface Visit {
  type: "visit";
  stop_id: number;
  job_id: number;
  number: string;
  title: string;
  customer: string;
  address: string;
  location: LatLon;
  arrive_at: string;
  start_at: string;
  end_at: string;
  status: Status;
  pinned: boolean;
  priority: number;
  windows: TimeWindow[];
  due_at: string | null;
  promise: Promised | null;
  late_s: number;
  skills: Skill[];
  service_s: number;
  /** When it will begin, where that is later than planned. */
  expected_at?: string;
  /** What a draft that waits does with it. */
  line?: Line;
}

export type Item = Travel | Rest | Visit;

export interface Technician {
  id: number;
  code: string;
  name: string;
  initials: string;
  kind: string;
  territory: string | null;
  skills: Skill[];
  home: LatLon | null;
  shift: { start_at: string; end_at: string; latest_end_at: string | null } | null;
  absence: { reason: string; from_at: string; to_at: string } | null;
  /** Service over shift time, 0 to 1; meaningless where there is no shift. */
  utilization: number;
  busy_share: number;
  leave_at: string | null;
  home_at: string | null;
  items: Item[];
  /** Outlines of visits that the other of plan and draft has here. */
  ghosts?: Ghost[];
}

export interface Unassigned {
  job_id: number;
  number: string;
  title: string;
  customer: string;
  address: string;
  location: LatLon;
  territory: string | null;
  priority: number;
  service_s: number;
  skills: Skill[];
  windows: TimeWindow[];
  due_at: string | null;
  promise: Promised | null;
  rule: string;
  sentence: string;
  technicians: { name: string; rule: string; sentence: string }[];
  /** What a draft that waits does with it. */
  line?: Line;
  /** What would have to change for it to fit, the smallest change first; empty if none was found. */
  remedies: string[];
}

/** Something that has happened on the day and is open. */
export interface Alert {
  id: number;
  kind: string;
  on: string;
  title: string;
  about: string;
  facts: string;
  /** Whom to call about it; empty when nobody is known. */
  phone: string;
  advice: string;
  draft: boolean;
}

export interface Kpis {
  visits: number;
  assigned: number;
  unassigned: number;
  travel_s: number;
  travel_m: number;
  service_s: number;
  wait_s: number;
  overtime_s: number;
  late: number;
  utilization: number;
  busy_share: number;
}

export interface PlanMeta {
  version: number;
  status: string;
  made_at: string;
  policy: string;
  engine_seconds: number;
  cost: number;
  kpis: Kpis;
  travel_source: { name: string; is_estimate: boolean; attribution: string };
}

/** A plan in the making, whoever asked for it. */
export interface Run {
  id: number;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  /** 0 to 1 */
  progress: number;
  message: string;
  unassigned: number | null;
  plan_version: number | null;
  /** "draft" where the plan waits for decisions. */
  plan_status?: string | null;
  arguments?: { as_draft?: boolean };
  error: string | null;
}

/** What the office may do with a job that stands somewhere. */
export interface Action {
  to: string;
  words: string;
  needs_reason: boolean;
}

/** Somebody's turn to be called out; `obstacle` says why they cannot be called in now, and is empty where they can. */
export interface Duty {
  technician_id: number;
  name: string;
  phone: string | null;
  territory: string;
  from_at: string;
  until_at: string;
  obstacle: string;
}

/** A rule that the plan does not meet; where somebody published it all the same, who did and why. */
export interface Violation {
  rule: string;
  sentence: string;
  job_id: number | null;
  technician_id: number | null;
  kept_by: string | null;
  kept_reason: string | null;
}

export interface Board {
  on: string;
  /** The newest event that is in it. */
  seq: number;
  zone: string;
  day_start_at: string;
  day_end_at: string;
  now_at: string;
  /** When the last shift that begins on the day ends. */
  over_at: string;
  /** What dispatchers must know about planning this day again, in sentences. */
  notices: string[];
  /** How many customers wait for an answer, whatever the day. */
  requests: number;
  alerts: Alert[];
  /** Who fell ill on the day, and since when; absences of whole days are their own. */
  away: { technician_id: number; from_at: string; reason: string }[];
  /** The draft that waits for decisions. */
  draft: { id: number; version: number; revision: number; made_at: string; changes: number } | null;
  on_call: Duty[];
  /** By where a job stands, which for one without a visit is "requested". */
  actions: Record<string, Action[]>;
  plan: PlanMeta | null;
  run: Run | null;
  territories: { id: number; name: string }[];
  technicians: Technician[];
  unassigned: Unassigned[];
  violations: Violation[];
}

/** A day that is over is only read: nobody can plan the past. */
export function isOver(board: Board): boolean {
  return Date.parse(board.over_at) <= Date.parse(board.now_at);
}

/** Whether work on it has not begun, so that it may still be moved. */
export const isWaiting = ({ status }: Visit): boolean => status === "planned" || status === "dispatched";

export function visitsOf(technician: Technician): Visit[] {
  return technician.items.filter((item): item is Visit => item.type === "visit");
}

/** "gas 2 · lifts": the level is said only where it asks for more than the first one. */
export function skillWords(skills: readonly Skill[]): string {
  return skills.map(({ name, level }) => (level > 1 ? `${name} ${level}` : name)).join(" · ");
}

/** The travel that leads to a visit, or null when there is none; a break on the way cuts a trip in pieces. */
export function travelTo(technician: Technician, visit: Visit): { travel_s: number; travel_m: number } | null {
  const sum = { travel_s: 0, travel_m: 0 };
  for (let index = technician.items.indexOf(visit) - 1; index >= 0; index--) {
    const item = technician.items[index];
    if (!item || item.type === "visit") break;
    if (item.type === "break") continue;
    sum.travel_s += item.travel_s;
    sum.travel_m += item.travel_m;
  }
  return sum.travel_s > 0 ? sum : null;
}

/** "part_time" as people write it: "Part-time". */
export function kindWords(kind: string): string {
  return kind.replace("_", "-").replace(/^./, (letter) => letter.toUpperCase());
}
