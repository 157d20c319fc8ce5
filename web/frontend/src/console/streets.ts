/* What the map is drawn on. That its streets could not be read is said until the page is loaded anew: days come and go above them. */
import type { Ground } from "../map/ground";
import { el, fill } from "../shared/dom";
import { getStreets } from "./api";

/** Tiles from the server that the installation's settings name, or else the streets of our own road graph. */
export function findGround(map: HTMLElement, problem: HTMLElement): Ground {
  const url = map.dataset["tiles"];
  if (url) return { kind: "tiles", url };
  const streets = getStreets().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    const again = el("button", { class: "btn btn-sm", attrs: { type: "button" }, on: { click: () => location.reload() } }, "Load the page again");
    fill(problem, el("span", {}, `The map has no streets. ${why}`), again);
    problem.hidden = false;
    return null;
  });
  return { kind: "streets", streets };
}
