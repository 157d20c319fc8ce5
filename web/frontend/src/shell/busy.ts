/** A form that takes the server some time says so, and is sent once however often its button is pressed. */
import { el } from "../shared/dom";

const AFTER_MS = 400; // what is quicker needs no word

export function sayWhenBusy(): void {
  // at the window: after every listener that sends a form in its own way
  window.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.busy) return event.preventDefault();
    form.dataset.busy = "yes";
    setTimeout(() => say(form, event.submitter), AFTER_MS);
  });
  // "Back" may show the page as it was left
  window.addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-busy]").forEach(forget));
}

function say(form: HTMLFormElement, button: HTMLElement | null): void {
  if (!form.dataset.busy) return;
  const words = el("p", { class: "fs-working", attrs: { role: "status" } });
  (button ?? form.lastElementChild ?? form).after(words);
  words.textContent = "Working …";
}

function forget(form: HTMLFormElement): void {
  delete form.dataset.busy;
  form.querySelectorAll(".fs-working").forEach((words) => words.remove());
}
