/* One stop: how far it is, who and where, what was promised, what is needed. */
import type { Status } from "../shared/board";
import { el } from "../shared/dom";
import { icon } from "../shared/icons";
import { lookClass, lookIcon, lookWords } from "../shared/status";
import { distanceWords, lengthWords, SiteClock } from "../shared/time";
import { isOver, type Day, type Stop } from "./day";
import { moveButtons, type Tell } from "./move_buttons";
import { actionTiles, card, expectedWords, promisedWords, windowWords } from "./parts";
import { assetsCard, beforeCard, notesCard, photosCard } from "./stop_story";
import { checklistCard, partsCard } from "./stop_work";

export function stopHeader(stop: Stop): HTMLElement {
  return el(
    "header",
    { class: "fs-head" },
    el("a", { class: "fs-square", attrs: { href: "#", "aria-label": "Back to the day" } }, icon("arrowLeft")),
    el(
      "div",
      { class: "fs-head-words is-left" },
      el("h1", { attrs: { id: "title", tabindex: -1 } }, stop.title),
      el("p", {}, `Job ${stop.number} · visit ${stop.position} of ${stop.of}`),
    ),
  );
}

export function stopView(day: Day, stop: Stop, nowMs: number, tell: Tell, sayTrouble: (sentence: string) => void): HTMLElement[] {
  const clock = new SiteClock(day.zone);
  const buttons = moveButtons(stop, day, nowMs, tell);
  const cards = [
    el("section", { class: "fs-card", attrs: { "aria-label": "Status" } }, stepper(stop.status)),
    customerCard(stop),
    promiseCard(day, stop, clock),
    ...needs(stop),
    assetsCard(stop),
    checklistCard(stop, tell),
    partsCard(day, stop, tell),
    photosCard(stop, tell, sayTrouble),
    notesCard(day, stop, tell),
    beforeCard(day, stop),
  ];
  return [
    ...cards.filter((one) => one !== null),
    ...(buttons.length > 0 ? [el("div", { class: "fs-bar" }, el("div", { class: "fs-moves" }, ...buttons))] : []),
  ];
}

/** The way of a visit: a step is behind, here, or ahead. */
export function stepper(status: Status): HTMLElement {
  const last: Status = isOver({ status }) ? status : "done";
  const way: Status[] = [status === "dispatched" ? "dispatched" : "planned", "en_route", "on_site", last];
  const here = way.indexOf(status);
  return el(
    "ol",
    { class: "fs-steps" },
    ...way.map((step, index) => {
      const place = index < here ? "is-behind" : index === here ? `is-here ${lookClass(step)}` : "is-ahead";
      return el(
        "li",
        { class: place, attrs: { "aria-current": index === here ? "step" : null } },
        el("span", { class: "fs-step-dot" }, icon(index < here ? "check" : lookIcon(step))),
        lookWords(step),
      );
    }),
  );
}

function customerCard(stop: Stop): HTMLElement {
  return el(
    "section",
    { class: "fs-card", attrs: { "aria-labelledby": "customer" } },
    el("h2", { class: "fs-customer", attrs: { id: "customer" } }, stop.customer),
    el("p", { class: "fs-address" }, stop.address),
    stop.customer_notes ? el("p", { class: "fs-customer-notes" }, stop.customer_notes) : null,
    actionTiles(stop),
  );
}

function promiseCard(day: Day, stop: Stop, clock: SiteClock): HTMLElement {
  const promised = promisedWords(stop, day, clock);
  const window = windowWords(stop, clock);
  const expected = expectedWords(stop, clock);
  return el(
    "section",
    { class: "fs-card", attrs: { "aria-label": "Times" } },
    el(
      "dl",
      { class: "fs-facts" },
      fact("Planned work", clock.span(stop.start_at, stop.end_at)),
      expected ? fact("Expected", expected) : null,
      promised ? fact("Promised", promised) : null,
      window || !promised ? fact("May start", window ?? "Any time") : null,
      fact("Arrival", clock.time(stop.arrive_at)),
      fact("Drive", `${lengthWords(stop.travel_s)}, ${distanceWords(stop.travel_m)}`),
      stop.due_at ? fact("Due", clock.timeOrDay(stop.due_at, day.on)) : null,
    ),
  );
}

function fact(name: string, value: string): HTMLElement {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

function needs(stop: Stop): HTMLElement[] {
  const cards: HTMLElement[] = [];
  if (stop.notes) cards.push(card("info", "From dispatch", null, el("p", { class: "fs-note" }, stop.notes)));
  if (stop.skills.length > 0) {
    const skills = stop.skills.map((skill) => el("li", {}, `${skill.name}, level ${skill.level}`));
    cards.push(card("skill", "Skills", null, el("ul", { class: "fs-skills" }, ...skills)));
  }
  return cards;
}
