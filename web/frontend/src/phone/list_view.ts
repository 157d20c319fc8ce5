/* The whole day: the next stop large on top, then everything in its order. */
import { el } from "../shared/dom";
import { icon } from "../shared/icons";
import { lookClass } from "../shared/status";
import { addDays, dateWords, distanceWords, lengthWords, SiteClock } from "../shared/time";
import { entries, isBegun, isOver, nextStop, type Day, type Rest, type Stop } from "./day";
import { actionTiles, expectedWords, newPill, startWords, statusPill } from "./parts";
import { moveButtons, type Tell } from "./move_buttons";

export function listHeader(day: Day, today: string): HTMLElement {
  return el(
    "header",
    { class: "fs-head" },
    dayLink(addDays(day.on, -1), "chevronLeft", "Previous day"),
    el(
      "div",
      { class: "fs-head-words" },
      el("h1", { attrs: { id: "title", tabindex: -1 } }, day.on === today ? "Today" : dateWords(day.on)),
      el("p", {}, day.on === today ? dateWords(day.on) : el("a", { attrs: { href: "/phone" } }, "Back to today")),
    ),
    dayLink(addDays(day.on, 1), "chevronRight", "Next day"),
  );
}

function dayLink(on: string, picture: "chevronLeft" | "chevronRight", label: string): HTMLElement {
  return el("a", { class: "fs-square", attrs: { href: `/phone?on=${on}`, "aria-label": label } }, icon(picture));
}

export function listView(day: Day, nowMs: number, tell: Tell): HTMLElement[] {
  if (day.stops.length === 0) return [emptyDay(day)];
  const clock = new SiteClock(day.zone);
  const next = nextStop(day);
  return [summary(day, clock), next ? nextCard(next, day, clock, nowMs, tell) : allDone(), timeline(day, next, clock)];
}

function emptyDay(day: Day): HTMLElement {
  const [title, words] = whyEmpty(day);
  return el("section", { class: "fs-card fs-empty" }, icon("calendarOff"), el("h2", {}, title), el("p", {}, words));
}

function whyEmpty(day: Day): [title: string, words: string] {
  const { absence, shift } = day.technician;
  if (absence) return ["You are away", absence.reason];
  if (!shift) return ["No shift", "You do not work on this day."];
  if (day.plan_version === null) {
    return ["No plan yet", "This day has not been planned. Look again later, or ask your dispatcher."];
  }
  return ["No visits", "The plan has no visits for you on this day."];
}

function summary(day: Day, clock: SiteClock): HTMLElement {
  const over = day.stops.filter(isOver).length;
  const driving = day.stops.reduce((sum, stop) => sum + stop.travel_s, 0);
  const hours = day.leave_at && day.home_at ? clock.span(day.leave_at, day.home_at) : null;
  return el(
    "dl",
    { class: "fs-figures" },
    figure("Done", `${over} of ${day.stops.length}`),
    hours ? figure("Away", hours) : null,
    figure("Driving", lengthWords(driving)),
  );
}

function figure(name: string, value: string): HTMLElement {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

function allDone(): HTMLElement {
  return el(
    "section",
    { class: "fs-card fs-empty is-done" },
    icon("check"),
    el("h2", {}, "All visits are over"),
    el("p", {}, "Thank you. Drive home safely."),
  );
}

function nextCard(stop: Stop, day: Day, clock: SiteClock, nowMs: number, tell: Tell): HTMLElement {
  const begun = isBegun(stop);
  const start = startWords(stop, day, clock, "Start ");
  return el(
    "section",
    { class: `fs-card fs-next ${lookClass(stop.status)}`, attrs: { "aria-labelledby": "next-title" } },
    el(
      "p",
      { class: "fs-next-lead" },
      el("strong", {}, begun ? "Now" : "Next stop"),
      el("span", {}, `${stop.position} of ${stop.of}`),
      newPill(stop),
      statusPill(stop.status),
    ),
    el(
      "a",
      { class: "fs-next-main", attrs: { href: `#stop-${stop.stop_id}` } },
      el("span", { class: "fs-next-time" }, clock.time(stop.start_at)),
      el(
        "span",
        { class: "fs-next-words" },
        el("strong", { attrs: { id: "next-title" } }, stop.title),
        el("span", {}, stop.customer),
        el("span", {}, stop.address),
      ),
      icon("chevronRight"),
    ),
    el(
      "p",
      { class: "fs-meta" },
      el("span", {}, icon("car"), `${lengthWords(stop.travel_s)}, ${distanceWords(stop.travel_m)}`),
      start ? el("span", {}, icon("clock"), start) : null,
      expectedMark(stop, clock),
    ),
    actionTiles(stop),
    el("div", { class: "fs-moves" }, ...moveButtons(stop, day, nowMs, tell)),
  );
}

function timeline(day: Day, next: Stop | undefined, clock: SiteClock): HTMLElement {
  const items = entries(day).map((entry) =>
    entry.kind === "stop" ? stopItem(entry.stop, entry.stop === next, day, clock) : breakItem(entry.rest, clock),
  );
  return el(
    "section",
    { attrs: { "aria-labelledby": "order-title" } },
    el("h2", { class: "fs-list-title", attrs: { id: "order-title" } }, "The whole day"),
    el(
      "ol",
      { class: "fs-list" },
      day.leave_at ? endItem("Leave", day.leave_at, clock) : null,
      ...items,
      day.home_at ? endItem("Back", day.home_at, clock) : null,
    ),
  );
}

function endItem(words: string, at: string, clock: SiteClock): HTMLElement {
  return el("li", { class: "fs-end" }, el("time", {}, clock.time(at)), icon("home"), words);
}

function breakItem(rest: Rest, clock: SiteClock): HTMLElement {
  return el(
    "li",
    { class: "fs-break" },
    el("time", {}, clock.time(rest.start_at)),
    icon("coffee"),
    `Break until ${clock.time(rest.end_at)}`,
  );
}

function stopItem(stop: Stop, isNext: boolean, day: Day, clock: SiteClock): HTMLElement {
  const start = startWords(stop, day, clock);
  return el(
    "li",
    { class: `fs-stop ${lookClass(stop.status)}${isOver(stop) ? " is-over" : ""}` },
    el(
      "p",
      { class: "fs-leg" },
      icon("car"),
      `${lengthWords(stop.travel_s)}, ${distanceWords(stop.travel_m)}`,
    ),
    el(
      "a",
      { class: "fs-stop-card", attrs: { href: `#stop-${stop.stop_id}`, "aria-current": isNext ? "step" : null } },
      el(
        "span",
        { class: "fs-stop-lead" },
        el("time", {}, clock.time(stop.start_at)),
        start ? el("span", { class: "fs-window" }, icon("clock"), start) : null,
        expectedMark(stop, clock),
        newPill(stop),
        statusPill(stop.status),
      ),
      el(
        "span",
        { class: "fs-stop-words" },
        el("strong", {}, stop.title),
        el("span", {}, stop.customer),
        el("span", {}, stop.address),
      ),
    ),
  );
}

/** When they will really be there, where that is later than planned. */
function expectedMark(stop: Stop, clock: SiteClock): HTMLElement | null {
  const expected = expectedWords(stop, clock);
  return expected === null ? null : el("span", { class: "fs-later" }, icon("hourglass"), `Expected ${expected}`);
}
