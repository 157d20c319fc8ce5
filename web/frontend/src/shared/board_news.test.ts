import { describe, expect, it } from "vitest";
import type { Board, Technician } from "./board";
import { type BoardNews, withNews } from "./board_news";

const row = (id: number, name: string): Technician => ({ id, name, items: [] }) as unknown as Technician;
const KPIS = { visits: 3, assigned: 2, unassigned: 1, late: 0, travel_s: 60 };
const BOARD = { on: "2026-11-23", seq: 4, zone: "UTC", plan: { version: 2, kpis: KPIS }, technicians: [row(1, "Ana"), row(2, "Ben")], unassigned: [] } as unknown as Board;
const NEWS = { on: "2026-11-23", seq: 9, kpis: { visits: 4, unassigned: 2, late: 1 }, technicians: [row(2, "Ben, on his way")], unassigned: [{}, {}] } as unknown as BoardNews;

describe("withNews", () => {
  it("shows the rows that were touched anew, in their places", () => {
    expect(withNews(BOARD, NEWS).technicians.map(({ name }) => name)).toEqual(["Ana", "Ben, on his way"]);
  });

  it("keeps what the plan says and counts again what changes", () => {
    const { plan, seq, zone, unassigned } = withNews(BOARD, NEWS);
    expect(plan?.kpis).toEqual({ ...KPIS, visits: 4, unassigned: 2, late: 1 });
    expect([plan?.version, seq, zone, unassigned.length]).toEqual([2, 9, "UTC", 2]);
  });

  it("leaves the board that it is given as it was", () => {
    withNews(BOARD, NEWS);
    expect([BOARD.seq, BOARD.technicians[1]?.name]).toEqual([4, "Ben"]);
  });

  it("needs no plan", () => {
    expect(withNews({ ...BOARD, plan: null }, { ...NEWS, kpis: null }).plan).toBeNull();
  });
});
