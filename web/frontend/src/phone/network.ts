/* Says what is on this phone alone, and what the server did not take; nothing that somebody reported goes in silence. */
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import type { Day } from "./day";
import type { Report, What } from "./outbox";
import { callHref } from "./parts";
import { isStuck, visitOf, type Ended } from "./sending";
import { TITLES } from "./tell_office";

export function showWaiting(host: HTMLElement, reports: readonly Report[], ended: Ended, day: Day): void {
  const stuck = reports.filter(isStuck);
  if (ended === "stuck" && stuck.length > 0) {
    host.hidden = false;
    fill(host, icon("cloudOff"), el("div", {}, ...stuck.map((one) => el("p", {}, stuckSentence(one, reports, day))), ...callOffice(day)));
    return;
  }
  const waiting = reports.filter((one) => one.refused === undefined).length;
  const words = sentence(waiting, ended);
  host.hidden = words === null;
  fill(host, ...(words === null ? [] : [icon("cloudOff"), el("span", {}, words), ...wayOut(ended)]));
}

function sentence(waiting: number, ended: Ended): string | null {
  const kept = waiting === 1 ? "1 report is kept on this phone" : `${waiting} reports are kept on this phone`;
  if (ended === "no network") return waiting > 0 ? `No network. ${kept} and sent later.` : "No network. What you see may be old.";
  if (ended === "server trouble") {
    const trouble = "The office's server is in trouble, which it has to mend.";
    return `${trouble} ${waiting > 0 ? `${kept} and sent later.` : "What you see may be old."}`;
  }
  if (ended === "signed out") {
    return `You are signed out. ${waiting > 0 ? `${kept} and sent when you have signed in.` : "What you see may be old."}`;
  }
  if (ended === "shut out") {
    return `Your account may not read or send this now. ${waiting > 0 ? `${kept} and sent when it may.` : "What you see may be old."}`;
  }
  if (waiting === 0) return null;
  if (ended === "old page") return `${kept}. Reload this page to send.`;
  return `${kept} and being sent.`;
}

/** Which report the server fails at, and what waits behind it. */
export function stuckSentence(report: Report, reports: readonly Report[], day: Pick<Day, "stops">): string {
  const visit = day.stops.find((stop) => stop.job_id === visitOf(report));
  const where = visit ? ` at ${visit.title}, ${visit.customer}` : report.jobId > 0 ? " at a visit of another day" : "";
  const behind = reports.filter((one) => one.refused === undefined && one.id > report.id && visitOf(one) === visitOf(report)).length;
  const kept = behind === 0 ? "It is" : `It and ${behind === 1 ? "the report" : `the ${behind} reports`} that came after it there are`;
  return `The office's server fails at a report of yours: ${words(report.what)}${where}. ${kept} kept on this phone, and sent again and again. All else is sent.`;
}

function callOffice({ office_phone: number }: Day): HTMLElement[] {
  if (!number) return [el("p", {}, "Tell the office, by telephone if it matters today.")]; // also of a day that was kept before it had one
  return [el("p", {}, "Tell the office: ", el("a", { attrs: { href: callHref(number) } }, `Call ${number}`))];
}

/** The page itself says why an account is shut out, or leads to what is to be set up first. */
function wayOut(ended: Ended): HTMLElement[] {
  const here = location.pathname + location.search;
  if (ended === "signed out") return [el("a", { attrs: { href: `/login?next=${encodeURIComponent(here)}` } }, "Sign in")];
  return ended === "shut out" ? [el("a", { attrs: { href: here } }, "See why")] : [];
}

/** One line each, until somebody has read it. */
export function showRefused(host: HTMLElement, reports: readonly Report[], onRead: (report: Report) => void): void {
  const refused = reports.filter((one) => one.refused !== undefined);
  host.hidden = refused.length === 0;
  const lines = refused.map((report) =>
    el(
      "div",
      { class: "fs-refused" },
      el("p", {}, el("b", {}, `Not taken: ${words(report.what)}. `), report.refused),
      el("button", { class: "fs-button", attrs: { type: "button" }, on: { click: () => onRead(report) } }, "I have read this"),
    ),
  );
  fill(host, ...lines);
}

/** What somebody reported, in the words in which they did. */
export function words(what: What): string {
  switch (what.kind) {
    case "status":
      return `“${what.to.replaceAll("_", " ")}”${what.reason ? `: ${what.reason}` : ""}`;
    case "seen":
      return "that you have seen a visit";
    case "step":
      return what.done ? "a step ticked" : "a step taken back";
    case "part":
      return `${what.used} × ${what.part} used`;
    case "missing":
      return `${what.count} × ${what.part} missing${what.words ? `: ${what.words}` : ""}`;
    case "note":
      return `the note “${what.text}”`;
    case "happened":
      return `“${TITLES[what.event]}”${what.words ? `: ${what.words}` : ""}`;
    case "photo":
      return "a photo";
  }
}
