/* What dispatchers must know beside the day: that planning it again keeps failing, or is due; and who waits for an answer. */
import type { Board } from "../shared/board";
import { el, fill } from "../shared/dom";

export function showNotices(host: HTMLElement, { notices }: Board): void {
  host.hidden = notices.length === 0;
  fill(host, ...notices.map((sentence) => el("span", {}, sentence)));
}

/** The template has said it as of when the page was made. */
export function showRequests(host: HTMLElement, { requests }: Board): void {
  host.hidden = requests === 0;
  const words = requests === 0 ? "" : `${requests} ${requests === 1 ? "customer waits" : "customers wait"} for an answer`;
  const link = host.querySelector("a");
  if (link && link.textContent !== words) link.textContent = words;
}
