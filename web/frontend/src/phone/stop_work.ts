/* What there is to do at a visit: steps to tick, parts to use up, and the word that one is missing. */
import { el } from "../shared/dom";
import { icon } from "../shared/icons";
import { isOver, type Check, type Day, type Part, type Stop } from "./day";
import type { Tell } from "./move_buttons";
import { askForMissing } from "./missing";
import { card } from "./parts";

export function checklistCard(stop: Stop, tell: Tell): HTMLElement | null {
  if (stop.checks.length === 0) return null;
  const done = stop.checks.filter((check) => check.done).length;
  const content = el("ul", { class: "fs-checks" }, ...stop.checks.map((check) => step(stop, check, tell)));
  return card("check", "Checklist", `${done} of ${stop.checks.length}`, content);
}

function step(stop: Stop, check: Check, tell: Tell): HTMLElement {
  const id = `step-${check.position}`;
  const box = el("input", {
    attrs: { type: "checkbox", id, checked: check.done, disabled: isOver(stop) },
    on: { change: () => void tell(stop, { kind: "step", position: check.position, done: box.checked }) },
  });
  return el(
    "li",
    { class: check.done ? "is-done" : "" },
    el(
      "label",
      { attrs: { for: id } },
      box,
      el("span", {}, check.text),
      check.required ? el("span", { class: "fs-must" }, "required") : null,
    ),
  );
}

export function partsCard(day: Day, stop: Stop, tell: Tell): HTMLElement | null {
  const others = day.catalogue.filter((name) => !stop.parts.some((part) => part.name === name));
  if (stop.parts.length === 0 && others.length === 0) return null;
  const rows = stop.parts.map((part) => partRow(stop, part, tell));
  const content = el(
    "div",
    {},
    rows.length > 0 ? el("ul", { class: "fs-parts" }, ...rows) : null,
    el(
      "div",
      { class: "fs-moves" },
      others.length > 0 ? addPart(stop, others, tell) : null,
      isOver(stop)
        ? null
        : el(
            "button",
            { class: "fs-button", attrs: { type: "button", id: "part-missing" }, on: { click: () => askForMissing(day, stop, tell) } },
            icon("alert"),
            "A part is missing",
          ),
    ),
  );
  return card("parts", "Parts", null, content);
}

/** How many were used: as planned until somebody says otherwise. */
function partRow(stop: Stop, part: Part, tell: Tell): HTMLElement {
  let used = part.used ?? part.count;
  const shown = el("output", {}, String(used));
  // from the number that stands there, not from the one that was drawn: a second tap may come before the next drawing
  const change = (by: number) => {
    if (used + by < 0) return;
    used += by;
    shown.textContent = String(used);
    void tell(stop, { kind: "part", part: part.name, used });
  };
  const button = (words: string, sign: "minus" | "plus", by: number) =>
    el(
      "button",
      {
        class: "fs-step-button",
        attrs: { type: "button", id: `${sign}-${part.name}`, "aria-label": `${words} ${part.name}`, disabled: used + by < 0 },
        on: { click: () => change(by) },
      },
      icon(sign),
    );
  const planned = part.used === null ? "as planned" : `planned ${part.count}`;
  return el(
    "li",
    {},
    el("span", { class: "fs-part-words" }, el("span", {}, part.name), el("small", {}, `${planned} · ${part.on_van} on the van`)),
    el(
      "span",
      { class: "fs-count", attrs: { role: "group", "aria-label": `${part.name} used` } },
      button("One fewer", "minus", -1),
      shown,
      button("One more", "plus", 1),
    ),
  );
}

function addPart(stop: Stop, names: readonly string[], tell: Tell): HTMLElement {
  const choice = el(
    "select",
    {
      class: "fs-input",
      attrs: { id: "another-part", "aria-label": "Another part was used" },
      on: { change: () => choice.value && void tell(stop, { kind: "part", part: choice.value, used: 1 }) },
    },
    el("option", { attrs: { value: "" } }, "Another part was used …"),
    ...names.map((name) => el("option", {}, name)),
  );
  return choice;
}
