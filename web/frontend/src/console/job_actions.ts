/* What the office may do with the picked job: buttons on its card, by the server's table of statuses. */
import type { Action } from "../shared/board";
import { el } from "../shared/dom";
import { HttpError, postJson } from "../shared/http";

/** Half-written reasons outlive drawing the card anew, by job. */
const reasons = new Map<number, string>();

/** Buttons, and the way to the job's own page; the board hears of what was done as it hears of everything. */
export function jobActions(jobId: number, actions: readonly Action[]): HTMLElement {
  const refusal = el("p", { class: "fs-bad", attrs: { role: "alert", hidden: true } });
  const reason = el("input", { class: "form-control form-control-sm", attrs: { type: "text", maxlength: 1000, "aria-label": "Why", placeholder: "Why", hidden: true } });
  reason.value = reasons.get(jobId) ?? "";
  reason.hidden = reason.value === "";
  reason.addEventListener("input", () => reasons.set(jobId, reason.value));
  async function act(action: Action): Promise<void> {
    refusal.hidden = true;
    if (action.needs_reason && !reason.value.trim()) {
      reason.hidden = false;
      reason.focus();
      say(`Write why, then press “${action.words}” again.`);
      return;
    }
    try {
      await postJson(`/console/api/jobs/${jobId}/status`, { status: action.to, reason: reason.value.trim() });
      reasons.delete(jobId);
      reason.value = "";
      reason.hidden = true;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      say(error.message);
    }
  }
  function say(sentence: string): void {
    refusal.textContent = sentence;
    refusal.hidden = false;
  }
  const buttons = actions.map((action) =>
    el("button", { class: "btn btn-sm", attrs: { type: "button" }, on: { click: () => void act(action) } }, action.words),
  );
  return el(
    "div",
    { class: "fs-job-actions" },
    el("div", { class: "fs-job-buttons" }, el("a", { class: "btn btn-sm btn-primary", attrs: { href: `/console/jobs/${jobId}` } }, "Open the job"), ...buttons),
    reason,
    refusal,
  );
}
