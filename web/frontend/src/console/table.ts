/* The day as a plain table: for screen readers, for print, and for people who think in lists. */
import type { Board, Technician, Visit } from "../shared/board";
import { travelTo, visitsOf } from "../shared/board";
import { el, fill } from "../shared/dom";
import { lookOf, lookWords } from "../shared/status";
import { dateWords, lengthWords, SiteClock } from "../shared/time";
import { mayStart, promisedWords } from "./unassigned";

const COLUMNS = ["Stop", "Start", "Expected", "End", "Visit", "Customer", "Address", "Window", "Travel", "State"];

export function showTable(host: HTMLElement, board: Board, technicians: readonly Technician[], onVisit: (stopId: number) => void): void {
  const clock = new SiteClock(board.zone);
  fill(
    host,
    el(
      "table",
      { class: "fs-table" },
      el("caption", {}, `Visits of ${dateWords(board.on)}, times in ${board.zone}`),
      el("thead", {}, el("tr", {}, ...COLUMNS.map((name) => el("th", { attrs: { scope: "col" } }, name)))),
      ...technicians.map((technician) => bodyOf(technician, board, clock, onVisit)),
    ),
  );
}

function bodyOf(technician: Technician, board: Board, clock: SiteClock, onVisit: (stopId: number) => void): HTMLElement {
  const { shift, absence, utilization } = technician;
  const said = [
    shift ? `shift ${clock.span(shift.start_at, shift.end_at)}` : "no shift",
    absence ? absence.reason : null,
    shift ? `${Math.round(utilization * 100)}% utilization` : null,
  ];
  const name = el("th", { attrs: { scope: "rowgroup", colspan: COLUMNS.length } }, el("b", {}, technician.name), ` ${said.filter(Boolean).join(" · ")}`);
  const rows = visitsOf(technician).map((visit, index) => {
    const trip = travelTo(technician, visit);
    const open = el("button", { class: "fs-link", attrs: { type: "button" }, on: { click: () => onVisit(visit.stop_id) } }, visit.title);
    const cells = [
      index + 1, clock.time(visit.start_at), visit.expected_at ? clock.timeOrDay(visit.expected_at, board.on) : "", clock.time(visit.end_at), open, visit.customer, visit.address,
      startWords(visit, board, clock), trip ? lengthWords(trip.travel_s) : "none", lookWords(lookOf(visit)),
    ];
    return el("tr", {}, ...cells.map((cell) => el("td", {}, cell)));
  });
  return el("tbody", {}, el("tr", { class: "fs-table-who" }, name), ...rows);
}

/** "promised 08:00–09:00", and the customer's own windows where there are any. */
function startWords(visit: Visit, board: Board, clock: SiteClock): string {
  const promised = promisedWords(visit, board, clock);
  return [promised && `promised ${promised}`, mayStart(visit, clock)].filter(Boolean).join("; ");
}
