/* Somebody who is limited to territories is offered nothing that concerns them all: planning, drafts, events, calling in. */
import { isOver, type Board } from "./board";

export function isLimited(): boolean {
  return document.querySelector("[data-limited]") !== null;
}

/** Whether plans of that day may be made and changed, by whoever looks at it. */
export function mayPlan(board: Board): boolean {
  return !isOver(board) && !isLimited();
}

/** The board without what leads to pages that are closed. */
export function asMayBeSeen(board: Board): Board {
  return isLimited() ? { ...board, draft: null, on_call: [], alerts: [] } : board;
}
