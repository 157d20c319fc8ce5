/* The card under the map: everything about the one thing that is picked. */
import type { Action, Board, Technician, Unassigned, Visit } from "../shared/board";
import { isWaiting, kindWords, skillWords, travelTo, visitsOf } from "../shared/board";
import { el, fill, type Child } from "../shared/dom";
import { expectedWords } from "../shared/expected";
import { icon } from "../shared/icons";
import { mayPlan } from "../shared/limited";
import type { Found } from "../shared/selection";
import { lookClass, lookIcon, lookOf, lookWords, priorityBand } from "../shared/status";
import { distanceWords, lengthWords, SiteClock } from "../shared/time";
import { whyHere } from "../shared/why_here";
import type { DraftAnswer } from "./api";
import { moveCard, moveFacts, type Wish } from "./move_card";
import { changeCard, type Decide } from "./change_card";
import { jobActions } from "./job_actions";
import { KeptParts, rememberFocus } from "./kept_parts";
import { bandWords, mayStart, promisedWords, reasonsByTechnician } from "./unassigned";

export interface DetailEvents {
  onDecide: Decide;
  /** Plans the rest of the day again around what was moved by hand. */
  onPlanAround(): void;
  onMoved(answer: DraftAnswer): void;
  /** Where the job picked was dropped, to be tried at once. */
  wish: Wish | null;
  /** Also called with the focus inside the card, which is about to go. */
  onClose(): void;
  onTechnician(id: number): void;
  onVisit(stopId: number): void;
}

const kept = new KeptParts();

/** Draws the card; what it showed already stays as it is, with its open disclosures, its focus, and what is half typed. */
export function showDetails(host: HTMLElement, board: Board, found: Found | null, events: DetailEvents): void {
  const facts = JSON.stringify([board.on, mayPlan(board), found && factsOf(found, board), events.wish]);
  if (host.dataset["shown"] === facts) return;
  host.dataset["shown"] = facts;
  const focus = rememberFocus(host);
  const isSame = kept.isStill(found ? `${board.on} ${nameOf(found)}` : "");
  const scrolled = host.scrollTop;
  host.hidden = found === null;
  host.closest(".fs-panes")?.toggleAttribute("data-card", found !== null); // the panes make room for it
  if (!found) {
    fill(host);
    return;
  }
  const clock = new SiteClock(board.zone);
  const close = el(
    "button",
    { class: "fs-tool fs-close", attrs: { type: "button", "aria-label": "Close details" }, on: { click: events.onClose } },
    icon("close"),
  );
  if (found.kind === "visit") fill(host, close, ...visitCard(found.visit, found.technician, board, clock, events));
  else if (found.kind === "technician") fill(host, close, ...technicianCard(found.technician, board, clock, events));
  else fill(host, close, ...unassignedCard(found.job, board, clock, events));
  host.scrollTop = isSame ? scrolled : 0;
  if (focus.had && !(isSame && focus.again())) close.focus();
}

function nameOf(found: Found): string {
  if (found.kind === "visit") return `visit ${found.visit.stop_id}`;
  return found.kind === "technician" ? `technician ${found.technician.id}` : `job ${found.job.job_id}`;
}

/** What the card shows: of a visit's technician little, as something changes on their day all the time. */
function factsOf(found: Found, board: Board): unknown {
  if (found.kind === "technician") return found;
  if (found.kind === "unassigned") return [found, board.actions["requested"], board.plan !== null, moveFacts(board)];
  const { visit, technician } = found;
  const stops = visitsOf(technician);
  const trip = travelTo(technician, visit);
  return [visit, technician.id, technician.name, stops.indexOf(visit), stops.length, trip, board.actions[visit.status], moveFacts(board)];
}

