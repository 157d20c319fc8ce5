import { describe, expect, it } from "vitest";
import type { Board } from "../shared/board";
import { SiteClock } from "../shared/time";
import { TimeScale, workingSpan } from "./scale";

const BERLIN = new SiteClock("Europe/Berlin");

function emptyBoard(dayStart: string, dayEnd: string): Board {
  return {
    on: "2026-03-29", zone: "Europe/Berlin", seq: 0, day_start_at: dayStart, day_end_at: dayEnd, over_at: dayEnd, now_at: dayStart, notices: [], requests: 0, alerts: [], away: [], draft: null,
    on_call: [], actions: {}, plan: null, run: null, territories: [], technicians: [], unassigned: [], violations: [],
  };
}

describe("TimeScale", () => {
  it("skips the missing hour of the 23-hour day", () => {
    const start = Date.parse("2026-03-28T23:00:00Z");
    const end = Date.parse("2026-03-29T22:00:00Z");
    const scale = new TimeScale(start, end, 60);
    expect(scale.width).toBe(23 * 60);
    expect(scale.ticks(BERLIN).slice(0, 4).map(({ label }) => label)).toEqual(["00:00", "01:00", "03:00", "04:00"]);
  });

  it("draws the hour that comes twice on the 25-hour day twice", () => {
    const start = Date.parse("2026-10-24T22:00:00Z");
    const scale = new TimeScale(start, start + 25 * 3_600_000, 60);
    expect(scale.ticks(BERLIN).slice(1, 5).map(({ label }) => label)).toEqual(["01:00", "02:00", "02:00", "03:00"]);
  });

  it("thins the labels before they touch", () => {
    const start = Date.parse("2026-11-23T06:00:00Z");
    expect(new TimeScale(start, start + 6 * 3_600_000, 20).ticks(BERLIN)).toHaveLength(2);
  });

  it("keeps real proportions", () => {
    const scale = new TimeScale(Date.parse("2026-11-23T06:00:00Z"), Date.parse("2026-11-23T16:00:00Z"), 80);
    expect(scale.x("2026-11-23T07:30:00Z")).toBe(120);
    expect(scale.length("2026-11-23T07:30:00Z", "2026-11-23T08:15:00Z")).toBe(60);
  });
});

describe("workingSpan", () => {
  it("covers shifts on whole hours with a little room", () => {
    const board = emptyBoard("2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z");
    board.technicians.push({
      id: 1, code: "T1", name: "A", initials: "A", kind: "employee", territory: null, skills: [], home: null,
      shift: { start_at: "2026-11-23T07:00:00Z", end_at: "2026-11-23T15:45:00Z", latest_end_at: null },
      absence: null, utilization: 0, busy_share: 0, leave_at: null, home_at: null, items: [],
    });
    const [from, to] = workingSpan(board);
    expect([BERLIN.time(from), BERLIN.time(to)]).toEqual(["07:00", "18:00"]);
  });

  it("shows office hours on a day without shifts", () => {
    const [from, to] = workingSpan(emptyBoard("2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"));
    expect([BERLIN.time(from), BERLIN.time(to)]).toEqual(["07:00", "19:00"]);
  });
});
