/** Signing out takes the technician's day off the phone also where it begins on another page than the day's own. */
import { forgetDay } from "../phone/kept_day";

export function forgetDayAtSignOut(): void {
  document.querySelector<HTMLFormElement>('form[action="/logout"]')?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void forgetDay().finally(() => form.submit());
  });
}
