/* An outline of one ring as corners, and as the GeoJSON text that the form sends. Positions are [longitude, latitude]. */
import type { Position } from "geojson";

/** A millionth of a degree is a tenth of a metre. */
const DIGITS = 6;

/** The corners, the first not repeated at the end; null for anything but a polygon with one ring. */
export function cornersOf(text: string): Position[] | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null; // still being typed; the server says what is wrong with it
  }
  const geometry = (found as { geometry?: unknown } | null)?.geometry ?? found;
  const { type, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown };
  const ring: unknown = type === "Polygon" && Array.isArray(coordinates) && coordinates.length === 1 ? coordinates[0] : null;
  if (!Array.isArray(ring) || ring.length < 4 || !ring.every(isPosition)) return null;
  return ring.slice(0, -1);
}

export function outlineText(corners: readonly Position[]): string {
  const ring = [...corners, ...corners.slice(0, 1)].map((at) => at.map((degrees) => Number(degrees.toFixed(DIGITS))));
  return JSON.stringify({ type: "Polygon", coordinates: [ring] });
}

export const middle = (a: Position, b: Position): Position => [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2];

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length >= 2 && value.every((number) => typeof number === "number");
}
