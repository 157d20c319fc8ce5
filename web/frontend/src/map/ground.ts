/* What lies under the routes: tiles when the installation names a server of them, else our own streets. */
import L from "leaflet";
import type { FeatureCollection, LineString, MultiLineString } from "geojson";

export type Streets = FeatureCollection<LineString | MultiLineString, { class?: string }>;

export type Ground = { kind: "tiles"; url: string } | { kind: "streets"; streets: Promise<Streets | null> };

interface Stroke {
  color: string;
  weight: number;
  /** Narrower streets appear only from this zoom on. */
  fromZoom: number;
}

const STROKES: Record<string, Stroke> = {
  motorway: { color: "#efc264", weight: 4, fromZoom: 0 },
  trunk: { color: "#efc264", weight: 3.5, fromZoom: 0 },
  primary: { color: "#f4d68f", weight: 3, fromZoom: 0 },
  secondary: { color: "#ffffff", weight: 2.5, fromZoom: 0 },
  tertiary: { color: "#ffffff", weight: 1.8, fromZoom: 0 },
};
const SMALL: Stroke = { color: "#ffffff", weight: 1, fromZoom: 13 };

export function addGround(map: L.Map, ground: Ground): void {
  if (ground.kind === "tiles") {
    L.tileLayer(ground.url, { maxZoom: 19 }).addTo(map);
    return;
  }
  const pane = map.createPane("ground");
  pane.style.zIndex = "200";
  pane.style.pointerEvents = "none";
  const renderer = L.canvas({ pane: "ground", padding: 0.5 });
  void ground.streets.then((streets) => {
    if (streets) addStreets(map, streets, renderer);
  });
}

/** One layer per road class, in the order given (small ones first, so that main roads are drawn over them). */
function addStreets(map: L.Map, streets: Streets, renderer: L.Canvas): void {
  const layers = streets.features.map((feature) => {
    const stroke = STROKES[feature.properties.class ?? ""] ?? SMALL;
    const style = { color: stroke.color, weight: stroke.weight };
    return { stroke, layer: L.geoJSON(feature, { style, interactive: false, renderer } as L.GeoJSONOptions) };
  });
  const refresh = (): void => {
    for (const { stroke, layer } of layers) {
      if (map.getZoom() >= stroke.fromZoom) layer.addTo(map);
      else layer.remove();
    }
  };
  map.on("zoomend", refresh);
  refresh();
}
