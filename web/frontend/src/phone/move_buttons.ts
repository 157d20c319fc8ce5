/* The buttons with which a technician reports what happened at a stop. */
import type { Status } from "../shared/board";
import { el } from "../shared/dom";
import { icon } from "../shared/icons";
import { lookIcon } from "../shared/status";
import { moves, notBefore, type Day, type Move, type Stop } from "./day";
import type { What } from "./outbox";

/** Tells what happened at a stop: kept on the phone at once, sent as soon as there is a network. Answers whether it was kept. */
export type Tell = (stop: Stop, what: What) => Promise<boolean>;

/** What is asked before a visit ends without its work done: the words of the dialog, and whether a reason is written. */
const QUESTIONS: Partial<Record<Status, { title: string; words: (stop: Stop) => string; why?: string }>> = {
  no_access: {
    title: "Report “no access”?",
    words: (stop) => `The visit at ${stop.customer} ends now, and your dispatcher sees it.`,
  },
  to_be_continued: {
    title: "Come again?",
    words: (stop) => `This visit at ${stop.customer} ends now, and another one is planned.`,
    why: "What is still to do, and what does it need?",
  },
};

/** The buttons change under the thumb: the second tap of a double one was not aimed at the step that has come there. */
const SETTLE_MS = 700;
let settledMs = 0;
const unsettledMs = (): number => settledMs - performance.now();

/** What is pressed in the next moment is not meant: a step has just been reported. */
export function settle(): void {
  settledMs = performance.now() + SETTLE_MS;
}

/** The buttons of a visit; of one of a day that is still to come, from when on there are any. */
export function moveButtons(stop: Stop, day: Day, nowMs: number, tell: Tell): HTMLElement[] {
  const from = notBefore(day, stop, nowMs);
  if (from !== null) return [el("p", { class: "fs-not-yet" }, icon("clock"), `You can report this visit from ${from} on.`)];
  return moves(stop.status)
    .map((move, index) => button(stop, move, index === 0, tell))
    .reverse(); // the usual move stands last, under the thumb
}

function button(stop: Stop, move: Move, usual: boolean, tell: Tell): HTMLElement {
  const act = () => {
    if (unsettledMs() > 0) return;
    if (QUESTIONS[move.to]) ask(stop, move.to, tell);
    else void tell(stop, { kind: "status", to: move.to, reason: "" });
  };
  const button = el(
    "button",
    {
      class: usual ? "fs-button is-usual" : "fs-button",
      attrs: { type: "button", id: usual ? "usual-move" : `move-${move.to}`, "aria-disabled": unsettledMs() > 0 ? "true" : null },
      on: { click: act },
    },
    icon(lookIcon(move.to)),
    move.words,
  );
  if (unsettledMs() > 0) window.setTimeout(() => button.removeAttribute("aria-disabled"), unsettledMs());
  return button;
}

/** A visit that ended stays ended for the technician: ask once before saying so. */
function ask(stop: Stop, to: Status, tell: Tell): void {
  const question = QUESTIONS[to];
  if (!question) throw new Error(`Nothing is asked before ${to}`);
  const why = question.why
    ? el("textarea", { class: "fs-why", attrs: { id: "ask-why", rows: 3, required: true, maxlength: 1000 } })
    : null;
  const dialog = el(
    "dialog",
    { class: "fs-dialog", attrs: { "aria-labelledby": "ask-title" }, on: { close: () => dialog.remove() } },
    el("h2", { attrs: { id: "ask-title" } }, question.title),
    el("p", {}, question.words(stop)),
    why ? el("label", { attrs: { for: "ask-why" } }, question.why) : null,
    why,
    el(
      "div",
      { class: "fs-moves" },
      el("button", { class: "fs-button", attrs: { type: "button" }, on: { click: () => dialog.close() } }, "Go back"),
      el("button", { class: "fs-button is-usual", attrs: { type: "button" }, on: { click: confirmed } }, "Report it"),
    ),
  );
  function confirmed(): void {
    if (why && !why.value.trim()) {
      why.setCustomValidity("Write a few words: whoever comes next reads them.");
      why.reportValidity();
      why.setCustomValidity("");
      return;
    }
    dialog.close();
    void tell(stop, { kind: "status", to, reason: why?.value.trim() ?? "" });
  }
  document.body.append(dialog);
  dialog.showModal();
}
