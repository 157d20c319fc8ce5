/* Draws one technician's row: the label that stays in view, and the lane with shift, travel, breaks and visits. */
import type { Promised, Technician, Visit } from "../shared/board";
import type { Ghost } from "../shared/draft";
import { changeWords, decisionWords } from "../shared/draft_words";
import { kindWords, skillWords, visitsOf } from "../shared/board";
import { expectedWords } from "../shared/expected";
import { el, type Child } from "../shared/dom";
import { icon } from "../shared/icons";
import { lookClass, lookIcon, lookOf, lookWords } from "../shared/status";
import { lengthWords, type SiteClock } from "../shared/time";
import type { TimeScale } from "./scale";

export interface RowContext {
  scale: TimeScale;
  clock: SiteClock;
  /** The stops that the search found; null when nothing is searched for. */
  matches: ReadonlySet<number> | null;
  top: number;
}

/** Keys name what can take focus: "t7" is technician 7's label, "v12" the visit of stop 12. */
export const technicianKey = (id: number): string => `t${id}`;
export const visitKey = (stopId: number): string => `v${stopId}`;

const ROOM_FOR_TWO_LINES_PX = 62;
const ROOM_FOR_CUSTOMER_PX = 104;
const ROOM_FOR_TIME_PX = 40;
const ROOM_FOR_BREAK_WORD_PX = 38;

export function buildRow(technician: Technician, context: RowContext): HTMLElement {
  const count = visitsOf(technician).length;
  return el(
    "div",
    {
      class: "fs-tl-row",
      attrs: { role: "group", "aria-label": `${technician.name}, ${count} ${count === 1 ? "visit" : "visits"}` },
      data: { technician: technician.id },
      style: { top: `${context.top}px` },
    },
    buildLabel(technician),
    buildLane(technician, context),
  );
}

function buildLabel(technician: Technician): HTMLElement {
  const percent = technician.shift ? Math.round(technician.utilization * 100) : null;
  const share = percent === null ? "off today" : `${percent}% utilization`;
  const skills = skillWords(technician.skills);
  const place = [technician.kind === "employee" ? null : kindWords(technician.kind), skills, technician.territory];
  const subtitle = place.filter(Boolean).join(" · ");
  const band = percent === null || percent < 40 ? "is-low" : percent > 90 ? "is-full" : "is-good";
  return el(
    "button",
    {
      class: "fs-tl-label",
      attrs: { type: "button", tabindex: -1, "aria-label": `${technician.name}, ${share}`, title: `${technician.name}\n${subtitle}` },
      data: { key: technicianKey(technician.id) },
    },
    el("span", { class: `fs-face is-hue-${technician.id % 8}` }, technician.initials),
    el("span", { class: "fs-tl-who" }, el("b", {}, technician.name), el("span", {}, subtitle)),
    el(
      "span",
      { class: "fs-tl-use" },
      percent === null ? "–" : `${percent}%`,
      el("span", { class: `fs-bar ${band}` }, el("i", { style: { width: `${Math.min(percent ?? 0, 100)}%` } })),
    ),
  );
}

function buildLane(technician: Technician, context: RowContext): HTMLElement {
  const { scale, clock } = context;
  const lane = el("div", { class: "fs-tl-lane", style: { width: `${scale.width}px` } });
  lane.append(...shading(technician, scale));
  for (const ghost of technician.ghosts ?? []) lane.append(buildGhost(ghost, context));
  for (const item of technician.items) {
    if (item.type === "visit") {
      if (Date.parse(item.arrive_at) < Date.parse(item.start_at)) {
        lane.append(block("fs-tl-wait", scale, item.arrive_at, item.start_at));
      }
      lane.append(buildVisit(item, technician, context));
      if (item.expected_at) lane.append(buildExpected(item, item.expected_at, context));
    } else if (item.type === "break") {
      const room = scale.length(item.start_at, item.end_at) >= ROOM_FOR_BREAK_WORD_PX;
      const rest = block("fs-tl-break", scale, item.start_at, item.end_at, room ? "Break" : null);
      rest.title = `Break ${clock.span(item.start_at, item.end_at)}`;
      lane.append(rest);
    } else {
      const trip = block("fs-tl-travel", scale, item.start_at, item.end_at);
      trip.title = `Travel ${lengthWords(item.travel_s)}, ${(item.travel_m / 1000).toFixed(1)} km`;
      lane.append(trip);
    }
  }
  return lane;
}

/** Time outside the shift, overtime that is allowed, and absence. */
function shading({ shift, absence }: Technician, scale: TimeScale): HTMLElement[] {
  const marks: HTMLElement[] = [];
  if (!shift) {
    marks.push(block("fs-tl-off", scale, scale.from, scale.to, absence ? null : el("span", {}, "No shift")));
  } else {
    marks.push(block("fs-tl-off", scale, scale.from, shift.start_at));
    marks.push(block("fs-tl-off", scale, shift.latest_end_at ?? shift.end_at, scale.to));
    if (shift.latest_end_at) marks.push(block("fs-tl-overtime", scale, shift.end_at, shift.latest_end_at));
  }
  if (absence) marks.push(block("fs-tl-absence", scale, absence.from_at, absence.to_at, el("span", {}, absence.reason)));
  return marks;
}

