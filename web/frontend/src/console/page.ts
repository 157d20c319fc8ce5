/* The parts of templates/console/console.html that the scripts fill, looked up once by id. */
import { byId } from "../shared/dom";
import { icon, type IconName } from "../shared/icons";

export function findParts() {
  for (const slot of document.querySelectorAll<HTMLElement>("[data-icon]")) {
    slot.replaceWith(icon(slot.dataset["icon"] as IconName));
  }
  return {
    console: byId("console", HTMLElement),
    previous: byId("previous-day", HTMLButtonElement),
    next: byId("next-day", HTMLButtonElement),
    today: byId("today", HTMLButtonElement),
    date: byId("date", HTMLInputElement),
    dateWords: byId("date-words", HTMLElement),
    territory: byId("territory", HTMLSelectElement),
    search: byId("search", HTMLInputElement),
    kpis: byId("kpis", HTMLElement),
    plan: byId("plan-day", HTMLButtonElement),
    strip: byId("strip", HTMLElement),
    problem: byId("problem", HTMLElement),
    noStreets: byId("no-streets", HTMLElement),
    requests: byId("requests", HTMLElement),
    notices: byId("notices", HTMLElement),
    alerts: byId("alerts", HTMLElement),
    reportEvent: byId("report-event", HTMLAnchorElement),
    panes: byId("panes", HTMLElement),
    order: byId("order", HTMLSelectElement),
    unassignedCount: byId("unassigned-count", HTMLElement),
    unassigned: byId("unassigned", HTMLElement),
    legend: byId("legend", HTMLElement),
    zoomIn: byId("zoom-in", HTMLButtonElement),
    zoomOut: byId("zoom-out", HTMLButtonElement),
    asTimeline: byId("as-timeline", HTMLButtonElement),
    asTable: byId("as-table", HTMLButtonElement),
    timeline: byId("timeline", HTMLElement),
    table: byId("table", HTMLElement),
    empty: byId("empty", HTMLElement),
    map: byId("map", HTMLElement),
    details: byId("details", HTMLElement),
    planLine: byId("plan-line", HTMLElement),
    announcement: byId("announcement", HTMLElement),
    dialog: byId("plan-dialog", HTMLDialogElement),
    draftBar: byId("draft-bar", HTMLElement),
    publishDialog: byId("publish-dialog", HTMLDialogElement),
    planForm: byId("plan-form", HTMLFormElement),
    planTitle: byId("plan-title", HTMLElement),
  };
}

export type Parts = ReturnType<typeof findParts>;
