import { describe, expect, it } from "vitest";
import type { Technician, Visit } from "../shared/board";
import { nextKey } from "./focus";

function technician(id: number, hours: Record<number, number>): Technician {
  const items = Object.entries(hours).map(
    ([stopId, hour]) => ({ type: "visit", stop_id: Number(stopId), start_at: `2026-11-23T${String(hour).padStart(2, "0")}:00:00Z` }) as Visit,
  );
  return { id, items } as unknown as Technician;
}

const ROWS = [technician(1, { 11: 8, 12: 12 }), technician(2, {}), technician(3, { 31: 9, 32: 13 })];

describe("nextKey", () => {
  it("goes along a row, from the label on, and stops at both ends", () => {
    expect(nextKey(ROWS, "t1", "ArrowRight")).toBe("v11");
    expect(nextKey(ROWS, "v11", "ArrowRight")).toBe("v12");
    expect(nextKey(ROWS, "v12", "ArrowRight")).toBe("v12");
    expect(nextKey(ROWS, "t1", "ArrowLeft")).toBe("t1");
  });

  it("jumps to the ends of a row", () => {
    expect(nextKey(ROWS, "v11", "End")).toBe("v12");
    expect(nextKey(ROWS, "v12", "Home")).toBe("t1");
  });

  it("goes down to the visit nearest in time, or to the label of an empty row", () => {
    expect(nextKey(ROWS, "v12", "ArrowDown")).toBe("t2");
    expect(nextKey(ROWS, "v12", "PageDown")).toBe("v32");
    expect(nextKey(ROWS, "v31", "PageUp")).toBe("v11");
    expect(nextKey(ROWS, "t2", "ArrowDown")).toBe("t3");
  });

  it("stays at the first and the last row", () => {
    expect(nextKey(ROWS, "v11", "ArrowUp")).toBe("v11");
    expect(nextKey(ROWS, "v31", "ArrowDown")).toBe("v31");
  });

  it("leaves other keystrokes and unknown places alone", () => {
    expect(nextKey(ROWS, "v11", "a")).toBeNull();
    expect(nextKey(ROWS, "v99", "ArrowUp")).toBeNull();
  });
});
