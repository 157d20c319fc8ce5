/* What dispatchers must know about planning this day again: that it keeps failing, or is due. */
import type { Board } from "../shared/board";
import { el, fill } from "../shared/dom";

export function showNotices(host: HTMLElement, { notices }: Board): void {
  host.hidden = notices.length === 0;
  fill(host, ...notices.map((sentence) => el("span", {}, sentence)));
}
