import { describe, expect, it } from "vitest";

import { withAway } from "./away";
import type { Board, Technician } from "./board";

const person = (id: number, absence: Technician["absence"] = null): Technician =>
  ({ id, absence, shift: { start_at: "2026-11-23T08:00:00Z", end_at: "2026-11-23T16:00:00Z", latest_end_at: "2026-11-23T17:00:00Z" } }) as Technician;

const LEAVE = { reason: "Annual leave", from_at: "2026-11-23T00:00:00Z", to_at: "2026-11-24T00:00:00Z" };
const FROM_TEN = { from_at: "2026-11-23T10:00:00Z", reason: "Ill" };
const BOARD = {
  technicians: [person(1), person(2), person(3, LEAVE)],
  away: [{ technician_id: 2, ...FROM_TEN }, { technician_id: 3, ...FROM_TEN }],
} as unknown as Board;

describe("withAway", () => {
  it("marks who fell ill as absent until their shift must end, and nobody else", () => {
    const [well, ill, onLeave] = withAway(BOARD).technicians;
    expect(well?.absence).toBeNull();
    expect(ill?.absence).toEqual({ reason: "Ill", from_at: "2026-11-23T10:00:00Z", to_at: "2026-11-23T17:00:00Z" });
    expect(onLeave?.absence).toEqual(LEAVE);
  });
});
