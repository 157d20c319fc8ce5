/* On a narrow screen the board shows one pane at a time; what is picked comes up as a sheet over it. */
import { byId } from "../shared/dom";
import "./narrow.css";

export function makeNarrow(panes: HTMLElement): void {
  const buttons = [...byId("pane-choice", HTMLElement).querySelectorAll("button")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      panes.dataset["pane"] = button.value;
      for (const one of buttons) one.setAttribute("aria-pressed", String(one === button));
    });
  }
}
