/* Says what is on this phone alone, and what the server did not take; nothing that somebody reported goes in silence. */
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import type { Report, What } from "./outbox";
import type { Ended } from "./sending";
import { TITLES } from "./tell_office";

export function showWaiting(host: HTMLElement, reports: readonly Report[], ended: Ended): void {
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
