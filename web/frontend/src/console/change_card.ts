/* In the card of a job that a draft changes: what, why, at what price, and the buttons to accept or refuse it. */
import { el } from "../shared/dom";
import type { Decision, Line } from "../shared/draft";
import { changeWords, decisionWords, gainWords } from "../shared/draft_words";
import type { SiteClock } from "../shared/time";

export type Decide = (line: Line, decision: Decision) => void;

export function changeCard(line: Line, clock: SiteClock, decide: Decide, onPlanAround: () => void): HTMLElement {
  const button = (decision: Decision, word: string): HTMLElement =>
    el(
      "button",
      {
        class: "fs-tool",
        attrs: { type: "button", "aria-pressed": String(line.decision === decision) },
        on: { click: () => decide(line, line.decision === decision ? "open" : decision) },
      },
      word,
    );
  const gain = gainWords(line);
  const isProposed = line.kind !== "gone" && line.decision !== "edited"; // to accept what was moved by hand would move it back
  return el(
    "section",
    { class: "fs-change", attrs: { "aria-label": "Change in the draft" } },
    el("p", {}, el("b", {}, changeWords(line, clock)), ". ", line.reason),
    line.together.length > 0 && el("p", {}, `Only together with ${line.together.join(", ")}.`),
    line.mark && el("p", {}, el("b", {}, line.mark)),
    gain && el("p", {}, gain),
    el(
      "div",
      { class: "fs-change-foot" },
      isProposed && button("accepted", "Accept"),
      isProposed && button("refused", "Refuse"),
      el("span", {}, decisionWords(line.decision)),
      line.decision === "edited" && button("open", "Take it back"),
      line.decision === "edited" && el("button", { class: "fs-tool", attrs: { type: "button" }, on: { click: onPlanAround } }, "Plan the rest around it"),
    ),
  );
}
