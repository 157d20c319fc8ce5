/* What waits for the dispatcher on this day: a draft to decide about, and why planning again fails or is due. */
import type { Board } from "../shared/board";
import { el, fill } from "../shared/dom";

export function showNotices(host: HTMLElement, board: Board): void {
  const { draft, notices } = board;
  host.hidden = !draft && notices.length === 0;
  fill(
    host,
    ...notices.map((sentence) => el("span", {}, sentence)),
    draft &&
      el(
        "a",
        { attrs: { href: `/console/draft?on=${board.on}` } },
        `Draft ${draft.version} waits for decisions: ${draft.changes} ${draft.changes === 1 ? "change" : "changes"}`,
      ),
  );
}