function visitCard(visit: Visit, technician: Technician, board: Board, clock: SiteClock, events: DetailEvents): Child[] {
  const look = lookOf(visit);
  const stops = visitsOf(technician);
  const position = stops.findIndex(({ stop_id }) => stop_id === visit.stop_id) + 1;
  const trip = travelTo(technician, visit);
  const takes = (Date.parse(visit.end_at) - Date.parse(visit.start_at)) / 1000; // at this technician's pace
  const wait = (Date.parse(visit.start_at) - Date.parse(visit.arrive_at)) / 1000;
  return [
    heading(visit.title, el("span", { class: `fs-chip ${lookClass(look)}` }, icon(lookIcon(look)), lookWords(look))),
    el("p", { class: "fs-card-sub" }, `${visit.customer} · ${visit.number}`, el("br"), visit.address),
    visit.line && changeCard(visit.line, clock, events.onDecide, events.onPlanAround),
    facts([
      ["Technician", link(technician.name, () => events.onTechnician(technician.id), `, stop ${position} of ${stops.length}`)],
      ["Planned", `${clock.span(visit.start_at, visit.end_at)} (${lengthWords(takes)})`],
      ["Expected", visit.expected_at ? el("b", { class: "fs-later" }, expectedWords(visit, clock)) : null],
      ["Travel", trip && `${lengthWords(trip.travel_s)}, ${distanceWords(trip.travel_m)}`],
      ["Waits", wait >= 60 ? `${lengthWords(wait)}, arrives ${clock.time(visit.arrive_at)}` : null],
      ["Promised", promisedWords(visit, board, clock)],
      ["Window", mayStart(visit, clock)],
      ["Due", visit.due_at ? clock.timeOrDay(visit.due_at, board.on) : null],
      ["Late by", visit.late_s > 0 ? el("b", { class: "fs-bad" }, lengthWords(visit.late_s)) : null],
      ["Needs", skillWords(visit.skills) || null],
      ["Priority", bandWords(priorityBand(visit.priority))],
      ["Pinned", visit.pinned ? "Yes: planning keeps it where it is" : null],
    ]),
    // What a draft does with it has its reason beside the change.
    isWaiting(visit) && mayPlan(board) && !visit.line && kept.keep("why", [technician.id, visit.start_at], () => whyHere(visit.job_id)),
    actionsOf(visit.job_id, board.actions[visit.status] ?? []),
    mayPlan(board) && eventLinks(reportLink(board, `job=${visit.job_id}&technician=${technician.id}`), isWaiting(visit) && emergencyLink(visit.job_id)),
    isWaiting(visit) && mayPlan(board) && moveOf(board, events.wish ?? { jobId: visit.job_id, technicianId: technician.id, startAt: null }, events),
  ];
}

const actionsOf = (jobId: number, actions: readonly Action[]): HTMLElement => kept.keep("actions", actions, () => jobActions(jobId, actions));

const moveOf = (board: Board, wish: Wish, events: DetailEvents): HTMLElement =>
  kept.keep("move", [wish, moveFacts(board)], () => moveCard(board, wish, events.onMoved));

function technicianCard(technician: Technician, board: Board, clock: SiteClock, events: DetailEvents): Child[] {
  const { shift, absence, leave_at, home_at } = technician;
  const trips = technician.items.filter((item) => item.type === "travel");
  const travel_s = trips.reduce((sum, trip) => sum + trip.travel_s, 0);
  const travel_m = trips.reduce((sum, trip) => sum + trip.travel_m, 0);
  const percent = (share: number): string => `${Math.round(share * 100)}%`;
  return [
    heading(technician.name, el("span", { class: "fs-chip is-normal" }, kindWords(technician.kind))),
    el("p", { class: "fs-card-sub" }, [skillWords(technician.skills), technician.territory].filter(Boolean).join(" · ")),
    facts([
      ["Shift", shift ? clock.span(shift.start_at, shift.end_at) : "None on this day"],
      ["Absent", absence && absence.reason],
      ["On the way", leave_at && home_at ? `leaves ${clock.time(leave_at)}, home ${clock.time(home_at)}` : null],
      ["Utilization", shift ? percent(technician.utilization) : null],
      ["Busy share", shift ? percent(technician.busy_share) : null],
      ["Travel", trips.length > 0 ? `${lengthWords(travel_s)}, ${distanceWords(travel_m)}` : null],
    ]),
    mayPlan(board) && eventLinks(reportLink(board, `technician=${technician.id}`)),
    el("ol", { class: "fs-stops" }, ...visitsOf(technician).map((visit) => stopLine(visit, clock, events))),
  ];
}

