import { describe, expect, it } from "vitest";
import type { Day, Stop } from "./day";
import { words } from "./network";
import type { Report } from "./outbox";
import { withWaiting } from "./pending";
import { kindsFor, toldLines, visitsFor } from "./tell_office";

const stop = (job_id: number, status: string): Stop => ({ job_id, status }) as unknown as Stop;
const late = { kind: "happened", event: "technician_late", key: "k", words: "Flat tyre", minutes: 40 } as const;
const report = (more: Partial<Report> = {}): Report => ({
  id: 1, technicianId: 1, stopId: 0, jobId: 0, madeMs: Date.parse("2026-11-23T12:00:00Z"), what: late, ...more,
});
const day = {
  on: "2026-11-23", zone: "America/Santiago", stops: [],
  told: [{ kind: "road_closed", at: "2026-11-23T11:00:00Z", words: "" }],
} as unknown as Day;

describe("what can be told of a day", () => {
  it("is that a visit takes longer once one has begun, and a closed road while any is left", () => {
    expect(kindsFor({ stops: [stop(1, "planned"), stop(2, "done")] })).toEqual(["technician_late", "road_closed", "technician_ill"]);
    expect(kindsFor({ stops: [stop(1, "on_site")] })).toContain("overrun");
    expect(kindsFor({ stops: [stop(2, "done")] })).toEqual(["technician_late", "technician_ill"]);
  });

  it("is told of visits that are not over", () => {
    const stops = [stop(1, "done"), stop(2, "en_route"), stop(3, "dispatched")];
    expect(visitsFor("road_closed", { stops })?.map((one) => one.job_id)).toEqual([2, 3]);
    expect(visitsFor("overrun", { stops })?.map((one) => one.job_id)).toEqual([2]);
    expect(visitsFor("technician_ill", { stops })).toBeNull();
  });
});

describe("what was told", () => {
  it("stands there with what waits on the phone, and without what was refused", () => {
    expect(toldLines(day, [report(), report({ refused: "Over." })])).toEqual([
      "08:00: A road is closed",
      "09:00: I am late, “Flat tyre”, not sent yet",
    ]);
  });

  it("changes no visit, and has words where it is refused", () => {
    expect(withWaiting({ ...day, stops: [stop(0, "planned")] } as Day, [report()]).stops[0]?.status).toBe("planned");
    expect(words(late)).toBe("“I am late”: Flat tyre");
  });
});
