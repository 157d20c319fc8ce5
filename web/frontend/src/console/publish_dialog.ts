/* Asks before a draft is published: what that changes in a sentence, and, where it breaks a rule, why. */
import { el, fill } from "../shared/dom";
import type { Draft } from "../shared/draft";

/** The reason given, empty where none is needed; null when nothing is to be published after all. */
export function askToPublish(dialog: HTMLDialogElement, draft: Draft): Promise<string | null> {
  const { outdated, obstacles, violations } = draft;
  const cannot = outdated.length > 0 || obstacles.length > 0;
  const reason = el("input", { class: "form-control", attrs: { name: "reason", required: true, maxlength: 300, autocomplete: "off" } });
  const list = (sentences: readonly string[]): HTMLElement => el("ul", {}, ...sentences.map((one) => el("li", {}, one)));
  const form = el(
    "form",
    { attrs: { method: "dialog" } },
    el("h2", { attrs: { id: "publish-title" } }, `Publish draft ${draft.version}?`),
    el("p", {}, draft.summary),
    outdated.length > 0 && el("p", {}, "The day has changed since. The draft is then made again from the day as it is, with your decisions:"),
    outdated.length > 0 && list(outdated),
    outdated.length === 0 && obstacles.length > 0 && el("p", {}, "This cannot be published as decided:"),
    outdated.length === 0 && obstacles.length > 0 && list(obstacles),
    violations.length > 0 && el("p", {}, "It breaks rules by what was moved or accepted by hand. Your name and reason stay with the plan:"),
    violations.length > 0 && list(violations),
    violations.length > 0 && el("label", { class: "fs-why-field" }, "Why all the same? ", reason),
    el(
      "div",
      { class: "fs-dialog-foot" },
      el("button", { class: "btn", attrs: { type: "button" }, on: { click: () => dialog.close() } }, "Cancel"), // Enter presses the first that sends
      el("button", { class: "btn btn-primary", attrs: { value: "publish", disabled: cannot && outdated.length === 0 } }, outdated.length > 0 ? "Make it again" : "Publish"),
    ),
  );
  fill(dialog, form);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "publish" ? reason.value.trim() : null), { once: true });
    dialog.returnValue = "";
  });
}