function buildVisit(visit: Visit, technician: Technician, { scale, clock, matches }: RowContext): HTMLElement {
  const look = lookOf(visit);
  const width = Math.max(scale.length(visit.start_at, visit.end_at), 8);
  const showsIcon = look !== "planned" || visit.pinned;
  const mark = look === "planned" ? "pushpin" : lookIcon(look);
  const roomy = width >= ROOM_FOR_TWO_LINES_PX;
  const title = el("b", {}, showsIcon ? icon(mark) : null, roomy || !showsIcon ? el("span", {}, visit.title) : null);
  const time = clock.time(visit.start_at);
  const isFaded = matches !== null && !matches.has(visit.stop_id);
  const { line } = visit;
  const classes = ["fs-tl-visit", lookClass(look), line && `is-changed is-${line.decision}`, !roomy && "is-narrow", width < ROOM_FOR_TIME_PX && "is-slim", isFaded && "is-faded"];
  const span = clock.span(visit.start_at, visit.end_at);
  const change = line && `${changeWords(line, clock)}: ${line.reason} ${decisionWords(line.decision)}`;
  const expected = expectedWords(visit, clock);
  const state = [lookWords(look), visit.pinned ? "pinned" : null, expected && `expected ${expected}`, change].filter(Boolean).join(", ");
  return el(
    "button",
    {
      class: classes.filter(Boolean).join(" "),
      attrs: {
        type: "button",
        tabindex: -1,
        "aria-label": `${visit.title}, ${visit.customer}, ${technician.name}, ${span}, ${state}`,
        title: `${visit.title} · ${span}\n${visit.customer}\n${state}`,
      },
      data: { key: visitKey(visit.stop_id) },
      style: { left: `${scale.x(visit.start_at)}px`, width: `${width}px` },
    },
    title,
    width >= ROOM_FOR_TIME_PX ? el("span", { class: "fs-tl-sub" }, width >= ROOM_FOR_CUSTOMER_PX ? `${time} · ${visit.customer}` : time) : null,
  );
}

/** A mark where work is expected to begin; the visit itself says it in words. */
function buildExpected(visit: Visit, at: string, { scale, clock }: RowContext): HTMLElement {
  const left = Math.min(scale.x(at), scale.width);
  const title = `${visit.title} · expected ${expectedWords(visit, clock)}`;
  return el("div", { class: "fs-tl-expected", attrs: { "aria-hidden": "true", title }, data: { job: visit.job_id }, style: { left: `${left}px` } });
}

/** A click on it picks the visit itself, which the keyboard reaches where it is. */
function buildGhost({ line, at, end_at, is }: Ghost, { scale, clock }: RowContext): HTMLElement {
  const width = Math.max(scale.length(at.start_at, end_at), 8);
  const words = is === "from" ? "was here" : "goes here";
  return el(
    "div",
    {
      class: `fs-tl-ghost is-${is}`,
      attrs: { "aria-hidden": "true", title: `${line.title}, ${line.customer} ${words}\n${changeWords(line, clock)}\n${line.reason}` },
      data: { job: line.job_id },
      style: { left: `${scale.x(at.start_at)}px`, width: `${width}px` },
    },
    width >= ROOM_FOR_TWO_LINES_PX ? el("span", {}, line.title) : null,
  );
}

/** Of the selected visit: its time windows as bars under it, the promised window as a bracket that ends where the promise
    does, and how far its start slips. The card says each of them in words. */
export function buildTimes(visit: Visit, scale: TimeScale): HTMLElement[] {
  const { promise, expected_at } = visit;
  return [
    ...visit.windows.map(([from, to]) => block("fs-tl-window fs-tl-time", scale, from, to)),
    ...(expected_at ? [block("fs-tl-slip fs-tl-time", scale, visit.start_at, expected_at)] : []),
    ...(promise && isOn(promise, scale) ? [block("fs-tl-promise fs-tl-time", scale, promise.from_at, promise.until_at)] : []),
  ];
}

/** Not promised for another day. */
const isOn = ({ from_at, until_at }: Promised, scale: TimeScale): boolean => Date.parse(until_at) > scale.from && Date.parse(from_at) < scale.to;

function block(name: string, scale: TimeScale, from: string | number, to: string | number, text: Child = null): HTMLElement {
  const left = Math.max(0, scale.x(from));
  const right = Math.min(scale.width, scale.x(to));
  const style = { left: `${left}px`, width: `${Math.max(0, right - left)}px` };
  return el("div", { class: name, style }, text);
}
