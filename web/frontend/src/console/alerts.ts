/* What has happened on the day and is open: who will be late, who is ill, which draft waits, and what to do about each. */
import type { Alert, Board } from "../shared/board";
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import { rememberFocus } from "./kept_parts";

/** More of one kind than this stand in one line: nobody reads them one by one above the board. */
const MOST_OF_A_KIND = 2;

export function showAlerts(host: HTMLElement, board: Board): void {
  host.hidden = board.alerts.length === 0;
  const facts = JSON.stringify([board.on, board.alerts]);
  if (host.dataset["shown"] === facts) return; // what is unfolded, scrolled to or has the focus stays
  host.dataset["shown"] = facts;
  const focus = rememberFocus(host);
  const scrolled = host.querySelector("ul")?.scrollTop ?? 0;
  const count = `${board.alerts.length} open ${board.alerts.length === 1 ? "event" : "events"}`;
  fill(host, el("h2", {}, icon("alert"), count), el("ul", {}, ...gather(board.alerts).map((same) => group(same, board.on))));
  host.querySelector("ul")?.scrollTo(0, scrolled);
  if (focus.had) focus.again();
}

/** The alerts of each kind that has many together, any other alone, in the order in which they came. */
export function gather(alerts: readonly Alert[]): Alert[][] {
  const many = new Map<string, Alert[]>();
  for (const alert of alerts) if (!alert.draft) many.set(alert.kind, [...(many.get(alert.kind) ?? []), alert]);
  const gathered: Alert[][] = [];
  for (const alert of alerts) {
    const same = alert.draft ? [alert] : (many.get(alert.kind) ?? [alert]);
    if (same.length <= MOST_OF_A_KIND) gathered.push([alert]);
    else if (same[0] === alert) gathered.push(same);
  }
  return gathered;
}

/** The kinds of which all are shown to be called, as long as the page is open. */
const unfolded = new Set<string>();

function group(same: readonly Alert[], on: string): HTMLElement {
  const [first] = same;
  if (!first || same.length === 1) return first ? line(first) : el("li", {});
  const all = `/console/events?on=${on}`;
  const words = ` ${[first.about, first.facts].filter(Boolean).join(", ")}, and ${same.length - 1} more`;
  const each = el("details", {}, el("summary", {}, el("b", {}, `${first.title} × ${same.length}`), el("span", {}, words)), el("ul", {}, ...same.map(line)));
  each.open = unfolded.has(first.kind);
  each.addEventListener("toggle", () => {
    if (each.open) unfolded.add(first.kind);
    else unfolded.delete(first.kind);
  });
  return el("li", {}, each, el("a", { class: "fs-alert-do", attrs: { href: all } }, `Look at all ${same.length}.`));
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
