/* Who fell ill in the middle of a day is absent for the rest of it: rows, the table and cards show it as any absence. */
import type { Board } from "./board";

/** The board with those absences; who is away all day anyway stays so. */
export function withAway(board: Board): Board {
  if (board.away.length === 0) return board;
  const away = new Map(board.away.map((one) => [one.technician_id, one]));
  const technicians = board.technicians.map((technician) => {
    const told = away.get(technician.id);
    if (!told || technician.absence) return technician;
    const to_at = technician.shift?.latest_end_at ?? technician.shift?.end_at ?? board.day_end_at;
    return { ...technician, absence: { reason: told.reason, from_at: told.from_at, to_at } };
  });
  return { ...board, technicians };
}
