/* The corners of one outline on the map: dragged, moved by arrow keys, added and taken away. The form's text follows. */
import L from "leaflet";
import type { Position } from "geojson";
import { el } from "../shared/dom";
import { cornersOf, middle, outlineText } from "./corners";

/** How far an arrow key moves a corner on the screen. */
const STEP_PX = 4;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0], ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX],
};

export class OutlineEditor {
  private readonly layer = L.layerGroup();
  private readonly line = L.polygon([], { color: "#b0248b", weight: 3, fillOpacity: 0.1, interactive: false });
  private corners: Position[];

  /** `uncornered` says, while that is so, that what the text holds has no corners to drag. */
  constructor(private readonly map: L.Map, private readonly text: HTMLTextAreaElement, private readonly uncornered: HTMLElement) {
    this.corners = text.value.trim() === "" ? this.square() : (cornersOf(text.value) ?? []);
    text.addEventListener("input", this.read);
    this.layer.addTo(map);
    this.line.addTo(map);
    this.draw();
    const bounds = this.line.getBounds();
    if (bounds.isValid() && !map.getBounds().contains(bounds)) map.fitBounds(bounds, { padding: [40, 40] });
  }

  remove(): void {
    this.text.removeEventListener("input", this.read);
    this.layer.remove();
    this.line.remove();
  }

  /** What is typed shows on the map while it is an outline with one ring; anything else is left as it is, for the server to read. */
  private readonly read = (): void => {
    this.corners = cornersOf(this.text.value) ?? [];
    this.draw();
  };

  private draw(focused: number | null = null): void {
    this.layer.clearLayers();
    this.uncornered.hidden = this.corners.length > 0;
    this.follow();
    for (const [index, corner] of this.corners.entries()) {
      this.addCorner(index, corner, index === focused);
      this.addMiddle(index);
    }
  }

  private addCorner(index: number, [lon, lat]: Position, isFocused: boolean): void {
    const name = `Corner ${index + 1} of ${this.corners.length}`;
    const icon = L.divIcon({ className: "fs-corner", html: el("span", {}), iconSize: [18, 18] });
    const marker = L.marker([lat ?? 0, lon ?? 0], { icon, draggable: true, autoPan: true, title: name, alt: name });
    const put = (at: L.LatLng): void => {
      this.corners[index] = [at.lng, at.lat];
      this.changed();
    };
    marker.on("drag", () => put(marker.getLatLng()));
    marker.on("dragend", () => this.draw(index));
    this.layer.addLayer(marker);
    const element = marker.getElement();
    element?.setAttribute("aria-label", `${name}: arrow keys move it, Delete takes it away`);
    element?.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      if (step) {
        put(this.map.containerPointToLatLng(this.map.latLngToContainerPoint(marker.getLatLng()).add(step)));
        marker.setLatLng([this.corners[index]?.[1] ?? 0, this.corners[index]?.[0] ?? 0]);
      } else if (event.key === "Delete" && this.corners.length > 3) {
        this.corners.splice(index, 1);
        this.changed();
        this.draw(Math.min(index, this.corners.length - 1));
      } else return;
      event.preventDefault();
      event.stopPropagation(); // the map itself is moved by arrow keys, too
    });
    if (isFocused) element?.focus({ preventScroll: true });
  }

  /** A dot between two corners, which becomes one by a click. */
  private addMiddle(index: number): void {
    const next = this.corners[(index + 1) % this.corners.length];
    const here = this.corners[index];
    if (!here || !next) return;
    const at = middle(here, next);
    const name = `Add a corner after corner ${index + 1}`;
    const icon = L.divIcon({ className: "fs-corner is-middle", html: el("span", {}), iconSize: [12, 12] });
    const dot = L.marker([at[1] ?? 0, at[0] ?? 0], { icon, title: name, alt: name });
    const add = (): void => {
      this.corners.splice(index + 1, 0, at);
      this.changed();
      this.draw(index + 1);
    };
    dot.on("click", add);
    this.layer.addLayer(dot);
    const element = dot.getElement();
    element?.setAttribute("aria-label", name);
    element?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      add();
    });
  }

  private changed(): void {
    this.text.value = outlineText(this.corners);
    this.follow();
  }

  private follow(): void {
    this.line.setLatLngs(this.corners.map(([lon, lat]) => [lat ?? 0, lon ?? 0]));
  }

  /** Where a territory without an outline begins: a square in the middle of what is in view. */
  private square(): Position[] {
    const { lat, lng } = this.map.getCenter();
    const size = Math.abs(this.map.getBounds().getNorth() - lat) / 3;
    const corners = [[lng - size, lat - size], [lng + size, lat - size], [lng + size, lat + size], [lng - size, lat + size]];
    this.text.value = outlineText(corners);
    return corners;
  }
}
