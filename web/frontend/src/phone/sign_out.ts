/* Ends the session on the server, and then takes the day off this phone. In this order: without a network nothing is
   half done, where a phone that looks signed out would still be somebody's. */
import { HttpError } from "../shared/http";
import { forgetDay } from "./kept_day";

/** Leads to the sign-in page; an HttpError says why somebody is still signed in. */
export async function endSession(form: HTMLFormElement): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  } catch {
    throw new HttpError(0, "You are still signed in: the server cannot be reached. Sign out when there is a network.");
  }
  if (!answer.ok) throw new HttpError(answer.status, "You are still signed in: the server did not sign you out. Reload this page and try again.");
  await forgetDay();
  location.assign(answer.url);
}
