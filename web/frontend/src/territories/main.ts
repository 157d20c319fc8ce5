/* The map of the territories: outlines, where they overlap or leave holes, and open jobs; an outline is redrawn by hand. */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import type { FeatureCollection, Geometry } from "geojson";
import { addGround, type Ground, type Streets } from "../map/ground";
import "../map/map.css";
import { byId, el } from "../shared/dom";
import { getJson } from "../shared/http";
import { OutlineEditor } from "./outline";
import "./territories.css";

type Shown = FeatureCollection<Geometry, { kind: "territory" | "overlap" | "hole" | "job"; name: string; id?: number; is_outside?: boolean }>;

const LOOKS: Record<string, L.PathOptions> = {
  territory: { color: "#2f6bdb", weight: 2, fillOpacity: 0.08 },
  overlap: { color: "#d23535", weight: 2, fillOpacity: 0.35 },
  hole: { color: "#a86a00", weight: 2, dashArray: "5 4", fillColor: "#f3b23c", fillOpacity: 0.35 },
};

const host = byId("territory-map", HTMLElement);
const map = L.map(host, { preferCanvas: true, zoomSnap: 0.25, attributionControl: false });
L.control.attribution({ prefix: false }).addAttribution("© OpenStreetMap contributors (ODbL)").addTo(map);
map.setView([0, 0], 2);

function ground(): Ground {
  const url = host.dataset["tiles"];
  return url ? { kind: "tiles", url } : { kind: "streets", streets: getJson<Streets>("/console/api/basemap").catch(problem) };
}

function problem(error: unknown): null {
  const place = byId("map-problem", HTMLElement);
  place.textContent = `The map is not complete. ${error instanceof Error ? error.message : String(error)}`;
  place.hidden = false;
  return null;
}

function show(shown: Shown): void {
  const all = L.geoJSON(shown, {
    style: (feature) => LOOKS[feature?.properties.kind as string] ?? {},
    pointToLayer: ({ properties }, at) =>
      properties.is_outside
        ? L.circleMarker(at, { radius: 7, weight: 3, color: "#d23535", fillColor: "#fff", fillOpacity: 1 })
        : L.circleMarker(at, { radius: 3, weight: 1, color: "#fff", fillColor: "#2f6bdb", fillOpacity: 0.8 }),
    onEachFeature: ({ properties }, layer) => {
      const isNamed = properties.kind === "territory";
      layer.bindTooltip(() => el("span", {}, properties.name), isNamed ? { permanent: true, direction: "center" } : { sticky: true });
    },
  }).addTo(map);
  const bounds = all.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16] });
}

/** Opening the form of a territory puts its corners on the map; closing it takes them away. */
function listen(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>("details[data-territory]")) {
    const text = details.querySelector("textarea");
    const uncornered = details.querySelector<HTMLElement>("[data-uncornered]");
    if (!text || !uncornered) throw new Error("The form of a territory has no text, or does not say what has no corners.");
    let editor: OutlineEditor | null = null;
    const follow = (): void => {
      editor?.remove();
      editor = details.open ? new OutlineEditor(map, text, uncornered) : null;
      if (details.open) host.scrollIntoView({ block: "nearest" });
    };
    details.addEventListener("toggle", follow);
    if (details.open) follow(); // what was refused comes back open
  }
}

addGround(map, ground());
void getJson<Shown>("/console/api/territories").then(show).catch(problem).then(listen); // corners are put on a map that is in place
