/* How a visit's state looks and reads, the same in the timeline, on the map and in the table. */
import type { Status, Visit } from "./board";
import type { IconName } from "./icons";

/** The states of a visit, and "late": a start after the promised window, or after the job is due. */
export type Look = Status | "late";

export const LOOKS: readonly Look[] = [
  "planned", "dispatched", "en_route", "on_site", "done", "to_be_continued", "no_access", "cancelled", "late",
];

const WORDS: Record<Look, string> = {
  planned: "Planned",
  dispatched: "Dispatched",
  en_route: "En route",
  on_site: "On site",
  done: "Done",
  to_be_continued: "To be continued",
  no_access: "No access",
  cancelled: "Cancelled",
  late: "Late",
};

const ICONS: Record<Look, IconName> = {
  planned: "clock",
  dispatched: "send",
  en_route: "car",
  on_site: "tool",
  done: "check",
  to_be_continued: "again",
  no_access: "door",
  cancelled: "close",
  late: "alert",
};

/** A visit that is over keeps its own look however late it was; before that, lateness matters most. */
export function lookOf(visit: Visit): Look {
  const open = visit.status === "planned" || visit.status === "dispatched" || visit.status === "en_route";
  return open && visit.late_s > 0 ? "late" : visit.status;
}

export const lookWords = (look: Look): string => WORDS[look];
export const lookIcon = (look: Look): IconName => ICONS[look];

/** The class suffix of the tint, bar and ink in tokens.css. */
export const lookClass = (look: Look): string => `is-${look.replaceAll("_", "-")}`;

/** Looks whose colours have another one's name in tokens.css, as in looks.css. */
const COLOURS: Partial<Record<Look, string>> = { to_be_continued: "continued", cancelled: "no-access" };

/** The token of the bar's colour, for where there are no classes, such as on a canvas. */
export const barToken = (look: Look): string => `--fs-${COLOURS[look] ?? look.replaceAll("_", "-")}-bar`;

export type PriorityBand = "emergency" | "high" | "normal";

/** 0 to 100 in three bands, which is as finely as a person sorts a list by eye. */
export function priorityBand(priority: number): PriorityBand {
  if (priority >= 80) return "emergency";
  return priority >= 50 ? "high" : "normal";
}
