/** Signing out on another page than the phone's own takes the day off the phone too, and leaves no report of it behind. */
import { Outbox } from "../phone/outbox";
import { endSession } from "../phone/sign_out";
import { el } from "../shared/dom";
import { HttpError } from "../shared/http";

export function signOutWithCare(): void {
  document.querySelector<HTMLFormElement>('form[action="/logout"]')?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    void signOut(form).then((isOut) => isOut || delete form.dataset.busy);
  });
}

/** Whether it came to that; otherwise the page says why not. */
async function signOut(form: HTMLFormElement): Promise<boolean> {
  const waiting = await countWaiting(form.dataset.technician);
  if (waiting > 0) {
    const said = waiting === 1 ? "1 of your reports is on this phone alone. Sign out when it is sent." : `${waiting} of your reports are on this phone alone. Sign out when they are sent.`;
    refuse(said, el("a", { attrs: { href: "/phone" } }, "Send from the page of your day"));
    return false;
  }
  try {
    await endSession(form);
    return true;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    refuse(error.message);
    return false;
  }
}

/** Only technicians have reports; a browser in which nothing can be kept has none. */
async function countWaiting(technicianId: string | undefined): Promise<number> {
  if (technicianId === undefined) return 0;
  try {
    const kept = await (await Outbox.open()).list(Number(technicianId));
    return kept.filter((one) => one.refused === undefined).length;
  } catch (error) {
    console.info(error);
    return 0;
  }
}

function refuse(sentence: string, ...more: Node[]): void {
  document.getElementById("not-signed-out")?.remove();
  const words = el("div", { class: "fs-refused", attrs: { id: "not-signed-out", role: "alert" } }, el("p", {}, `${sentence} `, ...more));
  document.querySelector("main")?.prepend(words);
  words.scrollIntoView({ block: "nearest" });
}
