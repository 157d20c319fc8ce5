/* Moves the keyboard focus over the timeline: one stop of the Tab key, arrows inside it. */
import type { Technician } from "../shared/board";
import { visitsOf } from "../shared/board";
import { technicianKey, visitKey } from "./row";

/** The key to focus after `pressed` on `current`, or null when that keystroke is not ours. */
export function nextKey(technicians: readonly Technician[], current: string, pressed: string): string | null {
  const row = technicians.findIndex((technician) => keysOf(technician).includes(current));
  const technician = technicians[row];
  if (!technician) return null;
  const keys = keysOf(technician);
  const column = keys.indexOf(current);
  switch (pressed) {
    case "ArrowRight":
      return keys[column + 1] ?? current;
    case "ArrowLeft":
      return keys[column - 1] ?? current;
    case "Home":
      return keys[0] ?? current;
    case "End":
      return keys[keys.length - 1] ?? current;
    case "ArrowDown":
      return across(technicians, row, row + 1, current);
    case "ArrowUp":
      return across(technicians, row, row - 1, current);
    case "PageDown":
      return across(technicians, row, Math.min(row + 10, technicians.length - 1), current);
    case "PageUp":
      return across(technicians, row, Math.max(row - 10, 0), current);
    default:
      return null;
  }
}

/** The label, then the visits in order of time. */
function keysOf(technician: Technician): string[] {
  return [technicianKey(technician.id), ...visitsOf(technician).map(({ stop_id }) => visitKey(stop_id))];
}

/** The visit of another row that starts nearest in time; from label to label. */
function across(technicians: readonly Technician[], from: number, to: number, current: string): string {
  const here = technicians[from];
  const there = technicians[to];
  if (!here || !there) return current;
  const visit = visitsOf(here).find(({ stop_id }) => visitKey(stop_id) === current);
  if (!visit) return technicianKey(there.id);
  const start = Date.parse(visit.start_at);
  let best = technicianKey(there.id);
  let bestGap = Infinity;
  for (const other of visitsOf(there)) {
    const gap = Math.abs(Date.parse(other.start_at) - start);
    if (gap < bestGap) [best, bestGap] = [visitKey(other.stop_id), gap];
  }
  return best;
}
