/* Asks which part is missing, and how many. */
import { el } from "../shared/dom";
import type { Day, Stop } from "./day";
import type { Tell } from "./move_buttons";

export function askForMissing(day: Day, stop: Stop, tell: Tell): void {
  const own = stop.parts.map(({ name }) => name);
  const names = [...own, ...day.catalogue.filter((name) => !own.includes(name))];
  const part = el(
    "select",
    { class: "fs-input", attrs: { id: "missing-part" } },
    ...names.map((name) => el("option", {}, name)),
  );
  const count = el("input", {
    class: "fs-input",
    attrs: { id: "missing-count", type: "number", inputmode: "numeric", min: 1, max: 999, value: 1, required: true },
  });
  const words = el("textarea", { class: "fs-why", attrs: { id: "missing-words", rows: 2, maxlength: 1000 } });
  const ends = stop.status === "on_site";
  const dialog = el(
    "dialog",
    { class: "fs-dialog", attrs: { "aria-labelledby": "missing-title" }, on: { close: () => dialog.remove() } },
    el("h2", { attrs: { id: "missing-title" } }, "A part is missing"),
    el(
      "p",
      {},
      ends
        ? `This visit at ${stop.customer} ends now. Another one is planned, with the part.`
        : "Your dispatcher hears of it. The visit stays on your route until they decide.",
    ),
    el("label", { attrs: { for: "missing-part" } }, "Part"),
    part,
    el("label", { attrs: { for: "missing-count" } }, "How many are missing"),
    count,
    el("label", { attrs: { for: "missing-words" } }, "Anything else to know (not required)"),
    words,
    el(
      "div",
      { class: "fs-moves" },
      el("button", { class: "fs-button", attrs: { type: "button" }, on: { click: () => dialog.close() } }, "Go back"),
      el("button", { class: "fs-button is-usual", attrs: { type: "button" }, on: { click: confirmed } }, "Report it"),
    ),
  );
  function confirmed(): void {
    if (!count.reportValidity()) return;
    dialog.close();
    void tell(stop, { kind: "missing", part: part.value, count: Number(count.value), words: words.value.trim() });
  }
  document.body.append(dialog);
  dialog.showModal();
}
