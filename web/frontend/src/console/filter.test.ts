import { describe, expect, it } from "vitest";
import type { Board, Technician, Unassigned, Visit } from "../shared/board";
import { applyFilter, plain } from "./filter";

function visit(stopId: number, customer: string): Visit {
  return {
    type: "visit", stop_id: stopId, job_id: stopId, number: `J-${stopId}`, title: "Boiler service", customer,
    address: "Prat 1", location: [0, 0], arrive_at: "", start_at: "", end_at: "", status: "planned", pinned: false,
    priority: 0, windows: [], due_at: null, promise: null, late_s: 0, skills: [{ name: "gas", level: 1 }], service_s: 60,
  };
}

function technician(id: number, name: string, territory: string, visits: Visit[], onDuty = true): Technician {
  return {
    id, code: `T${id}`, name, initials: "", kind: "employee", territory, skills: [], home: null, absence: null, leave_at: null, home_at: null,
    shift: onDuty ? { start_at: "", end_at: "", latest_end_at: null } : null, utilization: 0, busy_share: 0, items: visits,
  };
}

const OFF = technician(1, "Ana Muñoz", "North", [], false);
const BRUNO = technician(2, "Bruno Díaz", "North", [visit(21, "Hotel Elqui"), visit(22, "Bakery")]);
const CARLA = technician(3, "Carla Vega", "South", [visit(31, "Hotel Sur")]);

const LEFT_OUT = { ...visit(9, "Hotel Norte"), territory: "North", technicians: [], remedies: [], rule: "", sentence: "" } as unknown as Unassigned;

const BOARD: Board = {
  on: "2026-11-23", seq: 0, zone: "UTC", day_start_at: "", day_end_at: "", over_at: "", now_at: "", notices: [], requests: 0, alerts: [], away: [], draft: null, on_call: [], actions: {}, plan: null, run: null, territories: [],
  technicians: [OFF, BRUNO, CARLA], unassigned: [LEFT_OUT], violations: [],
};

const names = (territory: string, text: string): string[] =>
  applyFilter(BOARD, { territory, text }).technicians.map(({ name }) => name);

describe("applyFilter", () => {
  it("shows everyone without words, whoever is on duty first", () => {
    expect(names("", "")).toEqual(["Bruno Díaz", "Carla Vega", "Ana Muñoz"]);
    expect(applyFilter(BOARD, { territory: "", text: "" }).matches).toBeNull();
  });

  it("keeps technicians and jobs of one territory", () => {
    expect(names("South", "")).toEqual(["Carla Vega"]);
    expect(applyFilter(BOARD, { territory: "South", text: "" }).unassigned).toEqual([]);
  });

  it("finds a technician without the accents", () => expect(names("", "munoz")).toEqual(["Ana Muñoz"]));

  it("finds technicians by what they visit, and says which visits", () => {
    const shown = applyFilter(BOARD, { territory: "", text: "hotel" });
    expect(shown.technicians.map(({ id }) => id)).toEqual([2, 3]);
    expect(shown.matches).toEqual(new Set([21, 31]));
    expect(shown.unassigned).toEqual([LEFT_OUT]);
  });

  it("wants every word in one visit", () => expect(names("", "hotel elqui")).toEqual(["Bruno Díaz"]));
});

describe("plain", () => {
  it("drops case and accents", () => expect(plain("Ñuñoa Élite")).toBe("nunoa elite"));
});
