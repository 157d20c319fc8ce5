/* What the schedule says when there is nothing to show, and what to do about it. */
import { isOver, type Board } from "../shared/board";
import { mayPlan } from "../shared/limited";
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import { dateWords } from "../shared/time";
import type { Shown } from "./filter";

/** A draft that waits is something to show: nobody plans the day once more over it. */
export function showEmpty(host: HTMLElement, board: Board, shown: Shown, hasDraft: boolean, onPlan: () => void): void {
  host.hidden = false;
  if (board.technicians.length === 0) {
    fill(host, ...words("No technicians yet", "Bring in your people and jobs with “wrenchtime import”, or look around with “wrenchtime demo”."));
  } else if (!board.plan && isOver(board)) {
    fill(host, ...words(`${dateWords(board.on)} was not planned`, "This day is over. Jobs that still wait are on the board of today or a later day."));
  } else if (!board.plan && !hasDraft) {
    const button = mayPlan(board) && el("button", { class: "btn btn-primary", attrs: { type: "button" }, on: { click: onPlan } }, icon("wand"), "Plan day");
    fill(host, ...words(`${dateWords(board.on)} is not planned yet`, "Planning finds a technician and a time for each job, and says why for every job it leaves out."), button);
  } else if (shown.technicians.length === 0) {
    fill(host, ...words("Nobody matches", "No technician or visit matches the territory and the words you are looking for."));
  } else {
    host.hidden = true;
    fill(host);
  }
}

function words(title: string, text: string): HTMLElement[] {
  return [el("h2", {}, title), el("p", {}, text)];
}
