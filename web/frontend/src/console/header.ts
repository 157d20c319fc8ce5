/* The day's figures in the toolbar, and the line at the foot that says where the plan comes from. */
import type { Board, Kpis, Violation } from "../shared/board";
import { el, fill } from "../shared/dom";
import { isLimited } from "../shared/limited";
import { dateWords, distanceWords, lengthWords, SiteClock } from "../shared/time";

/** Those of what the board shows; none of a day that nothing is planned for. */
export function showKpis(host: HTMLElement, kpis: Kpis | null): void {
  if (!kpis) {
    fill(host);
    return;
  }
  const percent = (share: number): string => `${Math.round(share * 100)}%`;
  fill(
    host,
    figure(String(kpis.assigned), `of ${kpis.visits} visits`, "Visits assigned out of all jobs of the day"),
    figure(percent(kpis.utilization), "utilization", `Service time over shift time. With travel: ${percent(kpis.busy_share)} busy share`),
    figure(String(kpis.unassigned), "unassigned", "Jobs that no route holds", kpis.unassigned > 0 ? "is-warning" : ""),
    figure(String(kpis.late), "late", "Visits that start after the window promised to the customer, or after they are due", kpis.late > 0 ? "is-bad" : ""),
    figure(lengthWords(kpis.travel_s), "travel", `${distanceWords(kpis.travel_m)} on the road`),
  );
}

function figure(value: string, name: string, meaning: string, band = ""): HTMLElement {
  return el("div", { class: `fs-kpi ${band}`, attrs: { title: meaning } }, el("dd", {}, value), el("dt", {}, name));
}

export function showPlanLine(host: HTMLElement, board: Board): void {
  const { plan, zone } = board;
  const was = host.querySelector("details");
  const hadFocus = ["a", "summary"].find((one) => host.querySelector(`${one}:focus`) !== null);
  const clock = new SiteClock(zone);
  const asOf = el("span", { class: "fs-push" }, `As of ${clock.timeOrDay(board.now_at, board.on)} · times in ${zone}`);
  if (!plan) {
    fill(host, el("span", {}, `No plan for ${dateWords(board.on)}`), asOf);
    return;
  }
  const { travel_source: source } = plan;
  const estimate = "Travel times are estimated from straight lines, not from streets. They are shown as they are planned.";
  fill(
    host,
    el("span", {}, isLimited() ? el("b", {}, `Plan ${plan.version}`) : planDoor(board.on, plan.version), ` ${plan.status}`),
    el("span", {}, `made ${clock.timeOrDay(plan.made_at, board.on)}`),
    el("span", {}, `policy: ${plan.policy}`),
    el("span", {}, `computed in ${plan.engine_seconds.toFixed(1)} s`),
    el("span", {}, `travel times: ${source.name}`),
    source.is_estimate && el("span", { class: "fs-chip is-on-site", attrs: { title: estimate } }, "Estimate"),
    board.violations.length > 0 && violations(board, was?.open ?? false),
    asOf,
  );
  if (hadFocus) host.querySelector<HTMLElement>(hadFocus)?.focus({ preventScroll: true });
}

/** To every version of the day's plan, and what each changed. */
function planDoor(on: string, version: number): HTMLElement {
  const attrs = { href: `/console/plans?on=${on}`, title: "Every version that was published for this day, and what each changed" };
  return el("a", { attrs }, `Plan ${version}`);
}

/** What the plan breaks, such as a pinned visit that can't be on time: said, never hidden; once unfolded it stays so. */
function violations(board: Board, isOpen: boolean): HTMLElement {
  const count = board.violations.length;
  return el(
    "details",
    { class: "fs-violations", attrs: { open: isOpen } },
    el("summary", {}, `${count} ${count === 1 ? "rule is" : "rules are"} not met`),
    el("ul", {}, ...board.violations.map((one) => el("li", {}, one.sentence, keptWords(one)))),
  );
}

/** Whoever published it all the same, and why; null of what the plan itself could not avoid. */
function keptWords({ kept_by, kept_reason }: Violation): HTMLElement | null {
  return kept_reason ? el("small", {}, `${kept_by ? `Kept by ${kept_by}` : "Kept"}: ${kept_reason}`) : null;
}

/** Offers the day's territories; what is chosen stays chosen. */
export function showTerritories(select: HTMLSelectElement, { territories }: Board): void {
  const chosen = select.value;
  const names = territories.map(({ name }) => name);
  const known = [...select.options].slice(1).map(({ value }) => value);
  if (known.join("\n") === names.join("\n")) return;
  select.length = 1; // the first stays: all territories
  for (const name of names) select.add(new Option(name, name));
  select.value = names.includes(chosen) ? chosen : "";
}
