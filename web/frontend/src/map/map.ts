/* The map: streets below, routes along them, visits and homes on top. Drawn on canvas; what is picked gets real elements. */
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import type { Feature, FeatureCollection, LineString } from "geojson";
import type { Board, Technician, Unassigned, Visit } from "../shared/board";
import { visitsOf } from "../shared/board";
import { el } from "../shared/dom";
import { findSelected, type Selection } from "../shared/selection";
import { barToken, lookOf, type Look } from "../shared/status";
import { addGround, type Ground } from "./ground";
import "./map.css";

/** `estimated_legs` counts the legs drawn straight because no way along the streets is known. */
export type Routes = FeatureCollection<LineString, { technician_id: number; name: string; estimated_legs: number }>;

/** A real element on the map; `look` is its class. */
interface Pin {
  at: readonly [number, number];
  text: string;
  look: string;
  title: string;
  select: Selection | null;
}

const OSM = "© OpenStreetMap contributors (ODbL)";
const VISIT_RADIUS = 4;

export class BoardMap {
  private readonly map: L.Map;
  private readonly routeLines = L.layerGroup();
  private readonly homes = L.layerGroup();
  private readonly dots = L.layerGroup();
  private readonly pickedRoute = L.layerGroup();
  private readonly pins = L.layerGroup();
  private drawnPins = "[]";
  private routes: Routes | null = null;
  private board: Board | null = null;
  private technicians: readonly Technician[] = [];
  private unassigned: readonly Unassigned[] = [];
  private selection: Selection | null = null;
  private fitted = "";

  constructor(host: HTMLElement, ground: Ground, private readonly onSelect: (selection: Selection) => void) {
    this.map = L.map(host, {
      renderer: L.canvas({ padding: 0.5, tolerance: 4 }),
      preferCanvas: true,
      zoomControl: false,
      zoomSnap: 0.25,
      attributionControl: false,
    });
    L.control.zoom({ position: "topright" }).addTo(this.map);
    L.control.attribution({ prefix: false }).addAttribution(OSM).addTo(this.map);
    this.map.setView([0, 0], 2);
    addGround(this.map, ground);
    for (const layer of [this.routeLines, this.homes, this.dots, this.pickedRoute, this.pins]) layer.addTo(this.map);
    new ResizeObserver(() => {
      this.map.invalidateSize({ pan: false });
      if (!this.fitted) this.fitOnce(); // it was out of sight until now
    }).observe(host);
  }

  /** Shows these technicians and unassigned jobs; moves the view only when it is another day or another choice of them. */
  show(board: Board, technicians: readonly Technician[], unassigned: readonly Unassigned[]): void {
    this.board = board;
    this.technicians = technicians;
    this.unassigned = unassigned;
    this.drawDots();
    this.drawRoutes();
    this.drawPicked();
    this.fitOnce();
  }

  private fitOnce(): void {
    const scope = [this.board?.on, ...this.technicians.map(({ id }) => id)].join();
    if (scope !== this.fitted && this.fitAll()) this.fitted = scope;
  }

  showRoutes(routes: Routes | null): void {
    this.routes = routes;
    this.drawRoutes();
    this.drawPicked();
  }

  /** Marks the selection; `reveal` also brings it into view, the whole route when it is another technician's. */
  select(selection: Selection | null, reveal: boolean): void {
    const before = this.chosenTechnician()?.id;
    this.selection = selection;
    this.fadeRoutes();
    this.drawPicked();
    if (reveal) this.reveal(this.chosenTechnician()?.id !== before);
  }

  private drawDots(): void {
    this.dots.clearLayers();
    this.homes.clearLayers();
    for (const technician of this.technicians) {
      if (technician.home) {
        const home = L.circleMarker([...technician.home], { radius: 3.5, weight: 1.5, color: "#46566c", fillColor: "#fff", fillOpacity: 1 });
        home.bindTooltip(() => el("span", {}, `${technician.name}, home`));
        home.on("click", () => this.onSelect({ kind: "technician", technicianId: technician.id }));
        this.homes.addLayer(home);
      }
      for (const visit of visitsOf(technician)) this.dots.addLayer(this.visitDot(visit, technician));
    }
    for (const job of this.unassigned) {
      const ring = L.circleMarker([...job.location], {
        radius: 5, weight: 2.5, color: token("--fs-late-bar"), fillColor: "#fff", fillOpacity: 1,
      });
      ring.bindTooltip(() => el("span", {}, `Unassigned: ${job.title}, ${job.customer}`));
      ring.on("click", () => this.onSelect({ kind: "unassigned", jobId: job.job_id }));
      this.dots.addLayer(ring);
    }
  }

  private visitDot(visit: Visit, technician: Technician): L.CircleMarker {
    const dot = L.circleMarker([...visit.location], {
      radius: VISIT_RADIUS, weight: 1, color: "#fff", fillColor: barColour(lookOf(visit)), fillOpacity: 1,
    });
    dot.bindTooltip(() => el("span", {}, `${visit.title}, ${visit.customer} (${technician.name})`));
    dot.on("click", () => this.onSelect({ kind: "visit", stopId: visit.stop_id }));
    return dot;
  }

