/* What a board must show anew after a few reports: the rows that they touched, and what is shown but once. */
import type { Board, Kpis, Technician, Unassigned } from "./board";

type ShownOnce = Pick<Board, "on" | "seq" | "now_at" | "notices" | "requests" | "draft" | "on_call" | "alerts" | "away" | "run" | "violations">;

export interface BoardNews extends ShownOnce {
  /** Those that may have changed while the plan stays the same; null where there is no plan. */
  kpis: (Pick<Kpis, "late"> & Partial<Kpis>) | null;
  /** There only where it may have changed. */
  unassigned?: Unassigned[];
  /** Only those on whose visits something happened. */
  technicians: Technician[];
}

/** The board as it is after that; all else is as it was read. */
export function withNews(board: Board, { kpis, technicians, ...shownOnce }: BoardNews): Board {
  const anew = new Map(technicians.map((one) => [one.id, one]));
  return {
    ...board,
    ...shownOnce,
    plan: board.plan && kpis ? { ...board.plan, kpis: { ...board.plan.kpis, ...kpis } } : board.plan,
    technicians: board.technicians.map((one) => anew.get(one.id) ?? one),
  };
}
