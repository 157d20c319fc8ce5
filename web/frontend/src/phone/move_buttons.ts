/* The buttons with which a technician reports what happened at a stop. */
import type { Status } from "../shared/board";
import { el } from "../shared/dom";
import { icon } from "../shared/icons";
import { lookIcon } from "../shared/status";
import { moves, type Move, type Stop } from "./day";

export type Report = (stop: Stop, to: Status) => void;

export function moveButtons(stop: Stop, report: Report): HTMLElement[] {
  return moves(stop.status)
    .map((move, index) => button(stop, move, index === 0, report))
    .reverse(); // the usual move stands last, under the thumb
}

function button(stop: Stop, move: Move, usual: boolean, report: Report): HTMLElement {
  const act = () => {
    if (move.to === "no_access") askNoAccess(stop, () => report(stop, move.to));
    else report(stop, move.to);
  };
  return el(
    "button",
    {
      class: usual ? "fs-button is-usual" : "fs-button",
      attrs: { type: "button", id: usual ? "usual-move" : `move-${move.to}` },
      on: { click: act },
    },
    icon(lookIcon(move.to)),
    move.words,
  );
}

/** A stop that nobody could enter stays closed: ask once before saying so. */
function askNoAccess(stop: Stop, confirmed: () => void): void {
  const dialog = el(
    "dialog",
    { class: "fs-dialog", attrs: { "aria-labelledby": "ask-title" }, on: { close: () => dialog.remove() } },
    el("h2", { attrs: { id: "ask-title" } }, "Report “no access”?"),
    el("p", {}, `The visit at ${stop.customer} ends now, and your dispatcher sees it.`),
    el(
      "div",
      { class: "fs-moves" },
      el("button", { class: "fs-button", attrs: { type: "button" }, on: { click: () => dialog.close() } }, "Go back"),
      el(
        "button",
        {
          class: "fs-button is-usual",
          attrs: { type: "button" },
          on: {
            click: () => {
              dialog.close();
              confirmed();
            },
          },
        },
        "Report it",
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
