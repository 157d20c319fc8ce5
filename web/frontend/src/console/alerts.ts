/* What has happened on the day and is open: who will be late, who is ill, which draft waits, and what to do about each. */
import type { Alert, Board } from "../shared/board";
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";

export function showAlerts(host: HTMLElement, board: Board): void {
  host.hidden = board.alerts.length === 0;
  const lines = board.alerts.map(line);
  const count = `${board.alerts.length} open ${board.alerts.length === 1 ? "event" : "events"}`;
  fill(host, el("h2", {}, icon("alert"), count), el("ul", {}, ...lines));
}

function line(alert: Alert): HTMLElement {
  const href = alert.draft ? `/console/draft?on=${alert.on}` : `/console/events/${alert.id}`;
  return el(
    "li",
    {},
    el("a", { attrs: { href: `/console/events/${alert.id}` } }, el("b", {}, alert.title), ` ${[alert.about, alert.facts].filter(Boolean).join(", ")}`),
    alert.phone ? el("a", { class: "fs-alert-call", attrs: { href: `tel:${alert.phone}` } }, alert.phone) : "",
    el("a", { class: "fs-alert-do", attrs: { href } }, alert.advice),
  );
}