  private drawRoutes(): void {
    this.routeLines.clearLayers();
    const shown = new Set(this.technicians.map(({ id }) => id));
    for (const route of this.routes?.features ?? []) {
      const id = route.properties.technician_id;
      if (!shown.has(id)) continue;
      const line = L.polyline(latLons(route), { color: "#3d5f94", weight: 1.5 });
      line.bindTooltip(() => el("span", {}, routeWords(route.properties)), { sticky: true });
      line.on("click", () => this.onSelect({ kind: "technician", technicianId: id }));
      this.routeLines.addLayer(line);
    }
    this.fadeRoutes();
  }

  /** The chosen route is drawn over the others, which step back. */
  private fadeRoutes(): void {
    const opacity = this.chosenTechnician() ? 0.2 : 0.5;
    this.routeLines.eachLayer((line) => (line as L.Polyline).setStyle({ opacity }));
  }

  /** The chosen route with its stops numbered, and a ring around the one thing that is picked. */
  private drawPicked(): void {
    const technician = this.chosenTechnician();
    this.pickedRoute.clearLayers();
    const route = technician && this.routes?.features.find(({ properties }) => properties.technician_id === technician.id);
    if (route) {
      this.pickedRoute.addLayer(L.polyline(latLons(route), { color: "#fff", weight: 7, opacity: 0.9, interactive: false }));
      this.pickedRoute.addLayer(L.polyline(latLons(route), { color: token("--fs-accent"), weight: 3.5, interactive: false }));
    }
    this.drawPins(technician ? this.pinsOf(technician) : [], findUnassigned(this.board, this.selection));
  }

  private pinsOf(technician: Technician): Pin[] {
    const selection = this.selection;
    const stops = visitsOf(technician).map((visit, index): Pin => ({
      at: visit.location,
      text: `${index + 1}`,
      look: selection?.kind === "visit" && selection.stopId === visit.stop_id ? "fs-pin is-current" : "fs-pin",
      title: `${index + 1}. ${visit.title}, ${visit.customer}`,
      select: { kind: "visit", stopId: visit.stop_id },
    }));
    if (!technician.home) return stops;
    return [{ at: technician.home, text: technician.initials, look: "fs-pin is-home", title: technician.name, select: null }, ...stops];
  }

  /** Pins that are there already stay: whoever presses one at the moment in which the routes arrive still picks it. */
  private drawPins(ofTechnician: readonly Pin[], unassigned: Unassigned | null): void {
    const pins = [...ofTechnician];
    if (unassigned) pins.push({ at: unassigned.location, text: "!", look: "fs-pin is-unassigned", title: unassigned.title, select: null });
    const drawn = JSON.stringify(pins);
    if (drawn === this.drawnPins) return;
    this.drawnPins = drawn;
    this.pins.clearLayers();
    for (const { at, text, look, title, select } of pins) {
      const icon = L.divIcon({ className: look, html: el("span", {}, text), iconSize: [22, 22] });
      const pin = L.marker([...at], { icon, title, keyboard: false, zIndexOffset: look.includes("current") ? 500 : 0 });
      if (select) pin.on("click", () => this.onSelect(select));
      this.pins.addLayer(pin);
    }
  }

  private chosenTechnician(): Technician | null {
    const found = this.board && findSelected(this.board, this.selection);
    return found && found.kind !== "unassigned" ? found.technician : null;
  }

  private reveal(isOtherTechnician: boolean): void {
    const found = this.board && findSelected(this.board, this.selection);
    if (!found) return;
    this.map.invalidateSize({ pan: false }); // the card may have taken some of the map's height just now
    if (found.kind === "technician" || (found.kind === "visit" && isOtherTechnician)) {
      this.fit(placesOf(found.technician));
      return;
    }
    const place = found.kind === "visit" ? found.visit.location : found.job.location;
    if (!this.map.getBounds().pad(-0.1).contains([...place])) this.map.panTo([...place]);
  }

  private fitAll(): boolean {
    return this.fit([...this.technicians.flatMap(placesOf), ...this.unassigned.map(({ location }) => location)]);
  }

  private fit(places: readonly (readonly [number, number])[]): boolean {
    if (places.length === 0 || this.map.getSize().x === 0) return false;
    const bounds = L.latLngBounds(places.map(([lat, lon]) => [lat, lon]));
    // Room for half a pin all around, and for the zoom buttons on the right: below them no pin can be clicked.
    this.map.fitBounds(bounds, { paddingTopLeft: [22, 22], paddingBottomRight: [58, 22], maxZoom: 15 });
    return true;
  }
}

function findUnassigned(board: Board | null, selection: Selection | null): Unassigned | null {
  const found = board && findSelected(board, selection);
  return found?.kind === "unassigned" ? found.job : null;
}

function placesOf(technician: Technician): (readonly [number, number])[] {
  const stops = visitsOf(technician).map(({ location }) => location);
  return technician.home ? [technician.home, ...stops] : stops;
}

function routeWords({ name, estimated_legs }: Routes["features"][number]["properties"]): string {
  if (estimated_legs === 0) return name;
  return `${name} (${estimated_legs} ${estimated_legs === 1 ? "leg" : "legs"} drawn straight: no way is known)`;
}

function latLons(route: Feature<LineString>): [number, number][] {
  return route.geometry.coordinates.map(([lon, lat]) => [lat ?? 0, lon ?? 0]);
}

/** Canvas can't read CSS variables, so the map asks for the value behind the token. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const barColour = (look: Look): string => token(barToken(look));
