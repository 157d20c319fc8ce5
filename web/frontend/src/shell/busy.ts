/** A form that takes the server some time says so, and is sent once however often its button is pressed. */
import { el } from "../shared/dom";

const AFTER_MS = 400; // what is quicker needs no word
/** Not every browser tells a page that sending was stopped: after this a form may be sent again. */
const AGAIN_MS = 60_000;

export function sayWhenBusy(): void {
  // at the window: after every listener that sends a form in its own way
  window.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.busy) return event.preventDefault();
    const sent = String(performance.now());
    form.dataset.busy = sent;
    setTimeout(() => say(form, event.submitter), AFTER_MS);
    setTimeout(() => form.dataset.busy === sent && forget(form), AGAIN_MS);
  });
  // "Back" may show the page as it was left
  window.addEventListener("pageshow", forgetAll);
  // "Stop", or a network that has gone, leaves it as it is: the form is sent no more
  (window as { navigation?: EventTarget }).navigation?.addEventListener("navigateerror", forgetAll);
}

function say(form: HTMLFormElement, button: HTMLElement | null): void {
  if (!form.dataset.busy) return;
  const words = el("p", { class: "fs-working", attrs: { role: "status" } });
  (button ?? form.lastElementChild ?? form).after(words);
  words.textContent = "Working …";
}

const forgetAll = (): void => document.querySelectorAll<HTMLFormElement>("form[data-busy]").forEach(forget);

function forget(form: HTMLFormElement): void {
  delete form.dataset.busy;
  form.querySelectorAll(".fs-working").forEach((words) => words.remove());
}
