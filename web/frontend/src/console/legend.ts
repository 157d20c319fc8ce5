/* The key to the states' colours, with the icon and word of each, and to what a draft changes. */
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import { LOOKS, lookClass, lookIcon, lookWords } from "../shared/status";

export function showLegend(host: HTMLElement, withDraft: boolean): void {
  const changes = [["fs-dot is-changed", "Changed by the draft"], ["fs-dot is-ghost", "Where the other plan has it"]] as const;
  fill(
    host,
    ...(withDraft ? changes.map(([look, words]) => el("li", {}, el("span", { class: look }), words)) : []),
    ...LOOKS.map((look) =>
      el("li", {}, el("span", { class: `fs-dot ${lookClass(look)}` }, look === "planned" ? null : icon(lookIcon(look))), lookWords(look)),
    ),
  );
}
