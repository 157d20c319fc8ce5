/* The key to the states' colours, with the icon and word of each. */
import { el, fill } from "../shared/dom";
import { icon } from "../shared/icons";
import { LOOKS, lookClass, lookIcon, lookWords } from "../shared/status";

export function showLegend(host: HTMLElement): void {
  fill(
    host,
    ...LOOKS.map((look) =>
      el("li", {}, el("span", { class: `fs-dot ${lookClass(look)}` }, look === "planned" ? null : icon(lookIcon(look))), lookWords(look)),
    ),
  );
}
