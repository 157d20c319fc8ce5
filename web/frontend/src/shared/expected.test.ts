import { expect, test } from "vitest";
import type { Board, Visit } from "./board";
import { expectedWords, withExpected } from "./expected";
import { SiteClock } from "./time";

const visit = (stop_id: number, status: Visit["status"]): Visit =>
  ({ type: "visit", stop_id, status, start_at: "2026-11-23T13:05:00Z", end_at: "2026-11-23T14:00:00Z" }) as Visit;

const board = (now_at: string): Board =>
  ({
    plan: {}, now_at, day_start_at: "2026-11-23T03:00:00Z", over_at: "2026-11-24T03:00:00Z",
    technicians: [{ id: 1, items: [visit(1, "planned"), visit(2, "on_site")] }, { id: 2, items: [visit(3, "en_route")] }],
  }) as unknown as Board;

const LATE = { 1: "2026-11-23T13:40:00Z", 2: "2026-11-23T13:40:00Z", 3: "2026-11-23T13:09:00Z" };
const expectedOn = (shown: Board) => shown.technicians.flatMap(({ items }) => items.map((item) => (item as Visit).expected_at));

test("what waits says when it is expected; what has begun since, and what is in time, says nothing", () => {
  const today = board("2026-11-23T13:00:00Z");
  const shown = withExpected(today, LATE);
  expect(expectedOn(shown)).toEqual(["2026-11-23T13:40:00Z", undefined, undefined]);
  expect(shown.technicians[1]).toBe(today.technicians[1]);
});

test("nothing is expected of a day that has not begun, or is over", () => {
  for (const now_at of ["2026-11-23T02:59:00Z", "2026-11-24T03:00:00Z"]) expect(expectedOn(withExpected(board(now_at), LATE))).toEqual([undefined, undefined, undefined]);
});

test("it is said with how much later that is than planned", () => {
  const late = { ...visit(1, "planned"), expected_at: "2026-11-23T13:40:00Z" };
  expect(expectedWords(late, new SiteClock("America/Santiago"))).toBe("10:40, 35 min later than planned");
  expect(expectedWords(visit(1, "planned"), new SiteClock("America/Santiago"))).toBeNull();
});
