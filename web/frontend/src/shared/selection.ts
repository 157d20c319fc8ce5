/* What the dispatcher has picked: one thing at a time, shown by the timeline, the map, the list and the card alike. */
import type { Board, Technician, Unassigned, Visit } from "./board";

export type Selection =
  | { kind: "visit"; stopId: number }
  | { kind: "technician"; technicianId: number }
  | { kind: "unassigned"; jobId: number };

export type Found =
  | { kind: "visit"; visit: Visit; technician: Technician }
  | { kind: "technician"; technician: Technician }
  | { kind: "unassigned"; job: Unassigned };

/** The picked thing in this board, or null when a new plan no longer holds it. */
export function findSelected(board: Board, selection: Selection | null): Found | null {
  if (!selection) return null;
  if (selection.kind === "unassigned") {
    const job = board.unassigned.find(({ job_id }) => job_id === selection.jobId);
    return job ? { kind: "unassigned", job } : null;
  }
  for (const technician of board.technicians) {
    if (selection.kind === "technician") {
      if (technician.id === selection.technicianId) return { kind: "technician", technician };
      continue;
    }
    for (const item of technician.items) {
      if (item.type === "visit" && item.stop_id === selection.stopId) return { kind: "visit", visit: item, technician };
    }
  }
  return null;
}