function stopLine(visit: Visit, clock: SiteClock, events: DetailEvents): HTMLElement {
  const look = lookOf(visit);
  const mark = el("span", { class: `fs-dot ${lookClass(look)}`, attrs: { title: lookWords(look) } }, icon(lookIcon(look)));
  const name = `${visit.title}, ${visit.customer}`;
  return el(
    "li",
    {},
    el(
      "button",
      { attrs: { type: "button", "aria-label": `${clock.time(visit.start_at)} ${name}, ${lookWords(look)}` }, on: { click: () => events.onVisit(visit.stop_id) } },
      mark,
      el("span", { class: "fs-stop-time" }, clock.time(visit.start_at)),
      el("span", { class: "fs-stop-name" }, name),
    ),
  );
}

function unassignedCard(job: Unassigned, board: Board, clock: SiteClock, events: DetailEvents): Child[] {
  const band = priorityBand(job.priority);
  return [
    heading(job.title, el("span", { class: "fs-chip is-late" }, icon("alert"), "Unassigned")),
    el("p", { class: "fs-card-sub" }, `${job.customer} · ${job.number}`, el("br"), job.address),
    job.line && changeCard(job.line, clock, events.onDecide, events.onPlanAround),
    el("p", { class: "fs-why" }, el("b", {}, "Why: "), job.sentence),
    job.remedies.length > 0 && remedies(job),
    facts([
      ["Takes", lengthWords(job.service_s)],
      ["Promised", promisedWords(job, board, clock)],
      ["Window", mayStart(job, clock)],
      ["Due", job.due_at ? clock.timeOrDay(job.due_at, board.on) : null],
      ["Needs", skillWords(job.skills) || null],
      ["Territory", job.territory],
      ["Priority", bandWords(band)],
    ]),
    actionsOf(job.job_id, board.actions["requested"] ?? []),
    mayPlan(board) && eventLinks(emergencyLink(job.job_id)),
    job.technicians.length > 0 && kept.keep("reasons", job.technicians, () => reasonsByTechnician(job)),
    board.plan && mayPlan(board) && moveOf(board, { jobId: job.job_id, technicianId: null, startAt: null }, events),
  ];
}

function eventLinks(...links: Child[]): HTMLElement {
  return el("p", { class: "fs-report" }, ...links);
}

/** Whoever hears on the telephone that somebody is late or ill has them in view already. */
function reportLink(board: Board, about: string): HTMLElement {
  return el("a", { attrs: { href: `/console/events/new?on=${board.on}&${about}` } }, "Report an event");
}

/** The job's page leads there too: today, whichever day the job was meant for. */
function emergencyLink(jobId: number): HTMLElement {
  return el("a", { attrs: { href: `/console/events/new?kind=emergency&job=${jobId}` } }, "Make it an emergency");
}

/** What would have to change, each as a line of its own: these are to choose from. */
function remedies(job: Unassigned): HTMLElement {
  const lines = job.remedies.map((sentence) => el("li", {}, sentence));
  return el("div", { class: "fs-remedies" }, el("b", {}, "What would fit it:"), el("ul", {}, ...lines));
}

function heading(text: string, chip: HTMLElement): HTMLElement {
  return el("div", { class: "fs-card-top" }, el("h2", {}, text), chip);
}

function facts(rows: [string, Child][]): HTMLElement {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "fs-facts" }, ...shown.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function link(text: string, onClick: () => void, after: string): HTMLElement {
  return el("span", {}, el("button", { class: "fs-link", attrs: { type: "button" }, on: { click: onClick } }, text), after);
}
