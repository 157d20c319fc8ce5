/* A line of a draft in words: what changes, what was said to it, and what undoing it would cost. */
import type { Decision, Line, Place } from "./draft";
import { lengthWords, type SiteClock } from "./time";

const DECISIONS: Record<Decision, string> = {
  open: "not decided yet: published as proposed",
  accepted: "accepted",
  refused: "refused: stays as published",
  edited: "moved by hand",
};

export const decisionWords = (decision: Decision): string => DECISIONS[decision];

export const placeWords = (place: Place, clock: SiteClock): string => `${place.technician}, ${clock.time(place.start_at)}`;

/** "Moved from Ana Soto, 10:40 to Bruno Díaz, 11:05" */
export function changeWords(line: Line, clock: SiteClock): string {
  const { kind, from, to } = line;
  if (kind === "added" || !from) return to ? `Comes in, with ${placeWords(to, clock)}` : "Comes in";
  if (!to) return kind === "gone" ? `No longer needed; was with ${placeWords(from, clock)}` : `Left out; was with ${placeWords(from, clock)}`;
  if (from.technician_id === to.technician_id) {
    const [was, is] = [clock.time(from.start_at), clock.time(to.start_at)];
    if (was === is) return `Stays with ${placeWords(to, clock)}${line.decision === "edited" ? ", where planning leaves it" : ""}`;
    return `Moved from ${was} to ${is}`;
  }
  return `Moved from ${placeWords(from, clock)} to ${placeWords(to, clock)}`;
}

export function gainWords(line: Line): string | null {
  if (line.gain === null) return null;
  return line.gain >= 60 ? `Undoing it would cost as much as ${lengthWords(line.gain)} of travel.` : "Undoing it would cost nothing.";
}
